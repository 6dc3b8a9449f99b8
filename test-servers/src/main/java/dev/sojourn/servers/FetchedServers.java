package dev.sojourn.servers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Servers that no Maven repository has: {@code .ci/servers} fetches them into {@code $SOJOURN_SERVERS}, or
 * {@code ~/.cache/sojourn-servers}.
 */
public final class FetchedServers {
    private FetchedServers() {}

    /**
     * Returns a server's program.
     *
     * @param name {@code valkey}, {@code redis8} or {@code mysql}
     * @return the program, which takes the server's own arguments; empty where it was not fetched
     */
    public static Optional<Path> find(String name) {
        String named = System.getenv("SOJOURN_SERVERS");
        Path folder =
                named != null ? Path.of(named) : Path.of(System.getProperty("user.home"), ".cache", "sojourn-servers");
        return Optional.of(folder.resolve(name).resolve("start")).filter(Files::isExecutable);
    }

    /**
     * Says why a server cannot be started here, for a test that is skipped by name.
     *
     * @param name {@code valkey}, {@code redis8} or {@code mysql}
     * @return what to do about it
     */
    public static String missing(String name) {
        return "there is no " + name + " here: fetch it with .ci/servers, on Debian";
    }

    static Path require(String name) {
        return find(name).orElseThrow(() -> new ServerException(missing(name)));
    }
}
