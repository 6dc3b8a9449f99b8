package dev.sojourn.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A MariaDB 11.4 server on a free port of 127.0.0.1. Its data is in a separate folder, which {@link #close()} removes. Safe
 * for use by any thread; every method blocks until the server has finished.
 */
public final class MariaDbServer extends MySqlLikeServer {

    /** The operating system has what a killed process committed; only a power failure would lose it. */
    private static final List<String> FAST = List.of("--innodb-flush-log-at-trx-commit=2");

    private static final List<String> DURABLE = List.of("--innodb-flush-log-at-trx-commit=1");

    private final Path program = Binaries.mariaDb();

    private MariaDbServer(List<String> options, List<String> extraArgs) {
        super("MariaDB");
        initialise();
        List<String> more = new ArrayList<>(List.of(
                // with TLS it would generate keys at each start, which takes eight seconds
                "--skip-ssl", "--character-set-server=utf8mb4"));
        more.addAll(options);
        more.addAll(extraArgs);
        startServer(command(), more);
    }

    /**
     * Starts MariaDB.
     *
     * @param extraArgs additional options, one argument each: {@code "--default-time-zone=+09:00"}
     * @return the server, which accepts connections
     * @throws ServerException if it does not start
     */
    public static MariaDbServer start(String... extraArgs) {
        return new MariaDbServer(FAST, List.of(extraArgs));
    }

    /**
     * Starts MariaDB configured so that every acknowledged write is on disk.
     *
     * @param extraArgs additional options, one argument each
     * @return the server, which accepts connections
     * @throws ServerException if it does not start
     */
    public static MariaDbServer startDurable(String... extraArgs) {
        return new MariaDbServer(DURABLE, List.of(extraArgs));
    }

    /**
     * Returns the JDBC URL.
     *
     * @return jdbc:mariadb://127.0.0.1:PORT/test
     */
    public String jdbcUrl() {
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + DATABASE;
    }

    /** Does what mariadb-install-db does, except for the help texts; that script needs system tools. */
    private void initialise() {
        try {
            Files.createDirectory(data);
            StringBuilder script =
                    new StringBuilder("CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n");
            for (String part : List.of("system_tables", "performance_tables", "system_tables_data")) {
                script.append(
                        Files.readString(program.resolve("share/mariadb_" + part + ".sql"), StandardCharsets.UTF_8));
            }
            Path input = Files.writeString(folder.resolve("bootstrap.sql"), script);
            List<String> words = command();
            words.addAll(List.of("--bootstrap", "--innodb-flush-log-at-trx-commit=0"));
            ServerProcess.run("MariaDB bootstrap", Spawner.tieToJvm(words), folder, input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> command() {
        return command(
                program.resolve("bin/mariadbd"),
                "--lc-messages-dir=" + program.resolve("share"),
                "--character-sets-dir=" + program.resolve("share/charsets"),
                "--innodb-log-file-size=8M",
                "--log-warnings=1");
    }
}
