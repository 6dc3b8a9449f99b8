package dev.sojourn.redis;

import dev.sojourn.servers.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What servers were asked while something ran, in their own words: {@code MONITOR}, which tells commands of clients from
 * those inside of scripts, and {@code INFO commandstats} against it, which counts both together.
 */
final class RedisCounts {
    private static final String END = "the end of this count";

    /** What replicas and clients of a Cluster say on their own account, and what this class asks. */
    private static final Set<String> OF_OTHERS = Set.of("monitor", "replconf", "cluster", "info", "config");

    private final List<Line> lines = new ArrayList<>();

    private RedisCounts() {}

    private record Line(BigDecimal time, String command, boolean inScript) {}

    static RedisCounts of(RedisServer server, Runnable work) {
        return of(List.of(server), work);
    }

    /** The sum over servers. */
    static RedisCounts of(List<RedisServer> servers, Runnable work) {
        RedisCounts counts = new RedisCounts();
        counts.watch(servers, work);
        counts.lines.sort(Comparator.comparing(Line::time));
        return counts;
    }

    private void watch(List<RedisServer> servers, Runnable work) {
        if (servers.isEmpty()) {
            work.run();
            return;
        }
        RedisServer server = servers.get(0);
        try (Socket socket = new Socket(server.host(), server.port())) {
            socket.setSoTimeout(60_000);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = socket.getOutputStream();
            out.write("MONITOR\r\n".getBytes(StandardCharsets.US_ASCII));
            in.readLine();
            server.resetStats();
            watch(servers.subList(1, servers.size()), work);
            int before = lines.size();
            long total = server.calls().entrySet().stream()
                    .filter(command -> !OF_OTHERS.contains(command.getKey().replaceFirst("\\|.*", "")))
                    .mapToLong(java.util.Map.Entry::getValue)
                    .sum();
            server.command("ECHO", END);
            for (String line = in.readLine(); !line.contains(END); line = in.readLine()) {
                note(line);
            }
            if (total != lines.size() - before) {
                throw new AssertionError("MONITOR and INFO differ: " + this + ", " + total);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The commands that clients sent, in small letters, in order. */
    List<String> byClients() {
        return lines.stream()
                .filter(line -> !line.inScript())
                .map(Line::command)
                .toList();
    }

    /** The commands that scripts carried out, in small letters, in order. */
    List<String> inScripts() {
        return lines.stream().filter(Line::inScript).map(Line::command).toList();
    }

    /** A line like {@code +1339518083.107412 [0 127.0.0.1:60866] "get" "x"}, or with {@code [0 lua]}. */
    private void note(String line) {
        int begin = line.indexOf("] \"") + 3;
        if (begin < 3) {
            return;
        }
        String command = line.substring(begin, line.indexOf('"', begin)).toLowerCase(Locale.ROOT);
        if (!OF_OTHERS.contains(command)) {
            BigDecimal time = new BigDecimal(line.substring(1, line.indexOf(' ')));
            lines.add(new Line(time, command, line.contains(" lua] ")));
        }
    }

    @Override
    public String toString() {
        return "by clients " + byClients() + ", in scripts " + inScripts();
    }
}
