package dev.sojourn.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One Redis on a free port of 127.0.0.1, with its data in a folder of its own that goes when it is closed. Safe for use by
 * any thread; every method blocks until the server has done it. Both binaries speak TLS and know ACLs: extra arguments are
 * options of {@code redis-server}.
 */
public final class RedisServer extends LocalServer {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<String> credentials;
    private final @Nullable TlsFiles tls;
    private final int tlsPort;

    private RedisServer(Path binary, Map<String, String> options, @Nullable TlsFiles tls, List<String> extraArgs) {
        super("Redis");
        this.tls = tls;
        tlsPort = tls == null ? 0 : Ports.free();
        int password = extraArgs.indexOf("--requirepass");
        credentials = password < 0 ? List.of() : List.of("AUTH", extraArgs.get(password + 1));
        launch(Spawner.bound(commandOf(binary, options, extraArgs)));
    }

    /**
     * Starts Redis 7.0.15, which keeps nothing over a restart.
     *
     * @param extraArgs more options, each word for itself: {@code "--maxmemory", "10mb"}
     * @return the server, which answers
     * @throws ServerException when it does not start
     */
    public static RedisServer start7(String... extraArgs) {
        return startFrom(Binaries.redis7(), extraArgs);
    }

    /**
     * Starts Redis 6.2.11, the oldest line that Sojourn works with; it keeps nothing over a restart.
     *
     * @param extraArgs more options, each word for itself
     * @return the server, which answers
     * @throws ServerException when it does not start
     */
    public static RedisServer start62(String... extraArgs) {
        return startFrom(Binaries.redis62(), extraArgs);
    }

    /**
     * Starts Redis 7.0.15, so that every acknowledged write is on disk: an append-only file, synced each time.
     *
     * @param extraArgs more options, each word for itself
     * @return the server, which answers
     * @throws ServerException when it does not start
     */
    public static RedisServer durable(String... extraArgs) {
        return start(Binaries.redis7(), Map.of("--appendonly", "yes", "--appendfsync", "always"), extraArgs);
    }

    /**
     * Starts another Redis or Valkey.
     *
     * @param binary the program, for example an installed {@code /usr/bin/redis-server}
     * @param extraArgs more options, each word for itself
     * @return the server, which answers
     * @throws ServerException when it does not start
     */
    public static RedisServer startFrom(Path binary, String... extraArgs) {
        return start(binary, Map.of(), extraArgs);
    }

    static RedisServer start(Path binary, Map<String, String> options, String... extraArgs) {
        return new RedisServer(binary, options, null, List.of(extraArgs));
    }

    /**
     * Starts Redis 7.0.15 that listens on a second port, with TLS, under a certificate of its own for 127.0.0.1 and
     * localhost. It wants no certificate from clients.
     *
     * @param extraArgs more options, each word for itself
     * @return the server, which answers
     * @throws ServerException when it does not start
     */
    public static RedisServer startTls(String... extraArgs) {
        return new RedisServer(Binaries.redis7(), Map.of(), TlsFiles.create(), List.of(extraArgs));
    }

    /**
     * Returns the address as clients take it.
     *
     * @return redis://127.0.0.1:PORT, without credentials
     */
    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /**
     * Returns the address with TLS.
     *
     * @return rediss://127.0.0.1:PORT
     * @throws IllegalStateException when it was not started with TLS
     */
    public String tlsUri() {
        certificate();
        return "rediss://127.0.0.1:" + tlsPort;
    }

    /**
     * Returns what a client must trust.
     *
     * @return a file with the server's certificate, in PEM
     * @throws IllegalStateException when it was not started with TLS
     */
    public Path certificate() {
        if (tls == null) {
            throw new IllegalStateException("started without TLS");
        }
        return tls.certificate();
    }

    /**
     * Sends one command on a connection of its own.
     *
     * @param words the command; bytes are characters in ISO 8859-1
     * @return a String, a Long, a List of these, or null
     * @throws ServerException when the server refuses it or does not answer within 10 seconds
     */
    public @Nullable Object command(String... words) {
        try (Resp connection = connect()) {
            return connection.call(words);
        } catch (IOException e) {
            throw new ServerException("Redis does not answer " + words[0] + log(), e);
        }
    }

    /**
     * Asks for INFO.
     *
     * @return all sections as the server writes them
     */
    public String info() {
        return text("INFO", "all");
    }

    /**
     * Finds one field of INFO.
     *
     * @param field its name, for example {@code used_memory}
     * @return its value
     * @throws ServerException when there is no such field
     */
    public String info(String field) {
        return info().lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1))
                .findFirst()
                .orElseThrow(() -> new ServerException("no field " + field + " in INFO"));
    }

    /**
     * Says how often a command ran since the start or {@link #resetStats()}, also within scripts.
     *
     * @param command its name in small letters, a subcommand as {@code script|load}
     * @return how often
     */
    public long calls(String command) {
        return calls().getOrDefault(command, 0L);
    }

    /**
     * Says how often each command ran since the start or {@link #resetStats()}, also within scripts, without what this class
     * itself asks.
     *
     * @return the count by the command's name in small letters, as in {@code INFO commandstats}
     */
    public Map<String, Long> calls() {
        Map<String, Long> calls = new LinkedHashMap<>();
        text("INFO", "commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_"))
                .forEach(line -> calls.put(
                        line.substring("cmdstat_".length(), line.indexOf(':')),
                        Long.valueOf(line.substring(line.indexOf("calls=") + 6, line.indexOf(',')))));
        calls.keySet().removeAll(List.of("info", "config|resetstat", "config"));
        return calls;
    }

    /**
     * Returns the memory that data and connections take.
     *
     * @return {@code used_memory} in bytes
     */
    public long usedMemory() {
        return Long.parseLong(info("used_memory"));
    }

    /**
     * Watches which commands the server runs meanwhile (MONITOR): what clients sent, apart from what scripts called. What all
     * clients do meanwhile is in it; AUTH and administration are not.
     *
     * @param action what is to be watched
     * @return the commands
     */
    public RedisCommands commandsDuring(Runnable action) {
        try (Resp monitor = connect()) {
            return RedisCommands.during(action, monitor, this);
        } catch (IOException e) {
            throw new ServerException("Redis lets itself not be watched" + log(), e);
        }
    }

    /** Sets all counters back to zero. */
    public void resetStats() {
        command("CONFIG", "RESETSTAT");
    }

    /**
     * Saves all data and returns what is on disk, uncompressed, to look for what must not be there.
     *
     * @return the bytes of the snapshot and of append-only files
     */
    public byte[] dump() {
        command("SAVE");
        byte[] all = Folders.bytes(data);
        try {
            // a server that keeps nothing must not find it at its next start
            Files.deleteIfExists(data.resolve("dump.rdb"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /**
     * Returns what is on disk now: append-only files, where it was started with them.
     *
     * @return the bytes of all files
     */
    public byte[] files() {
        return Folders.bytes(data);
    }

    String text(String... words) {
        return Objects.toString(command(words), "");
    }

    /** Whether it says PONG within a moment. */
    @Override
    boolean answers() {
        try (Resp connection = connect()) {
            return "PONG".equals(connection.call("PING"));
        } catch (IOException | ServerException e) {
            return false;
        }
    }

    private Resp connect() throws IOException {
        Resp connection = Resp.connect(port, PATIENCE);
        if (!credentials.isEmpty()) {
            connection.call(credentials.toArray(String[]::new));
        }
        return connection;
    }

    private List<String> commandOf(Path binary, Map<String, String> options, List<String> extraArgs) {
        // uncompressed: dump() must show every byte
        List<String> words = new ArrayList<>(List.of(
                binary.toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                data.toString(),
                "--save",
                "",
                "--rdbcompression",
                "no"));
        if (tls != null) {
            words.addAll(List.of("--tls-port", Integer.toString(tlsPort), "--tls-auth-clients", "no"));
            words.addAll(List.of("--tls-cert-file", tls.certificate().toString()));
            words.addAll(List.of("--tls-key-file", tls.key().toString()));
        }
        options.forEach((name, value) -> words.addAll(List.of(name, value)));
        words.addAll(extraArgs);
        return words;
    }
}
