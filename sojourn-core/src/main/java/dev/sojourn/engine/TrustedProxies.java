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
 * Whose word counts on how the client came. Of a list of hops only what trusted proxies wrote counts: the last entry, and
 * for addresses the one before as long as the address behind it is a trusted proxy's too. Everything before may come from
 * the client.
 */
final class TrustedProxies {
    /** Proxies tell the scheme of a WebSocket's handshake as {@code wss}. */
    private static final Set<String> OVER_TLS = Set.of("https", "wss");
    /** What proxies add to a request, and browsers do not. */
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

    /** Whether the client's own connection is encrypted, as far as can be believed. */
    boolean secure(Exchange exchange) {
        return exchange.isSecure() || (trusts(exchange) && forwardedOverTls(exchange));
    }

    /** Whether a proxy stands between this server and its client: a trusted one, or one that left a header of its kind. */
    boolean areBetween(Exchange exchange) {
        return trusts(exchange)
                || PROXYS_HEADERS.stream()
                        .anyMatch(name -> !exchange.requestHeaders(name).isEmpty());
    }

    /** The client's address as trusted proxies tell it, else the peer's; of a hop that hides itself, the proxy's behind it. */
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
            String line = lines.get(lines.size() - 1);
            proto = line.substring(line.lastIndexOf(',') + 1);
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
                        "a trusted proxy is an IP address or a network such as 10.0.0.0/8, not '" + text + "'");
            }
            return new Network(address, bits);
        }

        /** With or without brackets, but neither with a zone nor with a port: those are no part of a network. */
        private static @Nullable IpAddress address(String text) {
            boolean bracketed = text.startsWith("[") && text.endsWith("]") && text.indexOf(':') > 0;
            return IpAddress.literal(bracketed ? text.substring(1, text.length() - 1) : text);
        }

        private static int bits(@Nullable String text, IpAddress address) {
            if (text == null) {
                return address.prefix(address.writtenBits());
            }
            int written = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
            return written <= address.writtenBits() ? address.prefix(written) : -1;
        }

        boolean holds(IpAddress other) {
            return address.sharesPrefix(other, bits);
        }
    }
}
