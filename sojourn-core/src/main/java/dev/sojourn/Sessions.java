package dev.sojourn;

import dev.sojourn.engine.Engine;
import dev.sojourn.engine.EngineSettings;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.TokenFormat;
import dev.sojourn.spi.TokenTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of an application: configured once, shared by all its requests, mounted in its HTTP framework by an
 * adapter.
 *
 * <p>Immutable and thread-safe. Owns no thread and nothing that needs closing: the code that creates the store closes
 * it.
 */
public final class Sessions implements SessionSource {
    private final Engine engine;

    private Sessions(Engine engine) {
        this.engine = engine;
    }

    /**
     * Creates sessions with this configuration.
     *
     * @param configuration sets the options; a secret is required, everything else has a default
     * @return the sessions
     * @throws IllegalArgumentException if an option is out of bounds or two options contradict each other; the message
     *     says what to do
     * @throws IllegalStateException if the versions of Jackson's parts on the class path do not match; the message
     *     names them
     */
    public static Sessions create(Consumer<Config> configuration) {
        EngineSettings.checkLibraries();
        Config config = new Config();
        configuration.accept(config);
        return new Sessions(Engine.of(config.settings()));
    }

    /**
     * Returns the project's own record format, the default of {@link Config#recordFormat}. For programs that read or
     * write records without an engine, for example to copy them.
     *
     * @return the format
     */
    public static RecordFormat recordFormat() {
        return EngineSettings.ownRecords();
    }

    /**
     * Returns the project's own token format, the default of {@link Config#tokenFormat}. For {@link Config#alsoAccept}.
     *
     * @param first the secret that signs, as in {@link Config#secret}
     * @param older former secrets that are still accepted
     * @return the format
     * @throws IllegalArgumentException if one is missing, too short, or known from tutorials
     */
    public static TokenFormat tokenFormat(@Nullable String first, String... older) {
        return EngineSettings.ownTokens(SecretList.of(first, older));
    }

    /**
     * Opens the scope of one request. For adapters; does no I/O.
     *
     * @param exchange the request and its response
     * @return the scope, to be committed and closed by the adapter
     */
    @Override
    public SessionScope open(Exchange exchange) {
        return engine.open(exchange);
    }

    /**
     * Returns the sessions of a user, on every node and device, to list where the user is signed in and to end
     * sessions.
     *
     * <p>If the store is shared with {@link TokenSessions}, the list has the sessions of both kinds. To end sessions, call
     * {@link TokenSessions#of} instead: this object cannot revoke access tokens, which then count until they expire, and logs
     * a warning.
     *
     * @param subject the user, as given to {@link Session#login}
     * @return the user's sessions; no store call yet
     * @throws NullPointerException if it is null, as {@link Session#subject()} is if no user is signed in
     * @throws IllegalArgumentException if it is not a well-formed subject
     * @throws UnsupportedOperationException if the store has no user index
     */
    public UserSessions of(String subject) {
        return engine.of(subject);
    }

    /**
     * Returns the names of the request headers that may carry tokens: {@code Cookie}, {@code Authorization} or another,
     * depending on the configured transports. For code that records requests and must not record tokens.
     *
     * @return the names; compare without regard to case
     */
    @Override
    public Set<String> tokenHeaders() {
        return engine.tokenHeaders();
    }

    /**
     * Returns the subject under which a user's sessions are kept: the value of {@link Session#subject} after a login as
     * this user.
     *
     * @param user the user, as the application names them
     * @return the subject, by the rule of {@link Config#normalizeSubjects}
     * @throws IllegalArgumentException if it is not a well-formed subject
     */
    public String normalizeSubject(String user) {
        return engine.subject(user);
    }

    /**
     * Checks the store with one read. Blocks until the store responds or its deadline has passed. Reports at once that
     * the store hangs while {@link Config#maxHungStoreCalls} is exceeded. For an operator's health check; requests do
     * not need it, because each detects a failure itself.
     *
     * @return the state of the store; never throws because the store is unavailable
     */
    public Health health() {
        return engine.health();
    }

    /**
     * Removes expired sessions and reports them to the listener. Calling this on a schedule turns off sweeping within
     * requests: by default every 64th new session removes up to 100 expired ones. Blocks.
     *
     * @param limit the maximum number of sessions, at least 1
     * @return how many were removed; 0 if the store expires records automatically
     * @throws StoreException if the store is unavailable
     */
    public int sweep(int limit) {
        return engine.sweepOnSchedule(limit);
    }

    /**
     * Returns the names of the cookies that carry tokens, for adapters that check whether their server uses one of
     * these names.
     *
     * @return the names as configured, including those of {@link Config#alsoAccept}; empty if no token comes in a
     *     cookie
     */
    @Override
    public Set<String> cookieNames() {
        return engine.cookieNames();
    }

    /**
     * Returns the idle timeout that applies because the application set none, for adapters whose server has a setting
     * of its own.
     *
     * @return the library's default; empty if {@link Config#idleTimeout} was called
     */
    public Optional<Duration> implicitIdleTimeout() {
        return engine.unchosenIdleTimeout();
    }

    /** Omits the configuration, so that no secret is shown. */
    @Override
    public String toString() {
        return "Sessions";
    }

    /**
     * The options. Each method documents its default, its bounds and the meaning of zero; all return the same object.
     * Not thread-safe; sealed when {@link Sessions#create} returns.
     */
    public static final class Config extends StoreConfig<Config> {
        private final List<String> secrets = new ArrayList<>();

        private Config() {
            super(new EngineSettings.Builder(), "Sessions.create");
        }

        /**
         * Sets the secrets that sign tokens. The first signs, all verify; a token that an older one signed is signed
         * again at its next use. To rotate, put the new secret in front, and drop the old one once the absolute timeout
         * has passed. No default.
         *
         * @param first at least 32 bytes of randomness, for example from {@code openssl rand -base64 32}
         * @param older former secrets that are still accepted
         * @return this
         * @throws IllegalArgumentException if one is missing, too short, or known from tutorials
         */
        public Config secret(@Nullable String first, String... older) {
            open();
            secrets.clear();
            secrets.addAll(SecretList.of(first, older));
            return this;
        }

        /**
         * Sets how the token travels. Default: {@link Transports#cookie()}. Several transports form a chain: each is
         * searched for the request's token. The response uses the transport that carried the token; a new token uses
         * the first transport, unless {@link #newTokensBy} specifies another. Of two different valid tokens in one
         * request, one is accepted only if the other is dead or belongs to the same user; otherwise both are refused,
         * and the listener is notified. A login or logout leaves the client with one token or none.
         *
         * @param first the transport for new tokens
         * @param others further transports to accept tokens from
         * @return this
         */
        public Config transport(TokenTransport first, TokenTransport... others) {
            open().transports = Transports.chain(first, others);
            return this;
        }

        /**
         * Sets the cookie's options: short for {@code transport(Transports.cookie(options))}.
         *
         * @param options sets what differs from the default
         * @return this
         */
        public Config cookie(Consumer<CookieOptions> options) {
            return transport(Transports.cookie(options));
        }

        /**
         * Sets how long a session lives without being used. Default 30 minutes.
         *
         * @param timeout at least 1 second, at most 3,650 days; {@link Duration#ZERO} for none
         * @return this
         */
        public Config idleTimeout(Duration timeout) {
            open().idleTimeout = Objects.requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how long a session lives at most, used or not, counted from its beginning or from the last login.
         * Default 12 hours. If it is raised later, a store with a separate user index ({@code RedisStore}) lists older
         * sessions only until the end that they had before.
         *
         * @param timeout at least 1 second, at most 3,650 days; {@link Duration#ZERO} for none, which needs an idle
         *     timeout
         * @return this
         */
        public Config absoluteTimeout(Duration timeout) {
            open().absoluteTimeout = Objects.requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how long a session that is only read goes without a store call that restarts its idle timeout. Default 1
         * minute, or a quarter of the idle timeout if that is less. The effective idle timeout lies between the
         * configured one minus this interval and the configured one.
         *
         * @param interval less than half of the idle timeout; {@link Duration#ZERO} to restart it with every request
         *     that reads
         * @return this
         */
        public Config touchInterval(Duration interval) {
            open().touchInterval = Objects.requireNonNull(interval, "interval");
            return this;
        }

        /**
         * Stores a session for every request that has none, even if nothing is set. Default: off. Costs one store call
         * and one cookie for each request of a client without a session, including robots. A client that cannot be
         * given the token gets no session, nor does one whose session the handler has destroyed.
         *
         * @return this
         */
        public Config saveUninitialized() {
            open().saveUninitialized = true;
            return this;
        }

        /**
         * Saves each existing session with every request, changed or not. Default: off. Costs one load and one
         * compare-and-set for every request with a token. An unchanged save that conflicts with a real change is
         * dropped.
         *
         * @return this
         */
        public Config resave() {
            open().resave = true;
            return this;
        }

        /**
         * Sends the token and restarts the idle timeout with every request. Default: off. Costs one load and one touch
         * for every request with a token.
         *
         * @return this
         */
        public Config rolling() {
            open().rolling = true;
            return this;
        }

        /**
         * Counts every request with a valid token as a use of its session, including images and style sheets, whether
         * or not a handler uses the session, as in the Servlet specification (7.6). Default: off, so that a request
         * that does not use its session costs nothing and does not extend it. Costs one load and one touch for each
         * session in each {@link #touchInterval} on each node, not for each request. An unavailable store does not fail
         * a request that does not use its session.
         *
         * <p>Between touches a node relies on what it saw last: if another node shortens an idle timeout, this takes
         * effect with the next load.
         *
         * @return this
         */
        public Config touchOnEveryRequest() {
            open().touchOnEveryRequest = true;
            return this;
        }

        /**
         * Lets {@link Session#remember} keep browsers signed in after their session has expired, for 30 days: short for {@code
         * rememberMe(r -> {})}.
         *
         * @return this
         */
        public Config rememberMe() {
            return rememberMe(options -> {});
        }

        /**
         * Lets {@link Session#remember} keep browsers signed in after their session has expired. Default: off.
         *
         * <p>A further cookie holds a token that is used once. A request without a live session that has one begins a new
         * session of its user when its handler first uses the session; the response carries the next token. {@link
         * SessionView#isRemembered} is true then. That costs five store calls; a request that
         * does not use its session costs nothing. A token that was replaced more than 30 seconds ago has been copied: all
         * sessions of that browser end, and {@link SessionListener#onTokenReused} is called.
         *
         * @param options sets what differs from the default
         * @return this
         * @throws IllegalArgumentException when the sessions are created, if there is no cookie transport, if the store has no user
         *     index, if the record format has no room for it, or if an option is out of bounds
         */
        public Config rememberMe(Consumer<RememberOptions> options) {
            RememberOptions chosen = new RememberOptions();
            options.accept(chosen);
            open().remember = chosen.rules();
            return this;
        }

        /**
         * Replaces the token of a session, the secret that its client holds, from time to time: the renewal of session ids that
         * OWASP describes. Default: off. A request whose token is older gets the next one in its response. The session stays what
         * it is: its public id, its data and its times do not change.
         *
         * <p>For the {@linkplain #renewalGrace grace period} the former token counts too, so that requests at the same time and
         * after a lost response go on. A token that was replaced earlier than that has been copied: the session ends, with
         * {@link SessionListener.DestroyReason#TOKEN_REUSED}, and {@link SessionListener#onTokenReused} is called.
         *
         * <p>Only requests that use their session renew its token, and only in a cookie: neither {@link #quiet} paths and
         * WebSocket handshakes do, nor clients that send it in a header. A renewal costs one store call, or none if the request saves anyway; so does each
         * request with the former token. A user who signs in gets another id anyway, whatever this is.
         *
         * @param interval at least 1 minute and less than the absolute timeout
         * @return this
         * @throws IllegalArgumentException when the sessions are created, if it is out of bounds, if there is no cookie transport,
         *     or if the token format or the record format belongs to another library
         * @see <a href="https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html#renewal-timeout">OWASP
         *     Session Management Cheat Sheet, Renewal Timeout</a>
         */
        public Config renewTokenEvery(Duration interval) {
            open().renewTokenEvery = Objects.requireNonNull(interval, "interval");
            return this;
        }

        /**
         * Sets how long a token is accepted after {@link #renewTokenEvery} has replaced it. Default 1 minute. A client that loses
         * the response with its new token, and is silent for longer, is signed out.
         *
         * @param period at least 1 second, at most the interval of the renewal
         * @return this
         * @throws IllegalArgumentException when the sessions are created, if it is out of bounds or tokens are not renewed
         */
        public Config renewalGrace(Duration period) {
            open().renewalGrace = Objects.requireNonNull(period, "period");
            return this;
        }

        /**
         * Sets a transport other than the first for new tokens of some requests, if web and mobile clients share an
         * application: {@code c.transport(cookie(), bearer()).newTokensBy(bearer(), Requests.below("/api"))}. A client
         * that sent a valid token gets its response through the same transport, whatever its request. May be called
         * several times; the first matching rule applies. Default: new tokens use the first transport of {@link
         * #transport}.
         *
         * @param transport one of those in {@link #transport}
         * @param requests which requests; see {@link Requests}
         * @return this
         * @throws IllegalArgumentException when the sessions are created, if tokens are not accepted from this
         *     transport
         */
        public Config newTokensBy(TokenTransport transport, Predicate<Exchange> requests) {
            open().newTokensBy(
                            Objects.requireNonNull(transport, "transport"),
                            Objects.requireNonNull(requests, "requests"));
            return this;
        }

        /**
         * Sets what happens while the store is unavailable. Default {@link StoreUnavailablePolicy#FAIL}.
         *
         * @param policy the policy
         * @return this
         */
        public Config whenStoreUnavailable(StoreUnavailablePolicy policy) {
            open().whenStoreUnavailable = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Sets how records are written. Default: the project's own JSON. For sharing sessions with another library.
         *
         * @param format the format
         * @return this
         */
        public Config recordFormat(RecordFormat format) {
            open().recordFormat = Objects.requireNonNull(format, "format");
            return this;
        }

        /**
         * Sets how ids are signed. Default: the project's own token format. For sharing sessions with another library;
         * {@link #secret} is not used then and need not be set.
         *
         * @param format the format
         * @return this
         */
        public Config tokenFormat(TokenFormat format) {
            open().tokenFormat = Objects.requireNonNull(format, "format");
            return this;
        }

        /**
         * Accepts tokens from another route, in addition to {@link #transport} and {@link #tokenFormat}, so that users
         * stay signed in while a cookie's name, the transport or the format changes. It applies if a request has no
         * valid token of the current route. A client that uses it keeps its session; at its next use the client gets a
         * current token and the other one is removed, together with a touch or another write. An id with characters
         * that the current format cannot carry keeps its token until it is replaced. May be called several times.
         * Default: none.
         *
         * <p>With several nodes, change in two steps: first every node accepts the new route and issues the old one,
         * then every node issues the new route and accepts the old one. Remove the option when no session from before
         * is left.
         *
         * @param transport what carries the tokens; a cookie has a different name than the current one, or the very
         *     same place
         * @param format the format of the tokens, for example {@link Sessions#tokenFormat}
         * @return this
         */
        public Config alsoAccept(TokenTransport transport, TokenFormat format) {
            open().alsoAccept(Objects.requireNonNull(transport, "transport"), Objects.requireNonNull(format, "format"));
            return this;
        }

        private EngineSettings settings() {
            return build(secrets);
        }
    }
}
