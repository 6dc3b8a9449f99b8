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
 * Counts the commands that servers run during some work, as the servers report them. {@code MONITOR} distinguishes commands of
 * clients from commands inside scripts. The sum is checked against {@code INFO commandstats}, which counts both together.
 */
final class CommandCounts {
    private static final String END = "the end of this count";

    /** Commands that replicas, Cluster clients and this class send. */
    private static final Set<String> NOT_COUNTED = Set.of("monitor", "replconf", "cluster", "info", "config");

    private final List<Line> lines = new ArrayList<>();

    private CommandCounts() {}

    private record Line(BigDecimal time, String command, boolean inScript) {}

    static CommandCounts of(RedisServer server, Runnable work) {
        return of(List.of(server), work);
    }

    /** Counts the commands of several servers together. */
    static CommandCounts of(List<RedisServer> servers, Runnable work) {
        CommandCounts counts = new CommandCounts();
        counts.count(servers, work);
        counts.lines.sort(Comparator.comparing(Line::time));
        return counts;
    }

    private void count(List<RedisServer> servers, Runnable work) {
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
            count(servers.subList(1, servers.size()), work);
            int before = lines.size();
            long total = server.calls().entrySet().stream()
                    .filter(command -> !NOT_COUNTED.contains(command.getKey().replaceFirst("\\|.*", "")))
                    .mapToLong(java.util.Map.Entry::getValue)
                    .sum();
            server.command("ECHO", END);
            for (String line = in.readLine(); !line.contains(END); line = in.readLine()) {
                parse(line);
            }
            if (total != lines.size() - before) {
                throw new AssertionError("MONITOR and INFO differ: " + this + ", " + total);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the commands that clients sent, in lower case, in order. */
    List<String> byClients() {
        return lines.stream()
                .filter(line -> !line.inScript())
                .map(Line::command)
                .toList();
    }

    /** Returns the commands that scripts ran, in lower case, in order. */
    List<String> inScripts() {
        return lines.stream().filter(Line::inScript).map(Line::command).toList();
    }

    /** Parses a line such as {@code +1339518083.107412 [0 127.0.0.1:60866] "get" "x"}, or with {@code [0 lua]}. */
    private void parse(String line) {
        int begin = line.indexOf("] \"") + 3;
        if (begin < 3) {
            return;
        }
        String command = line.substring(begin, line.indexOf('"', begin)).toLowerCase(Locale.ROOT);
        if (!NOT_COUNTED.contains(command)) {
            BigDecimal time = new BigDecimal(line.substring(1, line.indexOf(' ')));
            lines.add(new Line(time, command, line.contains(" lua] ")));
        }
    }

    @Override
    public String toString() {
        return "by clients " + byClients() + ", in scripts " + inScripts();
    }
}
