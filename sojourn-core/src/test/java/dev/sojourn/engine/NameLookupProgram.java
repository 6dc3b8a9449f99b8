package dev.sojourn.engine;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A program for a separate JVM whose hosts file maps all names to 10.0.0.1: a name that is looked up is then trusted, and the
 * program prints it.
 */
final class NameLookupProgram {
    private NameLookupProgram() {}

    /** Takes one argument, the hosts file, which also lists the names to try. */
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
