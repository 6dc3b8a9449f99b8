package dev.sojourn.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server that speaks the MySQL protocol, with one database and one user who has all privileges. */
abstract class MySqlLikeServer extends LocalServer {
    static final String USER = "sojourn";
    static final String PASSWORD = "not-a-secret";
    static final String DATABASE = "test";

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int HEADER = 4;
    private static final int PROTOCOL = 10;

    MySqlLikeServer(String name) {
        super(name);
    }

    /** Returns the command line that is common to every run of the program. */
    final List<String> command(Path program, String... options) {
        List<String> arguments = new ArrayList<>(List.of(program.toString(), "--no-defaults", "--datadir=" + data));
        arguments.addAll(List.of(options));
        if (Spawner.isRoot()) {
            arguments.add("--user=root");
        }
        return arguments;
    }

    /** Starts the server, which creates the database and the user from its init file. */
    final void startServer(List<String> command, List<String> options) {
        Path statements = folder.resolve("init.sql");
        try {
            Files.writeString(statements, """
                    CREATE DATABASE IF NOT EXISTS %s;
                    CREATE USER IF NOT EXISTS %s@'%%' IDENTIFIED BY '%s';
                    GRANT ALL ON *.* TO %s@'%%';
                    """.formatted(DATABASE, USER, PASSWORD, USER));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> arguments = new ArrayList<>(command);
        arguments.addAll(List.of(
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--socket=" + folder.resolve("s.sock"),
                "--pid-file=" + folder.resolve("pid"),
                "--init-file=" + statements,
                "--skip-name-resolve",
                "--innodb-buffer-pool-size=64M"));
        arguments.addAll(options);
        launch(Spawner.tieToJvm(arguments));
    }

    /**
     * Returns the name of a user who has all privileges.
     *
     * @return the name
     */
    public final String user() {
        return USER;
    }

    /**
     * Returns the password of {@link #user()}.
     *
     * @return the password
     */
    public final String password() {
        return PASSWORD;
    }

    /**
     * Returns the current contents of the disk, tables and logs, to check that they do not contain something.
     *
     * @return the bytes of all files
     */
    public final byte[] dump() {
        return Folders.readAll(data);
    }

    /** Returns whether the server greets a new client, and not with an error. */
    @Override
    final boolean acceptsClients() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) TIMEOUT.toMillis());
            byte[] greeting = socket.getInputStream().readNBytes(HEADER + 1);
            return greeting.length == HEADER + 1 && greeting[HEADER] == PROTOCOL;
        } catch (IOException e) {
            return false;
        }
    }
}
