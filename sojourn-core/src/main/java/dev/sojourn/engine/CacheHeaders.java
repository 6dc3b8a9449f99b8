package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import java.util.List;

/**
 * What a response says to caches. One that carries a token is for its client alone: {@code Cache-Control: no-store} takes the
 * place of all that the application said, and what caches follow in its stead goes.
 */
final class CacheHeaders {
    private static final List<String> NO_STORE = List.of("no-store");

    /** Headers that some cache follows before {@code Cache-Control}, or beside it. Their sources are in docs/internals/protocols.md. */
    private static final List<Directive> OTHERS = List.of(
            // Caches that know no Cache-Control
            new Directive("Expires", "0"),
            new Directive("Pragma", "no-cache"),
            // Content delivery networks, all of them and single ones
            new Directive("CDN-Cache-Control", "no-store"),
            new Directive("Cloudflare-CDN-Cache-Control", "no-store"),
            new Directive("Netlify-CDN-Cache-Control", "no-store"),
            new Directive("Vercel-CDN-Cache-Control", "no-store"),
            // Fastly, Varnish, Squid and others; Akamai
            new Directive("Surrogate-Control", "no-store"),
            new Directive("Edge-Control", "no-store"),
            // nginx; LiteSpeed
            new Directive("X-Accel-Expires", "0"),
            new Directive("X-LiteSpeed-Cache-Control", "no-cache"));

    /**
     * A header that caches follow.
     *
     * @param name its name
     * @param never its value for a response that is not to be kept
     */
    private record Directive(String name, String never) {}

    private CacheHeaders() {}

    /** Forbids every cache to keep this response. */
    static void forbid(Exchange exchange) {
        exchange.setResponseHeaders("Cache-Control", NO_STORE);
        for (Directive other : OTHERS) {
            if (!exchange.responseHeaders(other.name()).isEmpty()) {
                forbid(exchange, other);
            }
        }
    }

    /** Servlet containers before 6.1 cannot take a header back; then it says what we mean. */
    private static void forbid(Exchange exchange, Directive other) {
        exchange.setResponseHeaders(other.name(), List.of());
        if (!exchange.responseHeaders(other.name()).isEmpty()) {
            exchange.setResponseHeaders(other.name(), List.of(other.never()));
        }
    }
}
