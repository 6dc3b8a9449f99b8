package dev.sojourn.servers;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A PostgreSQL server on a free port of 127.0.0.1. Its data is in a separate folder, which {@link #close()} removes. Clients
 * authenticate with a password (SCRAM). Safe for use by any thread; every method blocks until the server has finished.
 */
public final class PostgresServer extends LocalServer {

    private static final String V14 = "14.22";
    private static final String V18 = "18.6";
    private static final String USER = "postgres";
    private static final String PASSWORD = "not-a-secret";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int PROTOCOL = 3 << 16;

    /** For fast tests; a killed process loses nothing that it has written, only a power failure would. */
    private static final List<String> FAST = List.of("-c", "fsync=off", "-c", "full_page_writes=off");

    private static final List<String> DURABLE = List.of("-c", "fsync=on", "-c", "synchronous_commit=on");

    private final Path program;

    private PostgresServer(String version, List<String> options, List<String> extraArgs) {
        super("PostgreSQL");
        program = Binaries.postgres(version);
        initialise(version);
        List<String> words = new ArrayList<>(options);
        words.addAll(extraArgs);
        launch(command(words));
    }

    /** Creates a standby of a stopped server. */
    private PostgresServer(PostgresServer primary) {
        super("PostgreSQL");
        program = primary.program;
        ServerProcess.run("PostgreSQL copy", List.of("cp", "-a", primary.data.toString(), data.toString()), folder);
        writeDataFile("standby.signal", "");
        List<String> words = new ArrayList<>(DURABLE);
        words.addAll(List.of(
                "-c",
                "primary_conninfo=host=127.0.0.1 port=" + primary.port + " user=" + USER + " password=" + PASSWORD));
        launch(command(words));
    }

    private List<String> command(List<String> options) {
        List<String> words = new ArrayList<>(List.of(
                program.resolve("bin/postgres").toString(),
                "-D",
                data.toString(),
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-k",
                "",
                "-c",
                "max_connections=200",
                // otherwise a killed server leaves its shared memory allocated
                "-c",
                "dynamic_shared_memory_type=mmap"));
        words.addAll(options);
        return Spawner.notAsRoot(words, folder);
    }

    /**
     * Starts PostgreSQL 14.
     *
     * @param extraArgs additional options, one argument per word: {@code "-c", "timezone=Asia/Tokyo"}
     * @return the server, which accepts connections
     * @throws ServerException if it does not start
     */
    public static PostgresServer start14(String... extraArgs) {
        return new PostgresServer(V14, FAST, List.of(extraArgs));
    }

    /**
     * Starts PostgreSQL 18.
     *
     * @param extraArgs additional options, one argument per word
     * @return the server, which accepts connections
     * @throws ServerException if it does not start
     */
    public static PostgresServer start18(String... extraArgs) {
        return new PostgresServer(V18, FAST, List.of(extraArgs));
    }

    /**
     * Starts PostgreSQL 18 configured so that every acknowledged write is on disk ({@code fsync}).
     *
     * @param extraArgs additional options, one argument per word
     * @return the server, which accepts connections
     * @throws ServerException if it does not start
     */
    public static PostgresServer startDurable(String... extraArgs) {
        return new PostgresServer(V18, DURABLE, List.of(extraArgs));
    }

    /**
     * Returns the JDBC URL.
     *
     * @return jdbc:postgresql://127.0.0.1:PORT/postgres
     */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    /**
     * Returns the superuser's name.
     *
     * @return the name
     */
    public String user() {
        return USER;
    }

    /**
     * Returns the superuser's password.
     *
     * @return the password
     */
    public String password() {
        return PASSWORD;
    }

    /**
     * Returns the current contents of the disk, tables and write-ahead log, to check that they do not contain something. Values
     * of more than about two kilobytes may be compressed.
     *
     * @return the bytes of all files
     */
    public byte[] dump() {
        return Folders.readAll(data);
    }

    /** Returns the signal for a fast shutdown, as administrators use it. */
    @Override
    String stopSignal() {
        return "INT";
    }

    /** Returns the signal for an immediate shutdown; SIGKILL would leave the shared memory behind. */
    @Override
    String endSignal() {
        return "QUIT";
    }

    /**
     * Creates a standby that must confirm each commit of this server before it is acknowledged. Stops this server for a moment.
     */
    PostgresServer synchronousStandby() {
        stop();
        PostgresServer standby = new PostgresServer(this);
        writeDataFile("postgresql.auto.conf", "synchronous_standby_names = '*'\nsynchronous_commit = on\n");
        restart();
        return standby;
    }

    /** Promotes a standby to an independent server. */
    void promote() {
        ServerProcess.run(
                "PostgreSQL promotion",
                Spawner.notAsRoot(
                        List.of(program.resolve("bin/pg_ctl").toString(), "promote", "-w", "-D", data.toString()),
                        folder),
                folder);
    }

    private void writeDataFile(String name, String text) {
        try {
            Files.writeString(data.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void initialise(String version) {
        try {
            Path password = Files.writeString(folder.resolve("password"), PASSWORD);
            Files.createDirectory(data);
            Spawner.chownToNobody(data);
            ServerProcess.run(
                    "initdb for PostgreSQL " + version,
                    Spawner.notAsRoot(
                            List.of(
                                    program.resolve("bin/initdb").toString(),
                                    "-D",
                                    data.toString(),
                                    "-U",
                                    USER,
                                    "--auth=scram-sha-256",
                                    "--pwfile=" + password,
                                    "--encoding=UTF8",
                                    "--locale=C",
                                    "--no-sync",
                                    "--no-instructions"),
                            folder),
                    folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns whether the server asks a new client for a password; it sends an error while it starts or recovers. */
    @Override
    boolean acceptsClients() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) TIMEOUT.toMillis());
            byte[] parameters = ("user\0" + USER + "\0database\0postgres\0\0").getBytes(StandardCharsets.US_ASCII);
            ByteArrayOutputStream hello = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(hello);
            out.writeInt(2 * Integer.BYTES + parameters.length);
            out.writeInt(PROTOCOL);
            out.write(parameters);
            socket.getOutputStream().write(hello.toByteArray());
            return socket.getInputStream().read() == 'R';
        } catch (IOException e) {
            return false;
        }
    }
}
