package dev.sojourn.servers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;

/**
 * The commands that a Redis server ran while it was monitored.
 *
 * @param byClients the commands that clients sent, in order, by name in lower case
 * @param byScripts the commands that scripts called, in order, by name in lower case
 */
public record RedisCommands(List<String> byClients, List<String> byScripts) {

    /**
     * Creates an instance with copies of the lists.
     *
     * @param byClients the commands that clients sent
     * @param byScripts the commands that scripts called
     */
    public RedisCommands {
        byClients = List.copyOf(byClients);
        byScripts = List.copyOf(byScripts);
    }

    static RedisCommands during(Runnable action, Resp monitor, RedisServer server) throws IOException {
        monitor.call("MONITOR");
        action.run();
        String mark = UUID.randomUUID().toString();
        server.command("PING", mark);
        List<String> clients = new ArrayList<>();
        List<String> scripts = new ArrayList<>();
        for (String line = next(monitor); !line.contains(mark); line = next(monitor)) {
            // 1339518083.107412 [0 127.0.0.1:60866] "get" "key", or [0 lua]
            int source = line.indexOf("] \"");
            String name = line.substring(source + 3, line.indexOf('"', source + 3));
            (line.substring(0, source).endsWith(" lua") ? scripts : clients).add(name.toLowerCase(Locale.ROOT));
        }
        return new RedisCommands(clients, scripts);
    }

    private static String next(Resp monitor) throws IOException {
        return Objects.toString(monitor.read());
    }
}
