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
        String application = exchange.application();
        return application.isEmpty() ? rules : named.computeIfAbsent(application, rules::forApplication);
    }

    @Override
    public Presented read(Exchange exchange) {
        CookieRules cookie = rulesIn(exchange);
        List<String> values = CookieHeader.values(exchange.requestHeaders("Cookie"), cookie.name());
        if (values.isEmpty() || !rules.covers(exchange.path())) {
            return Presented.NONE;
        }
        // An honest browser holds one cookie of a __Host- name: two were put there by somebody else.
        return values.size() > 1 && rules.hostOnly() ? Presented.REFUSED : new Presented(values, false);
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
        replace(exchange, cookie, cookie.setting(token, terms.maxAge(), sameSite(terms)));
    }

    @Override
    public void clear(Exchange exchange, Terms terms) {
        CookieRules cookie = rulesIn(exchange);
        replace(exchange, cookie, cookie.clearing(sameSite(terms)));
    }

    private SameSite sameSite(Terms terms) {
        return terms.sameSite() == null ? rules.sameSite() : terms.sameSite();
    }

    /** One line of our name in a response (RFC 6265bis §4.1.1), beside the application's own cookies. */
    private static void replace(Exchange exchange, CookieRules cookie, String line) {
        List<String> lines = new ArrayList<>();
        for (String present : exchange.responseHeaders(SET_COOKIE)) {
            if (!present.startsWith(cookie.name() + "=")) {
                lines.add(present);
            }
        }
        lines.add(line);
        exchange.setResponseHeaders(SET_COOKIE, lines);
    }

    @Override
    public String variesOn() {
        return "Cookie";
    }
}
