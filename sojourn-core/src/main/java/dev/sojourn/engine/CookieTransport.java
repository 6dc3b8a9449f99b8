package dev.sojourn.engine;

import dev.sojourn.SameSite;
import dev.sojourn.SessionUndeliverableException;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.TokenTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The token in a cookie. */
public final class CookieTransport implements TokenTransport {
    private static final String SET_COOKIE = "Set-Cookie";

    private final CookieRules rules;

    /**
     * A transport by this cookie.
     *
     * @param rules the cookie
     */
    public CookieTransport(CookieRules rules) {
        this.rules = rules;
    }

    CookieRules rules() {
        return rules;
    }

    @Override
    public Presented read(Exchange exchange) {
        List<String> values = CookieHeader.values(exchange.requestHeaders("Cookie"), rules.name());
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
                    + " c.cookie(k -> k.publicPath(\"" + rules.path()
                    + "\")). Otherwise move the handler or set the cookie's path");
        }
        if (rules.secure() && !exchange.isSecure() && !local(exchange)) {
            return Optional.of("the request came over plain http, where browsers refuse a Secure cookie."
                    + " If a proxy in front of this server ends TLS, name it: c.trustedProxies(\"10.0.0.0/8\")."
                    + " If there is no TLS at all: c.cookie(k -> k.insecureHttp()), or e.insecureHttp() where sessions are shared"
                    + " with Express, which lets everybody on the way read the cookie");
        }
        return Optional.empty();
    }

    /** Browsers take Secure cookies from localhost without TLS. */
    private static boolean local(Exchange exchange) {
        List<String> hosts = exchange.requestHeaders("Host");
        if (hosts.size() != 1) {
            return false;
        }
        String host = hosts.get(0).toLowerCase(Locale.ROOT).replaceFirst(":[0-9]*$", "");
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.equals("127.0.0.1")
                || host.equals("[::1]");
    }

    @Override
    public void write(Exchange exchange, String token, Terms terms) {
        if (rules.name().length() + token.length() > CookieRules.LARGEST) {
            throw new SessionUndeliverableException("the cookie's name and value together have "
                    + (rules.name().length() + token.length()) + " bytes; browsers take " + CookieRules.LARGEST);
        }
        replace(exchange, rules.setting(token, terms.maxAge(), sameSite(terms)));
    }

    @Override
    public void clear(Exchange exchange, Terms terms) {
        replace(exchange, rules.clearing(sameSite(terms)));
    }

    private SameSite sameSite(Terms terms) {
        return terms.sameSite() == null ? rules.sameSite() : terms.sameSite();
    }

    /** One line of our name in a response (RFC 6265bis §4.1.1), beside the application's own cookies. */
    private void replace(Exchange exchange, String line) {
        List<String> lines = new ArrayList<>();
        for (String present : exchange.responseHeaders(SET_COOKIE)) {
            if (!present.startsWith(rules.name() + "=")) {
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
