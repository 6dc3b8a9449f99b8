package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import java.util.List;

/**
 * Sets a response's cache headers. A response that carries a token is for its client only: {@code Cache-Control:
 * no-store} replaces the application's value, and headers that caches follow instead are removed.
 */
final class CacheHeaders {
    private static final List<String> NO_STORE = List.of("no-store");

    /**
     * Headers that some caches follow before {@code Cache-Control}, or in addition to it. Their sources are in
     * docs/internals/protocols.md.
     */
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
     * @param never its value for a response that must not be stored
     */
    private record Directive(String name, String never) {}

    private CacheHeaders() {}

    /** Forbids every cache to store this response. */
    static void forbid(Exchange exchange) {
        exchange.setResponseHeaders("Cache-Control", NO_STORE);
        for (Directive other : OTHERS) {
            if (!exchange.responseHeaders(other.name()).isEmpty()) {
                forbid(exchange, other);
            }
        }
    }

    /** Servlet containers before 6.1 cannot remove a header; then its value is overwritten. */
    private static void forbid(Exchange exchange, Directive other) {
        exchange.setResponseHeaders(other.name(), List.of());
        if (!exchange.responseHeaders(other.name()).isEmpty()) {
            exchange.setResponseHeaders(other.name(), List.of(other.never()));
        }
    }
}
