package dev.sojourn.engine;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs in a JVM of its own, whose names all stand for 10.0.0.1 in a hosts file: whatever is looked up is trusted then,
 * and is printed.
 */
final class LookupProbe {
    private LookupProbe() {}

    /** The file of names is the argument and the hosts file. */
    public static void main(String[] arguments) throws Exception {
        System.out.println("control: " + resolves("proxy.example"));
        TrustedProxies proxies = new TrustedProxies(List.of("10.0.0.1"));
        for (String line : Files.readAllLines(Path.of(arguments[0]), StandardCharsets.UTF_8)) {
            String name = line.substring(line.indexOf(' ') + 1);
            if (proxies.secure(PlainExchange.from(name, "X-Forwarded-Proto", "https"))) {
                System.out.println("looked up: " + name);
            }
            if (configures(name)) {
                System.out.println("configured: " + name);
            }
        }
    }

    private static boolean resolves(String name) {
        try {
            return InetAddress.getByName(name).getHostAddress().equals("10.0.0.1");
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static boolean configures(String name) {
        try {
            return new TrustedProxies(List.of(name))
                    .secure(PlainExchange.from("10.0.0.1", "X-Forwarded-Proto", "https"));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
