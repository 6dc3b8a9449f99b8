package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose word counts on how the client came. Of a list of hops only the last entry counts: the trusted proxy itself wrote
 * it, while everything before it may come from the client.
 */
final class TrustedProxies {
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])";
    /** Whatever else contains a colon or looks like numbers with dots may be looked up as a name by Java. */
    private static final Pattern LITERAL =
            Pattern.compile(OCTET + "(\\." + OCTET + "){3}|(?=.*:)[0-9A-Fa-f:][0-9A-Fa-f:.]*");

    private static final Pattern FORWARDED_PROTO =
            Pattern.compile("(?:^|;)\\s*proto\\s*=\\s*([a-z]+)\\s*(?:;|$)", Pattern.CASE_INSENSITIVE);
    private static final Pattern WORD = Pattern.compile("[A-Za-z]+");

    /** Proxies tell the scheme of a WebSocket's handshake as {@code wss}. */
    private static final Set<String> OVER_TLS = Set.of("https", "wss");

    private final List<Network> networks;

    TrustedProxies(List<String> networks) {
        this.networks = networks.stream().map(TrustedProxies::network).toList();
    }

    /** Whether the client's own connection is encrypted, as far as can be believed. */
    boolean secure(Exchange exchange) {
        return exchange.isSecure() || (trusts(exchange.remoteAddress()) && forwardedOverTls(exchange));
    }

    private boolean trusts(String remoteAddress) {
        if (networks.isEmpty()) {
            return false;
        }
        byte[] address = address(bare(remoteAddress));
        return address != null && networks.stream().anyMatch(network -> network.holds(address));
    }

    /** Without the brackets that Jetty writes around an IPv6 address, and without a zone. */
    private static String bare(String address) {
        String inner = unbracketed(address);
        int zone = inner.indexOf('%');
        return zone < 0 ? inner : inner.substring(0, zone);
    }

    private static String unbracketed(String address) {
        return address.startsWith("[") && address.endsWith("]") && address.indexOf(':') > 0
                ? address.substring(1, address.length() - 1)
                : address;
    }

    private static boolean forwardedOverTls(Exchange exchange) {
        String proto = last(exchange.requestHeaders("X-Forwarded-Proto"));
        if (proto == null) {
            String hop = last(exchange.requestHeaders("Forwarded").stream()
                    .map(TrustedProxies::unquoted)
                    .toList());
            Matcher matcher = FORWARDED_PROTO.matcher(hop == null ? "" : hop);
            proto = matcher.find() ? matcher.group(1) : "";
        }
        return OVER_TLS.contains(proto.trim().toLowerCase(Locale.ROOT));
    }

    /** A quoted text may hold anything a client chose, commas and semicolons too; only a word can be the protocol. */
    private static String unquoted(String line) {
        StringBuilder plain = new StringBuilder();
        int from = 0;
        for (int open = line.indexOf('"'); open >= 0; open = line.indexOf('"', from)) {
            int close = closingQuote(line, open + 1);
            if (close < 0) {
                return "";
            }
            String text = line.substring(open + 1, close);
            plain.append(line, from, open).append(WORD.matcher(text).matches() ? text : "");
            from = close + 1;
        }
        return plain.append(line, from, line.length()).toString();
    }

    private static int closingQuote(String line, int from) {
        int at = from;
        while (at < line.length() && line.charAt(at) != '"') {
            at += line.charAt(at) == '\\' ? 2 : 1;
        }
        return at < line.length() ? at : -1;
    }

    private static @Nullable String last(List<String> lines) {
        if (lines.isEmpty()) {
            return null;
        }
        String line = lines.get(lines.size() - 1);
        return line.substring(line.lastIndexOf(',') + 1);
    }

    private static Network network(String text) {
        int slash = text.indexOf('/');
        byte[] address = address(unbracketed(slash < 0 ? text : text.substring(0, slash)));
        int bits = address == null ? -1 : prefix(slash < 0 ? null : text.substring(slash + 1), address.length * 8);
        if (address == null || bits < 0) {
            throw new IllegalArgumentException(
                    "a trusted proxy is an IP address or a network such as 10.0.0.0/8, not '" + text + "'");
        }
        return new Network(address, bits);
    }

    private static int prefix(@Nullable String text, int most) {
        if (text == null) {
            return most;
        }
        int bits = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
        return bits <= most ? bits : -1;
    }

    /** Only literals: a name would be looked up. */
    private static byte @Nullable [] address(String text) {
        if (!LITERAL.matcher(text).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // bytes handed over, never compared as a record
    private record Network(byte[] address, int bits) {
        boolean holds(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((other[bit / 8] & mask) != (address[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
