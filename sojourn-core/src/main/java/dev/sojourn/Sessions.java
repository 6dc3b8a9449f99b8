package dev.sojourn;

import dev.sojourn.engine.Engine;
import dev.sojourn.engine.EngineSettings;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.TokenFormat;
import dev.sojourn.spi.TokenTransport;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
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
        return EngineSettings.ownTokens(all(first, older));
    }

    private static List<String> all(@Nullable String first, String... older) {
        List<String> secrets = new ArrayList<>();
        secrets.add(first == null ? "" : first);
        secrets.addAll(List.of(older));
        return secrets;
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
    public static final class Config extends CommonConfig<Config> {
        private final List<String> secrets = new ArrayList<>();
        private final EngineSettings.Builder settings;

        private Config() {
            this(new EngineSettings.Builder());
        }

        private Config(EngineSettings.Builder settings) {
            super(settings, "Sessions.create");
            this.settings = settings;
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
            secrets.addAll(all(first, older));
            return this;
        }

        /**
         * Sets the store. Default: a {@link MemoryStore}, which ends with the process and is not shared.
         *
         * @param store the store; the caller closes it
         * @return this
         */
        public Config store(SessionStore store) {
            open().store = Objects.requireNonNull(store, "store");
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
            List<TokenTransport> chain = new ArrayList<>();
            chain.add(Objects.requireNonNull(first, "first"));
            chain.addAll(List.of(others));
            open().transports = List.copyOf(chain);
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
         * Sets the maximum size of a session's record. Default 65,536 bytes.
         *
         * @param bytes at least 256, at most 16 MiB
         * @return this
         */
        public Config maxSessionBytes(int bytes) {
            open().maxSessionBytes = bytes;
            return this;
        }

        /**
         * Sets the maximum number of attributes of a session. Default 1,000. Setting one more throws {@link
         * SessionTooLargeException}. A record that already has more, because another program wrote it or the limit was
         * higher, can be read and changed, but accepts no further attributes.
         *
         * @param count at least 1, at most 1,000,000
         * @return this
         */
        public Config maxAttributes(int count) {
            open().maxAttributes = count;
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
         * Gives every request a lease on its session from its first use until the response's head: even a read followed
         * by a later set then loses nothing, on any number of nodes. Default: off, since {@link Session#update} and
         * separate attributes do not need it. Costs one more store call for a request that writes and two for one that
         * reads, and the requests of one client wait for each other.
         *
         * <p>A handler that calls its own server with the same client's cookie waits for itself until {@link
         * #exclusiveWait} has passed.
         *
         * @return this
         */
        public Config exclusive() {
            return exclusive("/");
        }

        /**
         * Gives the requests of some paths a lease on their session; see {@link #exclusive()}. Requests of other paths
         * change the session without a lease; their changes are kept.
         *
         * @param paths each covers itself and everything below it, below any prefix at which the application is
         *     mounted, and in every spelling that a router may accept for it: percent signs, case, {@code //}, {@code
         *     /./}, {@code /x/../} and {@code ;parameters} make no difference. In doubt a request counts as covered
         * @return this
         * @throws IllegalArgumentException when the sessions are created, if one does not begin with a slash
         */
        public Config exclusive(String... paths) {
            open().exclusivePaths = List.of(paths);
            return this;
        }

        /**
         * Sets how long a request may hold the lease on its session. Default 30 seconds. A request that takes longer
         * saves nothing and fails with 503 if another request has held the lease in the meantime. A lease held by a
         * node that dies also ends after this time.
         *
         * @param lease 1 second to 10 minutes
         * @return this
         */
        public Config exclusiveLease(Duration lease) {
            open().exclusiveLease = Objects.requireNonNull(lease, "lease");
            return this;
        }

        /**
         * Sets how long a request waits for the lease on its session. Default 10 seconds; then it fails with 503 and
         * {@code Retry-After}.
         *
         * @param timeout zero to 10 minutes. {@link Duration#ZERO} for one attempt without waiting: a request gets a
         *     session that is free, and fails with 503 at once if another request holds it or changes it at that moment
         * @return this
         */
        public Config exclusiveWait(Duration timeout) {
            open().exclusiveWait = Objects.requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how many requests of one session may wait in this process for its lease, not counting the holder.
         * Default 32. Each holds a thread for up to {@link #exclusiveWait}; further ones fail with 503 and {@code
         * Retry-After} at once, so that one client cannot hold all threads.
         *
         * @param requests 0 to 100,000; 0 for none to wait
         * @return this
         */
        public Config maxWaitingExclusive(int requests) {
            open().maxWaitingExclusive = requests;
            return this;
        }

        /**
         * Sets how many requests of one session may wait in this process to save it, while another one does. Default
         * 256. They are saved together, in one write, so they wait long only if the store is slow or another node
         * writes the same session constantly; 5 seconds at most. Further ones fail with 503 and {@code Retry-After} at
         * once. Ending a session is never refused for this reason.
         *
         * @param requests 0 to 100,000; 0 for none to wait
         * @return this
         */
        public Config maxWaitingSaves(int requests) {
            open().maxWaitingSaves = requests;
            return this;
        }

        /**
         * Sets how many calls may wait for a store that does not respond. Default 32. If more calls are in progress and
         * the store has not responded to any for a second, further calls fail at once with 503 and {@code Retry-After}.
         * The first response ends that. So a store that hangs holds about this many threads plus those that arrive
         * within a second; the other threads serve requests that use no session. A slow store that responds is not
         * limited. Calls that end sessions and {@link Sessions#health} are limited in the same way.
         *
         * <p>Choose less than half of the threads that serve requests. With virtual threads it matters little.
         *
         * @param calls at least 1; {@link Integer#MAX_VALUE} for no limit
         * @return this
         */
        public Config maxHungStoreCalls(int calls) {
            open().maxHungStoreCalls = calls;
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
         * Sets the generator of ids. Default: 32 bytes from the random source, in base64url. Called 64 times at
         * start-up.
         *
         * @param generator returns a different text each time, at least 22 characters, all of base64url; unguessable;
         *     thread-safe
         * @return this
         */
        public Config genid(Supplier<String> generator) {
            open().generator = Objects.requireNonNull(generator, "generator");
            return this;
        }

        /**
         * Sets the random source. Default: a new {@link SecureRandom}.
         *
         * @param random the source
         * @return this
         */
        public Config random(SecureRandom random) {
            open().random = Objects.requireNonNull(random, "random");
            return this;
        }

        /**
         * Sets the executor for work that no request has to wait for: the sweeping of expired sessions. Default: none;
         * every 64th new session sweeps in its own request.
         *
         * @param executor the executor; the caller shuts it down
         * @return this
         */
        public Config executor(Executor executor) {
            open().executor = Objects.requireNonNull(executor, "executor");
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

        private EngineSettings.Builder open() {
            checkOpen();
            return settings;
        }

        private EngineSettings settings() {
            EngineSettings built = settings.build(secrets);
            seal();
            return built;
        }
    }
}
