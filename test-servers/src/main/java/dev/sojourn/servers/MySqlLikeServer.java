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

/** A server that speaks MySQL's protocol, with one database and one user who may do everything. */
abstract class MySqlLikeServer extends LocalServer {
    static final String USER = "sojourn";
    static final String PASSWORD = "not-a-secret";
    static final String DATABASE = "test";

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int HEADER = 4;
    private static final int PROTOCOL = 10;

    MySqlLikeServer(String name) {
        super(name);
    }

    /** Returns the command line that every run of the program has in common. */
    final List<String> command(Path program, String... options) {
        List<String> words = new ArrayList<>(List.of(program.toString(), "--no-defaults", "--datadir=" + data));
        words.addAll(List.of(options));
        if (Spawner.isRoot()) {
            words.add("--user=root");
        }
        return words;
    }

    /** Starts the server, which makes the database and the user by itself. */
    final void serve(List<String> command, List<String> options) {
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
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of(
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--socket=" + folder.resolve("s.sock"),
                "--pid-file=" + folder.resolve("pid"),
                "--init-file=" + statements,
                "--skip-name-resolve",
                "--innodb-buffer-pool-size=64M"));
        words.addAll(options);
        launch(Spawner.bound(words));
    }

    /**
     * Returns a user who may do everything.
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
     * Returns what is on disk now, tables and logs of changes, to look for what must not be there.
     *
     * @return the bytes of all files
     */
    public final byte[] dump() {
        return Folders.bytes(data);
    }

    /** Whether it greets a new client, and not with an error. */
    @Override
    final boolean answers() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) PATIENCE.toMillis());
            byte[] greeting = socket.getInputStream().readNBytes(HEADER + 1);
            return greeting.length == HEADER + 1 && greeting[HEADER] == PROTOCOL;
        } catch (IOException e) {
            return false;
        }
    }
}
