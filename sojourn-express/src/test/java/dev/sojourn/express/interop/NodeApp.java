package dev.sojourn.express.interop;

import dev.sojourn.express.SharedServers;
import dev.sojourn.servers.PostgresServer;
import dev.sojourn.tools.NodePackages;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An Express application of {@code src/test/node}, with the packages that its lock file pins. */
final class NodeApp implements AutoCloseable {
    private static final Path SOURCES = Path.of("src/test/node");

    private final Process process;
    private final int port;

    private NodeApp(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static NodeApp start() throws IOException, InterruptedException {
        return start("app.mjs");
    }

    static NodeApp start(String file) throws IOException, InterruptedException {
        Path folder = NodePackages.install(SOURCES, "express");
        ProcessBuilder node = new ProcessBuilder("node", file).directory(folder.toFile());
        PostgresServer postgres = SharedServers.postgres18();
        node.environment().put("REDIS_URL", SharedServers.redis7().uri());
        node.environment().put("PG_HOST", postgres.host());
        node.environment().put("PG_PORT", Integer.toString(postgres.port()));
        node.environment().put("PG_USER", postgres.user());
        node.environment().put("PG_PASSWORD", postgres.password());
        node.environment().put("PG_DATABASE", "postgres");
        node.environment().put("NODE_ENV", "production");
        node.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = node.start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("port ")) {
                return new NodeApp(process, Integer.parseInt(line.substring(5)));
            }
        }
        process.destroyForcibly();
        throw new IOException("the Express application did not start");
    }

    /** Creates empty tables of connect-pg-simple: one for Express alone, one shared. */
    static void renewTables() throws SQLException {
        try (Connection connection = SharedServers.pool18().getConnection();
                Statement statement = connection.createStatement()) {
            for (String schema : List.of("ref", "public")) {
                statement.execute("CREATE SCHEMA IF NOT EXISTS " + schema);
                statement.execute("DROP TABLE IF EXISTS " + schema + ".session");
                statement.execute(
                        "CREATE TABLE " + schema + ".session (sid varchar NOT NULL COLLATE \"default\" PRIMARY KEY,"
                                + " sess json NOT NULL, expire timestamp(6) NOT NULL)");
            }
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (process.waitFor(20, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
