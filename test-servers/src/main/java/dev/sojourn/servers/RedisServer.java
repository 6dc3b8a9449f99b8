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
 * A Redis server on a free port of 127.0.0.1. Its data is in a separate folder, which {@link #close()} removes. Safe for use by
 * any thread; every method blocks until the server has finished. Both binaries support TLS and ACLs: extra arguments are
 * options of {@code redis-server}.
 */
public final class RedisServer extends LocalServer {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final List<String> credentials;
    private final @Nullable TlsFiles tls;
    private final int tlsPort;

    private RedisServer(Path binary, Map<String, String> options, @Nullable TlsFiles tls, List<String> extraArgs) {
        super("Redis");
        this.tls = tls;
        tlsPort = tls == null ? 0 : Ports.free();
        int password = extraArgs.indexOf("--requirepass");
        credentials = password < 0 ? List.of() : List.of("AUTH", extraArgs.get(password + 1));
        launch(Spawner.tieToJvm(command(binary, options, extraArgs)));
    }

    /**
     * Starts Redis 7.0.15, which loses its data on a restart.
     *
     * @param extraArgs additional options, one argument per word: {@code "--maxmemory", "10mb"}
     * @return the server, which accepts connections
     * @throws ServerException if it does not start
     */
    public static RedisServer start7(String... extraArgs) {
        return startFrom(Binaries.redis7(), extraArgs);
    }

    /**
     * Starts Redis 6.2.11, the oldest version line that Sojourn supports; it loses its data on a restart.
     *
     * @param extraArgs additional options, one argument per word
     * @return the server, which accepts connections
     * @throws ServerException if it does not start
     */
    public static RedisServer start62(String... extraArgs) {
        return startFrom(Binaries.redis62(), extraArgs);
    }

    /**
     * Starts Redis 7.0.15 configured so that every acknowledged write is on disk: an append-only file, synced at each write.
     *
     * @param extraArgs additional options, one argument per word
     * @return the server, which accepts connections
     * @throws ServerException if it does not start
     */
    public static RedisServer startDurable(String... extraArgs) {
        return start(Binaries.redis7(), Map.of("--appendonly", "yes", "--appendfsync", "always"), extraArgs);
    }

    /**
     * Starts another Redis or Valkey.
     *
     * @param binary the executable, for example an installed {@code /usr/bin/redis-server}
     * @param extraArgs additional options, one argument per word
     * @return the server, which accepts connections
     * @throws ServerException if it does not start
     */
    public static RedisServer startFrom(Path binary, String... extraArgs) {
        return start(binary, Map.of(), extraArgs);
    }

    static RedisServer start(Path binary, Map<String, String> options, String... extraArgs) {
        return new RedisServer(binary, options, null, List.of(extraArgs));
    }

    /**
     * Starts Redis 7.0.15 that listens with TLS on a second port, with a self-signed certificate for 127.0.0.1 and localhost.
     * It requires no client certificate.
     *
     * @param extraArgs additional options, one argument per word
     * @return the server, which accepts connections
     * @throws ServerException if it does not start
     */
    public static RedisServer startTls(String... extraArgs) {
        return new RedisServer(Binaries.redis7(), Map.of(), TlsFiles.create(), List.of(extraArgs));
    }

    /**
     * Returns the URI for clients.
     *
     * @return redis://127.0.0.1:PORT, without credentials
     */
    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /**
     * Returns the URI with TLS.
     *
     * @return rediss://127.0.0.1:PORT
     * @throws IllegalStateException if it was not started with TLS
     */
    public String tlsUri() {
        certificate();
        return "rediss://127.0.0.1:" + tlsPort;
    }

    /**
     * Returns the certificate that a client must trust.
     *
     * @return a file with the server's certificate, in PEM
     * @throws IllegalStateException if it was not started with TLS
     */
    public Path certificate() {
        if (tls == null) {
            throw new IllegalStateException("started without TLS");
        }
        return tls.certificate();
    }

    /**
     * Sends one command on a new connection.
     *
     * @param words the command; bytes are characters in ISO 8859-1
     * @return a String, a Long, a List of these, or null
     * @throws ServerException if the server refuses it or does not respond within 10 seconds
     */
    public @Nullable Object command(String... words) {
        try (Resp connection = connect()) {
            return connection.call(words);
        } catch (IOException e) {
            throw new ServerException("Redis does not respond to " + words[0] + log(), e);
        }
    }

    /**
     * Returns the output of INFO.
     *
     * @return all sections as the server writes them
     */
    public String info() {
        return text("INFO", "all");
    }

    /**
     * Returns one field of INFO.
     *
     * @param field its name, for example {@code used_memory}
     * @return its value
     * @throws ServerException if there is no such field
     */
    public String info(String field) {
        return info().lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1))
                .findFirst()
                .orElseThrow(() -> new ServerException("no field " + field + " in INFO"));
    }

    /**
     * Returns how often a command ran since the start or {@link #resetStats()}, also within scripts.
     *
     * @param command its name in lower case, a subcommand as {@code script|load}
     * @return the number of calls
     */
    public long calls(String command) {
        return calls().getOrDefault(command, 0L);
    }

    /**
     * Returns how often each command ran since the start or {@link #resetStats()}, also within scripts, without the commands
     * that this class sends.
     *
     * @return the count by the command's name in lower case, as in {@code INFO commandstats}
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
     * Returns the memory that data and connections use.
     *
     * @return {@code used_memory} in bytes
     */
    public long usedMemory() {
        return Long.parseLong(info("used_memory"));
    }

    /**
     * Runs an action and returns the commands that the server ran during it (MONITOR), separately for clients and scripts. The
     * result includes the commands of all clients, but not AUTH and administrative commands.
     *
     * @param action the action to run
     * @return the commands
     */
    public RedisCommands commandsDuring(Runnable action) {
        try (Resp monitor = connect()) {
            return RedisCommands.during(action, monitor, this);
        } catch (IOException e) {
            throw new ServerException("Redis cannot be monitored" + log(), e);
        }
    }

    /** Resets all counters to zero. */
    public void resetStats() {
        command("CONFIG", "RESETSTAT");
    }

    /**
     * Saves all data and returns the contents of the disk, uncompressed, to check that they do not contain something.
     *
     * @return the bytes of the snapshot and of append-only files
     */
    public byte[] dump() {
        command("SAVE");
        byte[] all = Folders.readAll(data);
        try {
            // a server that is not durable must not load it at its next start
            Files.deleteIfExists(data.resolve("dump.rdb"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /**
     * Returns the current contents of the disk: append-only files, if it was started with them.
     *
     * @return the bytes of all files
     */
    public byte[] files() {
        return Folders.readAll(data);
    }

    String text(String... words) {
        return Objects.toString(command(words), "");
    }

    /** Returns whether the server replies to PING. */
    @Override
    boolean acceptsClients() {
        try (Resp connection = connect()) {
            return "PONG".equals(connection.call("PING"));
        } catch (IOException | ServerException e) {
            return false;
        }
    }

    private Resp connect() throws IOException {
        Resp connection = Resp.connect(port, TIMEOUT);
        if (!credentials.isEmpty()) {
            connection.call(credentials.toArray(String[]::new));
        }
        return connection;
    }

    private List<String> command(Path binary, Map<String, String> options, List<String> extraArgs) {
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
