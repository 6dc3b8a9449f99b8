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
 * One PostgreSQL on a free port of 127.0.0.1, with its data in a folder of its own that goes when it is closed. It wants the
 * password (SCRAM). Safe for use by any thread; every method blocks until the server has done it.
 */
public final class PostgresServer extends LocalServer {

    private static final String V14 = "14.22";
    private static final String V18 = "18.6";
    private static final String USER = "postgres";
    private static final String PASSWORD = "not-a-secret";
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int PROTOCOL = 3 << 16;

    /** Enough for tests that move fast; what a killed process has written is not lost, only a power cut would lose it. */
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

    /** A standby of a server that is stopped. */
    private PostgresServer(PostgresServer primary) {
        super("PostgreSQL");
        program = primary.program;
        ServerProcess.run("copy of PostgreSQL", List.of("cp", "-a", primary.data.toString(), data.toString()), folder);
        writeInto("standby.signal", "");
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
                // else a killed server leaves it in the system's memory
                "-c",
                "dynamic_shared_memory_type=mmap"));
        words.addAll(options);
        return Spawner.notAsRoot(words, folder);
    }

    /**
     * Starts PostgreSQL 14.
     *
     * @param extraArgs more options, each word for itself: {@code "-c", "timezone=Asia/Tokyo"}
     * @return the server, which takes connections
     * @throws ServerException when it does not start
     */
    public static PostgresServer start14(String... extraArgs) {
        return new PostgresServer(V14, FAST, List.of(extraArgs));
    }

    /**
     * Starts PostgreSQL 18.
     *
     * @param extraArgs more options, each word for itself
     * @return the server, which takes connections
     * @throws ServerException when it does not start
     */
    public static PostgresServer start18(String... extraArgs) {
        return new PostgresServer(V18, FAST, List.of(extraArgs));
    }

    /**
     * Starts PostgreSQL 18, so that every acknowledged write is on disk ({@code fsync}).
     *
     * @param extraArgs more options, each word for itself
     * @return the server, which takes connections
     * @throws ServerException when it does not start
     */
    public static PostgresServer durable(String... extraArgs) {
        return new PostgresServer(V18, DURABLE, List.of(extraArgs));
    }

    /**
     * Returns the address as JDBC takes it.
     *
     * @return jdbc:postgresql://127.0.0.1:PORT/postgres
     */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    /**
     * Returns the superuser.
     *
     * @return its name
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
     * Returns what is on disk now, tables and log of changes, to look for what must not be there. Values of more than about
     * two kilobytes may be compressed.
     *
     * @return the bytes of all files
     */
    public byte[] dump() {
        return Folders.bytes(data);
    }

    /** Fast shutdown, as administrators do it. */
    @Override
    String stopSignal() {
        return "INT";
    }

    /** A killed one would leave its shared memory behind. */
    @Override
    String endSignal() {
        return "QUIT";
    }

    /**
     * Makes a standby, from which each commit of this server then needs an answer before it is acknowledged. Stops this
     * server for a moment.
     */
    PostgresServer synchronousStandby() {
        stop();
        PostgresServer standby = new PostgresServer(this);
        writeInto("postgresql.auto.conf", "synchronous_standby_names = '*'\nsynchronous_commit = on\n");
        restart();
        return standby;
    }

    /** Makes a standby a server of its own. */
    void promote() {
        ServerProcess.run(
                "promotion of PostgreSQL",
                Spawner.notAsRoot(
                        List.of(program.resolve("bin/pg_ctl").toString(), "promote", "-w", "-D", data.toString()),
                        folder),
                folder);
    }

    private void writeInto(String name, String text) {
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
            Spawner.giveToNobody(data);
            ServerProcess.run(
                    "initdb of PostgreSQL " + version,
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

    /** Whether it asks a new client for its password; while it starts or recovers it sends an error instead. */
    @Override
    boolean answers() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) PATIENCE.toMillis());
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
