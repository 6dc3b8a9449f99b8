package dev.sojourn.servers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds servers that are in no Maven repository: {@code .ci/servers} downloads them into {@code $SOJOURN_SERVERS}, or
 * {@code ~/.cache/sojourn-servers}.
 */
public final class FetchedServers {
    private FetchedServers() {}

    /**
     * Returns the path of a server's executable.
     *
     * @param name {@code valkey}, {@code redis8} or {@code mysql}
     * @return the executable, which accepts the server's arguments; empty if it was not downloaded
     */
    public static Optional<Path> find(String name) {
        String named = System.getenv("SOJOURN_SERVERS");
        Path folder =
                named != null ? Path.of(named) : Path.of(System.getProperty("user.home"), ".cache", "sojourn-servers");
        return Optional.of(folder.resolve(name).resolve("start")).filter(Files::isExecutable);
    }

    /**
     * Returns why a server cannot be started here, for the message of a skipped test.
     *
     * @param name {@code valkey}, {@code redis8} or {@code mysql}
     * @return the reason, with what to do about it
     */
    public static String missingReason(String name) {
        return name + " is not installed: download it with .ci/servers, on Debian";
    }

    static Path require(String name) {
        return find(name).orElseThrow(() -> new ServerException(missingReason(name)));
    }
}
