package dev.sojourn;

import dev.sojourn.engine.CommonSettings;
import dev.sojourn.engine.EngineSettings;
import dev.sojourn.engine.FamilyOptions;
import dev.sojourn.engine.TokenEngine;
import dev.sojourn.spi.AccessTokenFormat;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.TokenTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of an API: kept in a store like {@link Sessions}, and used by an access token that lives for minutes and a
 * refresh token that leads to the next pair. Configured once, shared by all requests, mounted in an HTTP framework by an
 * adapter.
 *
 * <p>A session is a family of tokens. {@link Session#login} and {@link #issue} begin one; {@link #refresh} goes on with
 * it; {@link Session#destroy}, {@link #revoke}, {@link UserSessions} and {@link Revocations#endAll} end it, on every node,
 * within the delay of {@link Revocations}. What a request needs decides what it costs:
 *
 * <ul>
 *   <li>{@code Sojourn.view(x)} reads the access token: no store call. It shows what was true when the token was issued.
 *   <li>{@code Sojourn.session(x)} loads the session that the access token names: one store call. It can do what every
 *       {@link Session} can.
 *   <li>{@link #refresh} loads the session, and writes it unless that was done within the last 30 seconds.
 * </ul>
 *
 * <p>A request without a token has an anonymous view and a new session. A token that is there and does not count, or whose
 * session has ended, throws {@link TokenRefusedException} (401) at the first use. A {@link Session#login} that is the first
 * use begins a new session instead, so that a client which attaches its last token to every request can sign in again: fresh
 * credentials outweigh a token that does not count. A new session reaches its client only
 * through {@link #issue} or {@link #issueInCookie}: without one of them, the commit throws {@link
 * SessionUndeliverableException} and stores nothing. If the response reports a failure, with a status from 400 on or because
 * the handler has thrown, it drops the session without throwing.
 *
 * <p><b>Refresh tokens</b> are used once and replace each other. Two requests at once, a repeated request and a lost
 * response get the same successor for 30 seconds. A token that is used again after that ends its session, because two
 * parties hold it (RFC 9700, section 4.14): {@link SessionListener#onTokenReused}.
 *
 * <p>Immutable and thread-safe. Owns no thread and nothing that needs closing: the code that creates the stores closes
 * them.
 */
public final class TokenSessions implements SessionSource {
    private final TokenEngine engine;

    private TokenSessions(TokenEngine engine) {
        this.engine = engine;
    }

    /**
     * Creates sessions with this configuration.
     *
     * @param configuration sets the options; {@link Config#secret}, {@link Config#access} and {@link Config#revocations}
     *     are required, everything else has a default
     * @return the sessions
     * @throws IllegalArgumentException if an option is missing or out of bounds, or two options contradict each other; the
     *     message says what to do
     * @throws IllegalStateException if the versions of Jackson's parts on the class path do not match; the message names
     *     them
     */
    public static TokenSessions create(Consumer<Config> configuration) {
        CommonSettings.checkLibraries();
        Config config = new Config();
        configuration.accept(config);
        return new TokenSessions(TokenEngine.of(config.settings()));
    }

    /**
     * Opens the scope of one request. For adapters; does no I/O.
     *
     * @param exchange the request and its response
     * @return the scope, to be committed and closed by the adapter
     */
    @Override
    public SessionScope open(Exchange exchange) {
        return engine.engine().open(exchange);
    }

    /**
     * Saves a session and issues its tokens, all of them for the response's body. Call it after {@link Session#login}, and
     * after any other call that gives a session an id. Blocks. The response gets {@code Cache-Control: no-store}. What the
     * request changes later is saved as always, and is not in this access token.
     *
     * @param session what {@code Sojourn.session(x)} returned
     * @return an access token and a refresh token
     * @throws IllegalStateException if the request came with an access token and the session keeps its id: no refresh
     *     token can be made from an access token
     * @throws IllegalArgumentException if it is not a session of this kind
     * @throws SessionUndeliverableException if the response's head was already sent
     * @throws SessionUnavailableException if the store is unavailable, or did not confirm the save
     */
    public IssuedTokens issue(Session session) {
        return engine.issue(session);
    }

    /**
     * Saves a session and issues its tokens: the access token for the response's body, the refresh token in a cookie of
     * the response that no script can read. For browsers. Otherwise the same as {@link #issue}.
     *
     * @param session what {@code Sojourn.session(x)} returned
     * @return an access token
     * @throws IllegalStateException as {@link #issue} does
     * @throws SessionUndeliverableException if the browser would reject the cookie, or the head was already sent
     * @throws SessionUnavailableException if the store is unavailable, or did not confirm the save
     */
    public IssuedTokens issueInCookie(Session session) {
        return engine.issueInCookie(session);
    }

    /**
     * Exchanges a refresh token for the next tokens, and restarts the idle timeout. Blocks: one load, and one write unless
     * the same was done within the last 30 seconds. Send the result with {@code Cache-Control: no-store}.
     *
     * @param refreshToken what the client sent, whatever it is; null, if it sent none, does not count
     * @return an access token, and the refresh token that the client uses next: within 30 seconds always the same one
     * @throws TokenRefusedException if it does not count (401): unknown, used before, or of a session that has ended. The
     *     client signs in again
     * @throws SessionUnavailableException if the store or the revocations are unavailable (503). The client keeps its
     *     token and tries again. If the store replaced the token nevertheless, that works for 30 seconds, or as long as
     *     {@link Config#lostAnswers} allows
     */
    public IssuedTokens refresh(@Nullable String refreshToken) {
        return engine.refresh(refreshToken == null ? "" : refreshToken);
    }

    /**
     * Exchanges the refresh token in the request's cookie, and puts the next one into the response's cookie. Otherwise the
     * same as {@link #refresh}. Does not use the session of the request, and ignores its access token. A request that is
     * refused leaves the cookie alone, because it may be a newer one by now; only the request that ends the session removes
     * it.
     *
     * @param session what {@code Sojourn.session(x)} returned; it is not loaded
     * @return an access token
     * @throws TokenRefusedException if the cookie is missing or does not count (401)
     * @throws SessionUnavailableException if the store or the revocations are unavailable (503)
     * @throws IllegalStateException if the response's head was already sent
     */
    public IssuedTokens refreshFromCookie(Session session) {
        return engine.refreshFromCookie(session);
    }

    /**
     * Ends the session of a token, for a revocation endpoint (RFC 7009). Does nothing if the token is unknown or its
     * session has ended: respond with 200 in any case. Blocks.
     *
     * @param token a refresh token or an access token, whatever the client sent; null, if it sent none, is unknown
     * @throws SessionUnavailableException if the revocation could not be stored; nothing is changed then, and the call may
     *     be repeated
     */
    public void revoke(@Nullable String token) {
        engine.revoke(token == null ? "" : token);
    }

    /**
     * Returns the sessions of a user, on every node and device, to list where the user is signed in and to end sessions,
     * with all their tokens.
     *
     * <p>If the store is shared with {@link Sessions}, these are the sessions of both kinds. A session with a cookie is judged
     * by the timeouts of this object, unless it has its own: they must not be shorter than those of {@code Sessions}, and its
     * {@link UserSession#lastAccessedAt} may be too early. {@link Sessions#of} lists both kinds exactly.
     *
     * @param subject the user, as given to {@link Session#login}
     * @return the user's sessions; no store call yet
     * @throws NullPointerException if it is null, as {@link Session#subject()} is if no user is signed in
     * @throws IllegalArgumentException if it is not a well-formed subject
     * @throws UnsupportedOperationException if the store has no user index
     */
    public UserSessions of(String subject) {
        return engine.engine().of(subject);
    }

    /**
     * Returns the subject under which a user's sessions are kept; see {@link Sessions#normalizeSubject}.
     *
     * @param user the user, as the application names them
     * @return the subject, by the rule of {@link Config#normalizeSubjects}
     * @throws IllegalArgumentException if it is not a well-formed subject
     */
    public String normalizeSubject(String user) {
        return engine.engine().subject(user);
    }

    /**
     * Checks the sessions' store with one read; see {@link Sessions#health}. {@link Revocations#health} checks the other
     * store.
     *
     * @return the state of the store; never throws because the store is unavailable
     */
    public Health health() {
        return engine.engine().health();
    }

    /**
     * Removes expired sessions and reports them to the listener; see {@link Sessions#sweep}. Blocks.
     *
     * @param limit the maximum number of sessions, at least 1
     * @return how many were removed; 0 if the store expires records automatically
     * @throws StoreException if the store is unavailable
     */
    public int sweep(int limit) {
        return engine.engine().sweepOnSchedule(limit);
    }

    /**
     * Returns the name of the refresh cookie.
     *
     * @return the name as configured
     */
    @Override
    public Set<String> cookieNames() {
        return engine.engine().cookieNames();
    }

    /**
     * Returns the names of the request headers that may carry tokens.
     *
     * @return {@code Authorization} and {@code Cookie}
     */
    @Override
    public Set<String> tokenHeaders() {
        return engine.engine().tokenHeaders();
    }

    /** Omits the configuration, so that no secret is shown. */
    @Override
    public String toString() {
        return "TokenSessions";
    }

    /**
     * The options. Each method documents its default, its bounds and the meaning of zero; all return the same object. Not
     * thread-safe; sealed when {@link TokenSessions#create} returns.
     */
    public static final class Config extends StoreConfig<Config> {
        private final List<String> secrets = new ArrayList<>();
        private final FamilyOptions families = new FamilyOptions();

        private Config() {
            this(new EngineSettings.Builder());
        }

        private Config(EngineSettings.Builder settings) {
            super(settings, "TokenSessions.create");
            settings.families = families;
            settings.idleTimeout = Duration.ofDays(30);
            settings.absoluteTimeout = Duration.ofDays(90);
            settings.transports = List.of(CookieOptions.forRefreshTokens(options -> {}));
        }

        /**
         * Sets the secrets that sign refresh tokens. The first signs, all verify. To rotate while several nodes run, add the
         * new secret as an older one on all nodes, then put it in front, and drop the former one once the absolute timeout
         * has passed. A node that lacks the secret of a token refuses it, and its client signs in again. No default.
         *
         * @param first at least 32 bytes of randomness, for example from {@code openssl rand -base64 32}
         * @param older former secrets that are still accepted
         * @return this
         * @throws IllegalArgumentException when the sessions are created, if one is missing, too short, or known from
         *     tutorials
         */
        public Config secret(@Nullable String first, String... older) {
            checkOpen();
            secrets.clear();
            secrets.addAll(SecretList.of(first, older));
            return this;
        }

        /**
         * Sets the format of access tokens: sealed, or signed for services that read them. No default.
         *
         * <p>The format decides whose tokens count: two {@code TokenSessions} whose formats have the same keys and the same
         * application name (sealed), or the same issuer and audience (signed), accept each other's access tokens as views, as
         * the nodes of one API do. Give each API a name of its own.
         *
         * @param format issues and verifies the tokens
         * @return this
         */
        public Config access(AccessTokenFormat format) {
            own().access = Objects.requireNonNull(format, "format");
            return this;
        }

        /**
         * Sets where ended sessions are listed until their last access tokens have expired, and where {@link
         * Revocations#endAll} ends users. No default. The list is kept in a store of its own: another table or prefix than
         * the sessions'. A login costs two loads of it, the end of a session one write.
         *
         * @param revocations the list
         * @return this
         */
        public Config revocations(Revocations revocations) {
            own().revocations = revocations.list();
            return this;
        }

        /**
         * Sets how long an access token counts. Default 5 minutes. It never counts longer than its session lives.
         *
         * @param lifetime 1 second to 1 hour, and less than both timeouts
         * @return this
         */
        public Config accessLifetime(Duration lifetime) {
            own().accessLifetime = Objects.requireNonNull(lifetime, "lifetime");
            return this;
        }

        /**
         * Sets which attributes an access token carries, so that {@code Sojourn.view(x)} reads them. Default: none; the
         * subject is always there. A later change is in the next access token.
         *
         * @param attributes their names and types; no name that tokens use themselves, such as {@code sub}
         * @return this
         */
        public Config claims(Key<?>... attributes) {
            own().claims = Stream.of(attributes).<String>map(Key::name).toList();
            return this;
        }

        /**
         * Accepts a refresh token once more long after it was replaced, because its client may never have received the
         * response. Default: {@link Duration#ZERO}, not longer than 30 seconds. For mobile clients, which lose their
         * connection and come back hours later. The token that the client never received is dead then, and its use ends
         * the session. So a thief with a copy of a replaced token gets one access token before the client's next refresh
         * ends the session.
         *
         * @param time more than 30 seconds, at most 30 days; zero for none
         * @return this
         */
        public Config lostAnswers(Duration time) {
            own().lostResponses = Objects.requireNonNull(time, "time");
            return this;
        }

        /**
         * Sets the options of the refresh cookie of {@link TokenSessions#issueInCookie}. Default: {@code __Host-refresh;
         * Path=/; Secure; HttpOnly; SameSite=Strict}, kept as long as the session; {@code __Secure-refresh} with a domain
         * or a path; {@code refresh} with {@link CookieOptions#insecureHttp}.
         *
         * @param options sets what differs from the default
         * @return this
         * @throws IllegalArgumentException if browsers would reject such a cookie
         */
        public Config refreshCookie(Consumer<CookieOptions> options) {
            TokenTransport cookie = CookieOptions.forRefreshTokens(options);
            open().transports = List.of(cookie);
            return this;
        }

        /**
         * Sets how long a session lives without a refresh or another use of the session. Default 30 days. A session keeps
         * the timeout that is configured when it begins.
         *
         * @param timeout more than the access lifetime, at most 3,650 days; {@link Duration#ZERO} for none
         * @return this
         */
        public Config idleTimeout(Duration timeout) {
            open().idleTimeout = Objects.requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how long a session lives at most, counted from its beginning or from the last login. Default 90 days. No
         * refresh extends it. A session keeps the timeout that is configured when it begins.
         *
         * @param timeout more than the access lifetime, at most 3,650 days; {@link Duration#ZERO} for none, which needs an
         *     idle timeout
         * @return this
         */
        public Config absoluteTimeout(Duration timeout) {
            open().absoluteTimeout = Objects.requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how long a session that is only read goes without a store call that restarts its idle timeout; see {@link
         * Sessions.Config#touchInterval}. Default 1 minute.
         *
         * @param interval less than half of the idle timeout; {@link Duration#ZERO} to restart it with every request that
         *     reads the session
         * @return this
         */
        public Config touchInterval(Duration interval) {
            open().touchInterval = Objects.requireNonNull(interval, "interval");
            return this;
        }

        private FamilyOptions own() {
            checkOpen();
            return families;
        }

        private EngineSettings settings() {
            return build(secrets);
        }
    }
}
