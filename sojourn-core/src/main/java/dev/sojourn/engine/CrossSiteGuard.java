package dev.sojourn.engine;

import dev.sojourn.CrossSiteRequestException;
import dev.sojourn.SessionListener.CrossSiteOutcome;
import dev.sojourn.SessionListener.CrossSiteReason;
import dev.sojourn.SessionListener.CrossSiteRequest;
import dev.sojourn.engine.CrossSiteDecision.Evidence;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.LogText;
import dev.sojourn.spi.TokenTransport;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Protects sessions against requests that pages of other sites make their visitors send (CSRF). Does no I/O, and looks at
 * nothing but method, path and headers: whether a cookie's value counts makes no difference. Thread-safe.
 */
final class CrossSiteGuard {
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final String TOKEN_HEADER = "X-CSRF-Token";
    private static final String COOKIE = "Cookie";
    private static final int LONGEST_PATH = 200;

    private final CrossSiteSettings settings;
    private final TrustedProxies proxies;
    /** The transports whose tokens browsers send without being told to. */
    private final List<TokenTransport> cookies;

    private final LogOnce reported = new LogOnce();

    CrossSiteGuard(CommonSettings common, List<TokenTransport> transports) {
        this.settings = common.crossSite;
        this.proxies = common.proxies;
        this.cookies = transports.stream()
                .filter(transport -> transport.varyHeader().equalsIgnoreCase(COOKIE))
                .toList();
    }

    /** Returns whether a request has to be examined: most have not. */
    boolean concerns(Exchange exchange) {
        if (settings.off || (SAFE.contains(exchange.method()) && !isWebSocket(exchange))) {
            return false;
        }
        return (carriesCookie(exchange) || settings.checkWithoutCookie.cover(exchange))
                && !settings.exempt.cover(exchange);
    }

    /** RFC 6455, section 4.1: a GET, which pages of other sites may make, and whose response they may read. */
    static boolean isWebSocket(Exchange exchange) {
        List<String> upgrades = exchange.requestHeaders("Upgrade");
        return !upgrades.isEmpty()
                && upgrades.stream()
                        .anyMatch(line -> line.toLowerCase(Locale.ROOT).contains("websocket"));
    }

    private boolean carriesCookie(Exchange exchange) {
        if (cookies.isEmpty()) {
            return false;
        }
        List<String> lines = exchange.requestHeaders(COOKIE);
        return !lines.isEmpty() && cookies.stream().anyMatch(transport -> carries(transport, exchange, lines));
    }

    private static boolean carries(TokenTransport transport, Exchange exchange, List<String> lines) {
        if (transport instanceof CookieTransport cookie) {
            return !CookieHeader.values(lines, cookie.rulesIn(exchange).name()).isEmpty();
        }
        TokenTransport.RequestTokens found = transport.read(exchange);
        return found.refused() || !found.tokens().isEmpty();
    }

    /**
     * Examines a request that {@link #concerns} this.
     *
     * @param isToken whether a text is the CSRF token of the session that the request's cookie names
     * @param elsewhere whether another protection examines the request; asked only if it would be refused here, and never about
     *     a handshake
     * @param events where to report
     * @return what keeps the handler from the session; null if the request is admitted
     */
    @Nullable
    CrossSiteGate examine(
            Exchange exchange, Predicate<String> isToken, BooleanSupplier elsewhere, Supplier<EventBuffer> events) {
        Evidence evidence = Evidence.of(exchange);
        CrossSiteDecision decision =
                CrossSiteDecision.of(evidence, origin -> isOwn(origin, exchange), settings.trustedOrigins);
        boolean needsToken = settings.requireToken.cover(exchange);
        if (decision == CrossSiteDecision.ALLOWED && !needsToken) {
            return null;
        }
        CrossSiteReason reason = reason(decision);
        boolean isOpen = decision == CrossSiteDecision.ALLOWED || decision.isOpen();
        if (isOpen) {
            List<String> tokens = exchange.requestHeaders(TOKEN_HEADER);
            if (tokens.size() == 1 && isToken.test(tokens.get(0).trim())) {
                return null;
            }
            if (!tokens.isEmpty()) {
                reason = CrossSiteReason.TOKEN;
            }
        }
        // A handshake is a GET, which protections of forms let pass.
        if (!SAFE.contains(exchange.method()) && elsewhere.getAsBoolean()) {
            return null;
        }
        boolean handlerMayHaveToken =
                isOpen && needsToken && exchange.requestHeaders(TOKEN_HEADER).isEmpty();
        if (handlerMayHaveToken && !settings.reportOnly) {
            String message = message(CrossSiteReason.TOKEN, exchange, evidence);
            return CrossSiteGate.awaitingToken(message, () -> report(CrossSiteReason.TOKEN, exchange, events.get()));
        }
        report(reason, exchange, events.get());
        return settings.reportOnly ? null : CrossSiteGate.refused(message(reason, exchange, evidence));
    }

    /**
     * Checks the CSRF tokens that a handler has found, for example in a form: exactly one, which counts, opens the gate.
     *
     * @param isToken as in {@link #examine}
     * @param gate what keeps the handler from the session until then; null if nothing does
     * @throws CrossSiteRequestException if no token counts and requests are refused
     */
    void requireToken(
            List<String> tokens,
            Predicate<String> isToken,
            @Nullable CrossSiteGate gate,
            Exchange exchange,
            EventBuffer events) {
        if (tokens.size() != 1 || !isToken.test(tokens.get(0))) {
            refuseToken(exchange, events);
        } else if (gate != null) {
            gate.open();
        }
    }

    private void refuseToken(Exchange exchange, EventBuffer events) {
        report(CrossSiteReason.TOKEN, exchange, events);
        if (!settings.reportOnly) {
            throw new CrossSiteRequestException(message(CrossSiteReason.TOKEN, exchange, Evidence.of(exchange)));
        }
    }

    private boolean isOwn(WebOrigin origin, Exchange exchange) {
        if (!settings.ownOrigins.isEmpty()) {
            return settings.ownOrigins.contains(origin);
        }
        String host = proxies.host(exchange);
        return host != null && origin.equals(WebOrigin.ofHost(proxies.secure(exchange) ? "https" : "http", host));
    }

    // ---- reports

    private static CrossSiteReason reason(CrossSiteDecision decision) {
        return switch (decision) {
            case OTHER_SITE -> CrossSiteReason.FETCH_SITE;
            case OTHER_ORIGIN, HIDDEN_ORIGIN -> CrossSiteReason.ORIGIN;
            case OTHER_REFERER -> CrossSiteReason.REFERER;
            case NO_EVIDENCE -> CrossSiteReason.NO_EVIDENCE;
            case ALLOWED -> CrossSiteReason.TOKEN;
        };
    }

    private void report(CrossSiteReason reason, Exchange exchange, EventBuffer events) {
        CrossSiteRequest request = new CrossSiteRequest(
                proxies.clientAddress(exchange),
                LogText.text(exchange.method()),
                path(exchange),
                origin(exchange),
                reason,
                settings.reportOnly ? CrossSiteOutcome.REPORTED : CrossSiteOutcome.REFUSED);
        events.add(listener -> listener.onCrossSiteRequest(request));
        if (settings.reportOnly) {
            String message = message(reason, exchange, Evidence.of(exchange));
            EventBuffer.logger()
                    .log(
                            reported.isNew(reason + " " + request.path() + " " + request.origin())
                                    ? Level.WARNING
                                    : Level.DEBUG,
                            "would be refused without c.csrf(k -> k.reportOnly()): " + message);
        }
    }

    /** Returns the path in its canonical spelling: a parameter may carry a session's id. */
    private static String path(Exchange exchange) {
        String path = NormalizedPath.of(exchange.path()).toString();
        return LogText.text(path.length() <= LONGEST_PATH ? path : path.substring(0, LONGEST_PATH));
    }

    /** Returns the origin of the page, if its browser sends one; no other text from the request. */
    private static String origin(Exchange exchange) {
        List<String> lines = exchange.requestHeaders("Origin");
        if (lines.size() != 1) {
            return "";
        }
        String text = lines.get(0).trim();
        return text.equals("null") || WebOrigin.of(text) != null ? text : "";
    }

    private String message(CrossSiteReason reason, Exchange exchange, Evidence evidence) {
        String what = LogText.text(exchange.method()) + " " + path(exchange) + " ";
        return what
                + switch (reason) {
                    case FETCH_SITE ->
                        "comes from a page of another origin: Sec-Fetch-Site is "
                                + quote(evidence.fetchSite()) + ", Origin is " + quote(evidence.origin())
                                + ". If that page is the application's, call c.csrf(k -> k.trustedOrigin(...)), with Spring"
                                + " sojourn.csrf.trusted-origin. If another site answers through the browser (OpenID Connect,"
                                + " SAML), call c.csrf(k -> k.exempt(...)), with Spring sojourn.csrf.exempt";
                    case ORIGIN ->
                        "comes from another origin: Origin is " + quote(evidence.origin()) + ", " + ownOrigin(exchange);
                    case REFERER ->
                        "comes from a page of another origin, which its Referer names, " + ownOrigin(exchange);
                    case NO_EVIDENCE ->
                        "comes from a browser that does not say from which page: it sends none of"
                                + " Sec-Fetch-Site, Origin and Referer. A CSRF token shows it: session.csrfToken(), in the"
                                + " header X-CSRF-Token or in a form of a path of c.csrf(k -> k.requireToken(...)), with Spring"
                                + " sojourn.csrf.require-token";
                    case TOKEN ->
                        "has no CSRF token that counts: neither one in the header X-CSRF-Token, nor one that its"
                                + " handler has passed to session.requireCsrfToken(...) before it used the session. A token"
                                + " counts for the session of session.csrfToken(), until that gets another id";
                };
    }

    private String ownOrigin(Exchange exchange) {
        String host = proxies.host(exchange);
        String own = !settings.ownOrigins.isEmpty()
                ? "one of c.csrf(k -> k.ownOrigin(...))"
                : LogText.quote((proxies.secure(exchange) ? "https" : "http") + "://" + (host == null ? "" : host));
        return "and the application's own is " + own + ". If a proxy changes Host or terminates TLS, call"
                + " c.trustedProxies(...), with Spring sojourn.trusted-proxies, or c.csrf(k -> k.ownOrigin(...)), with Spring"
                + " sojourn.csrf.own-origin";
    }

    private static String quote(List<String> lines) {
        return lines.isEmpty() ? "absent" : LogText.quote(String.join(", ", lines));
    }
}
