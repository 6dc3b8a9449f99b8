package dev.sojourn.servers;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A MySQL server on a free port of 127.0.0.1, if {@link FetchedServers} has one. Its data is in a separate folder, which
 * {@link #close()} removes. Safe for use by any thread; every method blocks until the server has finished.
 */
public final class MySqlServer extends MySqlLikeServer {
    private final Path program = FetchedServers.require("mysql");

    private MySqlServer() {
        super("MySQL");
        List<String> initialise = command();
        initialise.add("--initialize-insecure");
        ServerProcess.run("MySQL initialisation", Spawner.tieToJvm(initialise), folder);
        startServer(
                command(),
                List.of(
                        "--mysqlx=OFF",
                        "--innodb-flush-log-at-trx-commit=2",
                        "--performance-schema=OFF",
                        "--disable-log-bin"));
    }

    /**
     * Starts MySQL.
     *
     * @return the server, which accepts connections
     * @throws ServerException if it is not installed or does not start
     */
    public static MySqlServer start() {
        return new MySqlServer();
    }

    /**
     * Returns the JDBC URL.
     *
     * @return jdbc:mysql://127.0.0.1:PORT/test
     */
    public String jdbcUrl() {
        return "jdbc:mysql://127.0.0.1:" + port + "/" + DATABASE;
    }

    private List<String> command() {
        Path files = Objects.requireNonNull(program.getParent()).resolve("files");
        return command(
                program,
                "--basedir=" + files.resolve("usr"),
                "--lc-messages-dir=" + files.resolve("usr/share/mysql"),
                "--character-sets-dir=" + files.resolve("usr/share/mysql/charsets"),
                "--plugin-dir=" + files.resolve("usr/lib/mysql/plugin"),
                "--secure-file-priv=NULL",
                "--innodb-redo-log-capacity=8M");
    }
}
