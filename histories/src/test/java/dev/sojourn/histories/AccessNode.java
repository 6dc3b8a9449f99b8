package dev.sojourn.histories;

import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.Key;
import dev.sojourn.Revocations;
import dev.sojourn.SealedSession;
import dev.sojourn.SealedSessions;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.TokenSessions;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jwt.AccessTokens;
import dev.sojourn.jwt.Jwe;
import dev.sojourn.jwt.TokenKey;
import dev.sojourn.jwt.TokenKeys;
import dev.sojourn.spi.AccessTokenFormat;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.spi.SessionStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One application process with sealed sessions or token sessions: {@code AccessNode PORT CLOCK REVOCATIONS [SESSIONS
 * [OPTION…]]}. With a store of sessions it has token sessions, without one sealed sessions. Prints {@code ready PORT} when it accepts requests, and
 * exits when its standard input ends.
 */
final class AccessNode {
    /** The parameter with the name of a new session. */
    static final String FAMILY = "family";

    /** The parameter with the user of a new session. */
    static final String USER = "user";

    /** The line of a response with the family and the user of the session. */
    static final String SEEN = "seen=";

    /** The line of a response with an access token. */
    static final String ACCESS = "access=";

    /** The beginning of the option of signed access tokens; the private key in base64 follows. */
    static final String SIGNED = "signed=";

    /** The option that accepts refresh tokens long after a response may have been lost. */
    static final String LOST_RESPONSES = "lost-responses";

    /** The option that accepts tokens while the revocations are unavailable. */
    static final String TOLERANT = "accept-while-unavailable";

    /** Longer than a history, although the node's clock is fast. */
    private static final Duration ACCESS_LIFETIME = Duration.ofHours(1);

    private static final String SECRET = "For histories only, not secret: Wc1LpXq8Rz3VnT6y";
    private static final Key<String> NAME = Key.of("family", String.class);

    private final Revocations revocations;
    private final @Nullable TokenSessions tokens;
    private final SessionSource sessions;

    private AccessNode(NodeClock clock, Revocations revocations, @Nullable SessionStore store, List<String> options) {
        this.revocations = revocations;
        Jwe seal = Jwe.secret(SECRET);
        if (store == null) {
            this.tokens = null;
            this.sessions = SealedSessions.create(
                    c -> c.seal(seal).revocations(revocations).clock(clock).cookie(k -> k.insecureHttp()));
        } else {
            this.tokens = TokenSessions.create(c -> c.secret(SECRET)
                    .store(store)
                    .access(format(seal, options))
                    .lostAnswers(options.contains(LOST_RESPONSES) ? AccessMode.LOST_RESPONSES : Duration.ZERO)
                    .accessLifetime(ACCESS_LIFETIME)
                    .claims(NAME)
                    .revocations(revocations)
                    .clock(clock)
                    .refreshCookie(k -> k.insecureHttp()));
            this.sessions = tokens;
        }
    }

    private static AccessTokenFormat format(Jwe seal, List<String> options) {
        for (String option : options) {
            if (option.startsWith(SIGNED)) {
                String pem = "-----BEGIN PRIVATE KEY-----\n" + option.substring(SIGNED.length())
                        + "\n-----END PRIVATE KEY-----\n";
                return AccessTokens.signed(TokenKeys.of(TokenKey.fromPem(pem)))
                        .issuer("https://histories.example")
                        .audience("histories");
            }
        }
        return AccessTokens.sealed(seal);
    }

    /**
     * Serves until standard input ends.
     *
     * @param arguments the port (0 for any free one), the clock, and the addresses of the stores
     * @throws IOException if the port is not available
     */
    public static void main(String[] arguments) throws IOException {
        NodeClock clock = NodeClock.parse(arguments[1]);
        List<String> options = List.of(arguments).subList(Math.min(4, arguments.length), arguments.length);
        Revocations revocations = Revocations.in(NodeStores.openForRevocations(arguments[2]), c -> {
            c.clock(clock).delay(AccessTimes.DELAY);
            if (options.contains(TOLERANT)) {
                c.acceptWhileUnavailable(AccessMode.TOLERANCE);
            }
        });
        SessionStore store = arguments.length > 3 ? NodeStores.open(arguments[3]) : null;
        AccessNode node = new AccessNode(clock, revocations, store, options);
        NodeServer.run(Integer.parseInt(arguments[0]), node.sessions, node::serve);
    }

    private void serve(HttpExchange exchange) throws IOException {
        AccessKind kind = AccessKind.valueOf(
                exchange.getRequestURI().getPath().substring(1).toUpperCase(Locale.ROOT));
        if (!exchange.getRequestMethod().equals(kind.method())) {
            NodeServer.send(exchange, 405, "");
            return;
        }
        String result = tokens == null ? executeSealed(kind, exchange) : executeWithTokens(kind, exchange, tokens);
        NodeServer.send(exchange, result == null ? 401 : 200, result == null ? "" : result);
    }

    /** Returns the response's body, or null if the request has no session of a user. */
    private @Nullable String executeSealed(AccessKind kind, HttpExchange exchange) {
        SealedSession session = Sojourn.sealed(exchange);
        if (kind == AccessKind.LOGIN) {
            Map<String, String> query = NodeServer.query(exchange);
            session.set(NAME, NodeServer.text(query, FAMILY));
            session.login(NodeServer.text(query, USER));
            return describe(session);
        }
        String user = session.subject();
        if (user == null) {
            return null;
        }
        String before = describe(session);
        switch (kind) {
            case USE -> {}
            case WRITE -> session.set("write", NodeServer.text(NodeServer.query(exchange), "id"));
            case LOGOUT -> session.destroy();
            case END_ALL -> revocations.endAll(user);
            default -> throw new IllegalArgumentException("sealed sessions have no " + kind);
        }
        return before;
    }

    /** Returns the response's body, or null if the request has no session of a user. */
    private static @Nullable String executeWithTokens(AccessKind kind, HttpExchange exchange, TokenSessions tokens) {
        switch (kind) {
            case LOGIN -> {
                Map<String, String> query = NodeServer.query(exchange);
                Session session = Sojourn.session(exchange);
                session.set(NAME, NodeServer.text(query, FAMILY));
                session.login(NodeServer.text(query, USER));
                return ACCESS + tokens.issueInCookie(session).accessToken() + "\n" + describe(session);
            }
            case REFRESH -> {
                return ACCESS
                        + tokens.refreshFromCookie(Sojourn.session(exchange)).accessToken() + "\n";
            }
            case REVOKE -> {
                String cookie = exchange.getRequestHeaders().getFirst("Cookie");
                tokens.revoke(cookie.substring(cookie.indexOf('=') + 1));
                return "";
            }
            default -> {
                // the two ways to a session: the token alone, or the session that it names
                SessionView view = kind == AccessKind.LOAD || kind == AccessKind.LOGOUT
                        ? Sojourn.session(exchange)
                        : Sojourn.view(exchange);
                String user = view.subject();
                if (user == null) {
                    return null;
                }
                String before = describe(view);
                if (kind == AccessKind.LOGOUT) {
                    Sojourn.session(exchange).destroy();
                } else if (kind == AccessKind.END_ALL) {
                    tokens.of(user).endAll();
                }
                return before;
            }
        }
    }

    private static String describe(SessionView session) {
        return SEEN + session.get(NAME) + "/" + session.subject() + "\n";
    }
}
