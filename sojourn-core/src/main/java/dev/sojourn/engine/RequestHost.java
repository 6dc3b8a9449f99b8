package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The host that a request was sent to, as browsers compare hosts: in lower case, without a port and without a trailing
 * dot; an IP address in one spelling.
 */
final class RequestHost {
    private static final Pattern PORT = Pattern.compile(":[0-9]*$");
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "0:0:0:0:0:0:0:1");

    private RequestHost() {}

    /** Returns the host's name; empty if the request names none, several, an address, or an invalid name. */
    static Optional<String> name(Exchange exchange) {
        return text(exchange).filter(host -> IpAddress.of(host) == null).flatMap(RequestHost::name);
    }

    private static Optional<String> name(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return NAME.matcher(name).matches() ? Optional.of(name) : Optional.empty();
    }

    /**
     * Returns whether the client is on this machine as far as its browser knows, so that it accepts a Secure cookie
     * over plain http (W3C Secure Contexts §3.1). False if there is a proxy in between: its localhost is not the
     * client's.
     */
    static boolean isLocal(Exchange exchange) {
        boolean between = exchange instanceof ProxiedExchange proxied && proxied.cameThroughProxy();
        return !between && text(exchange).filter(RequestHost::isLoopback).isPresent();
    }

    private static boolean isLoopback(String host) {
        IpAddress address = IpAddress.of(host);
        if (address != null) {
            return LOOPBACK.contains(address.toString());
        }
        return name(host)
                .filter(name -> name.equals("localhost") || name.endsWith(".localhost"))
                .isPresent();
    }

    private static Optional<String> text(Exchange exchange) {
        List<String> hosts = exchange.requestHeaders("Host");
        return hosts.size() == 1
                ? Optional.of(PORT.matcher(hosts.get(0).trim().toLowerCase(Locale.ROOT))
                        .replaceFirst(""))
                : Optional.empty();
    }
}
