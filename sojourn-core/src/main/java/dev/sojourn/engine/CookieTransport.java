package dev.sojourn.engine;

import dev.sojourn.SameSite;
import dev.sojourn.SessionUndeliverableException;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.TokenTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The token in a cookie. */
public final class CookieTransport implements TokenTransport {
    private static final String SET_COOKIE = "Set-Cookie";

    private final CookieRules rules;
    /** The cookies of applications below the root; null if the application gave the cookie a name, which it has everywhere. */
    private final @Nullable Map<String, CookieRules> named;

    /**
     * A transport by this cookie.
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
     * A transport by a cookie of each application of a server. Their paths are the server's own, so they are few.
     *
     * @param root the cookie of the application at the root
     * @return the transport
     */
    public static CookieTransport namedByApplication(CookieRules root) {
        return new CookieTransport(root, new ConcurrentHashMap<>());
    }

    boolean isNamedByApplication() {
        return named != null;
    }

    /** The cookie as it was configured, with its name at the root. */
    CookieRules rules() {
        return rules;
    }

    /** The cookie of the application that a request is for. */
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

    @Override
    public Optional<String> refusal(Exchange exchange) {
        if (!rules.covers(exchange.path())) {
            return Optional.of("this request's path is not below the cookie's path " + rules.path()
                    + ", so the browser would not send the cookie back here. If a proxy strips that path from requests, say so:"
                    + " c.cookie(k -> k.publicPath(\"" + rules.path() + "\")), with Spring sojourn.cookie.public-path="
                    + rules.path() + ". Otherwise move the handler or set the cookie's path");
        }
        if (rules.secure() && !exchange.isSecure() && !RequestHost.isLocal(exchange)) {
            return Optional.of("the request came over plain http, where browsers refuse a Secure cookie."
                    + " If a proxy in front of this server ends TLS, name it: c.trustedProxies(\"10.0.0.0/8\"), with Spring"
                    + " sojourn.trusted-proxies=10.0.0.0/8, and let it send X-Forwarded-Proto."
                    + " If there is no TLS at all: c.cookie(k -> k.insecureHttp()), with Spring"
                    + " sojourn.cookie.insecure-http=true, or e.insecureHttp() where sessions are shared"
                    + " with Express, which lets everybody on the way read the cookie");
        }
        return Optional.empty();
    }

    @Override
    public void write(Exchange exchange, String token, Terms terms) {
        CookieRules cookie = rulesIn(exchange);
        int length = cookie.name().length() + token.length();
        if (length > CookieRules.LARGEST) {
            throw new SessionUndeliverableException("the cookie's name and value together have " + length
                    + " bytes; browsers take " + CookieRules.LARGEST);
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
     * Where a browser sent several cookies of this name, all but the configured place are emptied. One that came alone may be
     * left from before the cookie was partitioned.
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
     * Puts lines of our name in the place of those that a response has, beside the application's own cookies: one, as RFC
     * 6265bis §4.1.1 wants it, unless others have to be taken away. That one comes last: a client that knows fewer places than
     * browsers do goes by it.
     */
    private static void replace(Exchange exchange, CookieRules cookie, List<String> ours) {
        List<String> lines = new ArrayList<>();
        for (String present : exchange.responseHeaders(SET_COOKIE)) {
            if (!present.startsWith(cookie.name() + "=")) {
                lines.add(present);
            }
        }
        lines.addAll(ours);
        exchange.setResponseHeaders(SET_COOKIE, lines);
    }

    @Override
    public String varyHeader() {
        return "Cookie";
    }
}
