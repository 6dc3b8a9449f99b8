package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates forwarded headers of trusted proxies. In a list of hops only the entries that trusted proxies wrote are
 * used: the last one, and for addresses the one before it as long as the address after it is a trusted proxy's, too.
 * Everything before that may come from the client.
 */
final class TrustedProxies {
    /** Proxies report the scheme of a WebSocket handshake as {@code wss}. */
    private static final Set<String> OVER_TLS = Set.of("https", "wss");
    /** Headers that proxies add to a request, and browsers do not. */
    private static final List<String> PROXYS_HEADERS = List.of(
            "Forwarded",
            "X-Forwarded-For",
            "X-Forwarded-Proto",
            "X-Forwarded-Host",
            "X-Forwarded-Port",
            "X-Forwarded-Prefix",
            "X-Forwarded-Server",
            "X-Forwarded-Scheme",
            "X-Forwarded-Ssl",
            "X-Real-IP",
            "Via");

    private final List<Network> networks;

    TrustedProxies(List<String> networks) {
        this.networks = networks.stream().map(Network::of).toList();
    }

    /** Returns whether the client's own connection is encrypted, as far as trusted proxies report. */
    boolean secure(Exchange exchange) {
        return exchange.isSecure() || (trusts(exchange) && forwardedOverTls(exchange));
    }

    /**
     * Returns whether there is a proxy between this server and its client: a trusted one, or any that added one of its
     * headers.
     */
    boolean areBetween(Exchange exchange) {
        return trusts(exchange)
                || PROXYS_HEADERS.stream()
                        .anyMatch(name -> !exchange.requestHeaders(name).isEmpty());
    }

    /**
     * Returns the host and port that the client's request named, as far as trusted proxies report it.
     *
     * @return the host, unchecked; null if there is none, or several
     */
    @Nullable
    String host(Exchange exchange) {
        if (trusts(exchange)) {
            String forwarded = forwardedHost(exchange);
            if (forwarded != null) {
                return forwarded;
            }
        }
        List<String> hosts = exchange.requestHeaders("Host");
        return hosts.size() == 1 ? hosts.get(0) : null;
    }

    private static @Nullable String forwardedHost(Exchange exchange) {
        List<String> lines = exchange.requestHeaders("X-Forwarded-Host");
        if (!lines.isEmpty()) {
            return lastEntry(lines);
        }
        List<Map<String, String>> hops = ForwardedHeader.hops(exchange.requestHeaders("Forwarded"));
        return hops.isEmpty() ? null : hops.get(hops.size() - 1).get("host");
    }

    private static String lastEntry(List<String> lines) {
        String line = lines.get(lines.size() - 1);
        return line.substring(line.lastIndexOf(',') + 1).trim();
    }

    /**
     * Returns the client's address as reported by trusted proxies, otherwise the peer's; for a hop that hides its
     * address, that of the proxy after it.
     */
    String clientAddress(Exchange exchange) {
        IpAddress known = IpAddress.of(exchange.remoteAddress());
        if (known == null) {
            return exchange.remoteAddress();
        }
        List<String> hops = trusts(known) ? forwardedFor(exchange) : List.of();
        for (int i = hops.size() - 1; i >= 0 && trusts(known); i--) {
            IpAddress before = IpAddress.of(hops.get(i));
            if (before == null) {
                break;
            }
            known = before;
        }
        return known.toString();
    }

    private boolean trusts(Exchange exchange) {
        return !networks.isEmpty() && trusts(IpAddress.of(exchange.remoteAddress()));
    }

    private boolean trusts(@Nullable IpAddress address) {
        return address != null && networks.stream().anyMatch(network -> network.holds(address));
    }

    private static List<String> forwardedFor(Exchange exchange) {
        List<String> lines = exchange.requestHeaders("X-Forwarded-For");
        if (!lines.isEmpty()) {
            return lines.stream()
                    .flatMap(line -> Arrays.stream(line.split(",", -1)))
                    .toList();
        }
        return ForwardedHeader.hops(exchange.requestHeaders("Forwarded")).stream()
                .map(hop -> Objects.requireNonNullElse(hop.get("for"), ""))
                .toList();
    }

    private static boolean forwardedOverTls(Exchange exchange) {
        List<String> lines = exchange.requestHeaders("X-Forwarded-Proto");
        String proto;
        if (!lines.isEmpty()) {
            proto = lastEntry(lines);
        } else {
            List<Map<String, String>> hops = ForwardedHeader.hops(exchange.requestHeaders("Forwarded"));
            proto = hops.isEmpty() ? null : hops.get(hops.size() - 1).get("proto");
        }
        return proto != null && OVER_TLS.contains(proto.trim().toLowerCase(Locale.ROOT));
    }

    private record Network(IpAddress address, int bits) {
        static Network of(String text) {
            int slash = text.indexOf('/');
            IpAddress address = address(slash < 0 ? text : text.substring(0, slash));
            int bits = address == null ? -1 : bits(slash < 0 ? null : text.substring(slash + 1), address);
            if (address == null || bits < 0) {
                throw new IllegalArgumentException(
                        "a trusted proxy must be an IP address or a network such as 10.0.0.0/8, but was '" + text
                                + "'");
            }
            return new Network(address, bits);
        }

        /** Accepts brackets, but neither a zone nor a port: those are not part of a network. */
        private static @Nullable IpAddress address(String text) {
            boolean bracketed = text.startsWith("[") && text.endsWith("]") && text.indexOf(':') > 0;
            return IpAddress.literal(bracketed ? text.substring(1, text.length() - 1) : text);
        }

        private static int bits(@Nullable String text, IpAddress address) {
            if (text == null) {
                return address.prefix(address.textBits());
            }
            int written = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
            return written <= address.textBits() ? address.prefix(written) : -1;
        }

        boolean holds(IpAddress other) {
            return address.sharesPrefix(other, bits);
        }
    }
}
