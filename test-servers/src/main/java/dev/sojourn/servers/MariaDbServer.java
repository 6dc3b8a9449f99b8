package dev.sojourn.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One MariaDB 11.4 on a free port of 127.0.0.1, with its data in a folder of its own that goes when it is closed. Safe for
 * use by any thread; every method blocks until the server has done it.
 */
public final class MariaDbServer extends MySqlLikeServer {

    /** What a killed process has committed is with the system; only a power cut would lose it. */
    private static final List<String> FAST = List.of("--innodb-flush-log-at-trx-commit=2");

    private static final List<String> DURABLE = List.of("--innodb-flush-log-at-trx-commit=1");

    private final Path program = Binaries.mariaDb();

    private MariaDbServer(List<String> options, List<String> extraArgs) {
        super("MariaDB");
        initialise();
        List<String> more = new ArrayList<>(List.of(
                // it would make keys at each start, for eight seconds
                "--skip-ssl", "--character-set-server=utf8mb4"));
        more.addAll(options);
        more.addAll(extraArgs);
        serve(command(), more);
    }

    /**
     * Starts MariaDB.
     *
     * @param extraArgs more options, each one word: {@code "--default-time-zone=+09:00"}
     * @return the server, which takes connections
     * @throws ServerException when it does not start
     */
    public static MariaDbServer start(String... extraArgs) {
        return new MariaDbServer(FAST, List.of(extraArgs));
    }

    /**
     * Starts MariaDB, so that every acknowledged write is on disk.
     *
     * @param extraArgs more options, each one word
     * @return the server, which takes connections
     * @throws ServerException when it does not start
     */
    public static MariaDbServer durable(String... extraArgs) {
        return new MariaDbServer(DURABLE, List.of(extraArgs));
    }

    /**
     * Returns the address as JDBC takes it.
     *
     * @return jdbc:mariadb://127.0.0.1:PORT/test
     */
    public String jdbcUrl() {
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + DATABASE;
    }

    /** What mariadb-install-db does, without its help texts; that script wants tools of the system. */
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
            ServerProcess.run("bootstrap of MariaDB", Spawner.bound(words), folder, input);
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
