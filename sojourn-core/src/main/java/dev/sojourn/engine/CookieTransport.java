package dev.sojourn.engine;

import dev.sojourn.SameSite;
import dev.sojourn.SessionUndeliverableException;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.TokenTransport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Carries the token in a cookie. */
final class CookieTransport implements TokenTransport {
    private static final String SET_COOKIE = "Set-Cookie";

    private final CookieRules rules;
    /**
     * The cookies of applications below the root; null if the application set the name, which it then has everywhere.
     */
    private final @Nullable Map<String, CookieRules> named;

    /**
     * Creates a transport that uses this cookie.
     *
     * @param rules the cookie
     */
    public CookieTransport(CookieRules rules) {
        this(rules, null);
    }

    private CookieTransport(CookieRules rules, @Nullable Map<String, CookieRules> named) {
        this.rules = rules;
        this.named = named;
    }

    /**
     * Creates a transport that uses a separate cookie for each application of a server. The server determines their
     * paths, so they are few.
     *
     * @param root the cookie of the application at the root
     * @return the transport
     */
    public static CookieTransport namedByApplication(CookieRules root) {
        return new CookieTransport(root, new ConcurrentHashMap<>());
    }

    /** Returns the cookie of a transport, if it uses one. */
    static Stream<CookieRules> rulesOf(TokenTransport transport) {
        return transport instanceof CookieTransport cookie ? Stream.of(cookie.rules) : Stream.empty();
    }

    /**
     * Returns a further cookie of the same clients: with the same path, domain and flags, kept until its token ends.
     *
     * @param baseName its default name without the prefix
     * @param name its name; null for the default one, or the name that the application has set for this cookie and the
     *     default one
     */
    CookieTransport companion(String baseName, @Nullable String name) {
        if (name == null && named != null) {
            return namedByApplication(
                    rules.named(CookieRules.safestName(baseName, rules.path(), rules.domain(), rules.flags())));
        }
        return new CookieTransport(rules.named(name != null ? name : rules.name() + "-" + baseName));
    }

    boolean isNamedByApplication() {
        return named != null;
    }

    /** Returns the cookie as configured, with its name at the root. */
    CookieRules rules() {
        return rules;
    }

    /** Returns the cookie of the application that a request is for. */
    CookieRules rulesIn(Exchange exchange) {
        if (named == null) {
            return rules;
        }
        String application = exchange.applicationPath();
        return application.isEmpty() ? rules : named.computeIfAbsent(application, rules::forApplication);
    }

    @Override
    public RequestTokens read(Exchange exchange) {
        CookieRules cookie = rulesIn(exchange);
        List<String> values = CookieHeader.values(exchange.requestHeaders("Cookie"), cookie.name());
        return values.isEmpty() || !rules.covers(exchange.path())
                ? RequestTokens.NONE
                : new RequestTokens(values, false);
    }

    /** Returns whether another host of the site can set this cookie: without the prefix {@code __Host-} it can. */
    boolean canBePlanted(Exchange exchange) {
        return !rulesIn(exchange).name().startsWith("__Host-");
    }

    @Override
    public Optional<String> refusal(Exchange exchange) {
        if (!rules.covers(exchange.path())) {
            return Optional.of("this request's path is not below the cookie's path " + rules.path()
                    + ", so the browser would not send the cookie back here. If a proxy strips that path from requests, set"
                    + " c.cookie(k -> k.publicPath(\"" + rules.path() + "\")), with Spring sojourn.cookie.public-path="
                    + rules.path() + ". Otherwise move the handler or set the cookie's path");
        }
        if (rules.secure() && !exchange.isSecure() && !RequestHost.isLocal(exchange)) {
            return Optional.of("the request came over plain http, where browsers reject a Secure cookie."
                    + " If a proxy in front of this server terminates TLS, set c.trustedProxies(\"10.0.0.0/8\"), with Spring"
                    + " sojourn.trusted-proxies=10.0.0.0/8, and let the proxy send X-Forwarded-Proto."
                    + " If there is no TLS at all, set c.cookie(k -> k.insecureHttp()), with Spring"
                    + " sojourn.cookie.insecure-http=true, or e.insecureHttp() if sessions are shared"
                    + " with Express, which lets anyone on the network path read the cookie");
        }
        return Optional.empty();
    }

    @Override
    public void write(Exchange exchange, String token, Terms terms) {
        CookieRules cookie = rulesIn(exchange);
        int length = cookie.name().length() + token.length();
        if (length > CookieRules.LARGEST) {
            throw new SessionUndeliverableException("the cookie's name and value together have " + length
                    + " bytes; browsers accept " + CookieRules.LARGEST);
        }
        List<String> lines = clearingOthers(exchange, cookie, sameSite(terms));
        lines.add(cookie.setting(token, terms.maxAge(), sameSite(terms)));
        replace(exchange, cookie, lines);
    }

    @Override
    public void clear(Exchange exchange, Terms terms) {
        CookieRules cookie = rulesIn(exchange);
        List<String> lines = clearingOthers(exchange, cookie, sameSite(terms));
        lines.add(cookie.clearing(sameSite(terms)));
        replace(exchange, cookie, lines);
    }

    @Override
    public boolean clearStrayTokens(Exchange exchange) {
        CookieRules cookie = rulesIn(exchange);
        List<String> lines = clearingOthers(exchange, cookie, cookie.sameSite());
        if (lines.isEmpty()) {
            return false;
        }
        replace(exchange, cookie, lines);
        return true;
    }

    /**
     * Returns the lines that empty all places except the configured one if the browser sent several cookies of this
     * name. A single one may be left from before the cookie was partitioned.
     */
    private static List<String> clearingOthers(Exchange exchange, CookieRules cookie, SameSite sameSite) {
        int sent = CookieHeader.values(exchange.requestHeaders("Cookie"), cookie.name())
                .size();
        if (sent > 1) {
            return new ArrayList<>(CookiePlaces.clearingOthers(
                    cookie, sameSite, RequestHost.name(exchange), cookie.browsersPath(exchange.path())));
        }
        return new ArrayList<>(
                sent == 1 && cookie.partitioned() ? CookiePlaces.clearingTwin(cookie, sameSite) : List.of());
    }

    private SameSite sameSite(Terms terms) {
        return terms.sameSite() == null ? rules.sameSite() : terms.sameSite();
    }

    /**
     * Replaces the response's lines of our name and keeps the application's own cookies: one line, as RFC 6265bis
     * §4.1.1 requires, unless other cookies have to be removed. The configured place comes last: a client that
     * distinguishes fewer places than browsers do applies the last one.
     */
    private static void replace(Exchange exchange, CookieRules cookie, List<String> ours) {
        List<String> before = exchange.responseHeaders(SET_COOKIE);
        List<String> lines = new ArrayList<>();
        for (String present : before) {
            if (!present.startsWith(cookie.name() + "=")) {
                lines.add(present);
            }
        }
        if (before.size() == lines.size() + ours.size() && Collections.indexOfSubList(before, ours) >= 0) {
            // With two cookies of ours, each would go behind the other again. Undertow loses one if that is after the
            // body.
            return;
        }
        lines.addAll(ours);
        exchange.setResponseHeaders(SET_COOKIE, lines);
    }

    @Override
    public String varyHeader() {
        return "Cookie";
    }
}
