package dev.sojourn;

import dev.sojourn.engine.Engine;
import dev.sojourn.engine.EngineSettings;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.TokenFormat;
import dev.sojourn.spi.TokenTransport;
import java.security.SecureRandom;
import java.time.Clock;
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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The sessions of an application: configured once, shared by all its requests, mounted in its HTTP framework by an
 * adapter.
 *
 * <p>Immutable and thread-safe. Owns no thread and nothing that needs closing: a store belongs to whoever made it.
 */
public final class Sessions {
    private final Engine engine;

    private Sessions(Engine engine) {
        this.engine = engine;
    }

    /**
     * Sessions of this configuration.
     *
     * @param configuration sets the options; a secret is needed, everything else has a default
     * @return the sessions
     * @throws IllegalArgumentException if an option is out of bounds or two of them cannot hold together; the message
     *     says what to do
     * @throws IllegalStateException if the versions of Jackson's parts on the class path do not fit together; the message
     *     names them
     */
    public static Sessions create(Consumer<Config> configuration) {
        EngineSettings.checkLibraries();
        Config config = new Config();
        configuration.accept(config);
        return new Sessions(Engine.of(config.settings()));
    }

    /**
     * The project's own records, the default of {@link Config#recordFormat}. For whoever reads or writes records without an engine,
     * to bring them from one place to another.
     *
     * @return the format
     */
    public static RecordFormat recordFormat() {
        return EngineSettings.ownRecords();
    }

    /**
     * The project's own tokens, the default of {@link Config#tokenFormat}. For {@link Config#alsoAccept}.
     *
     * @param first signs, as in {@link Config#secret}
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
    public SessionScope open(Exchange exchange) {
        return engine.open(exchange);
    }

    /**
     * The sessions of a user, on every node and device: to list where they are signed in, and to end that.
     *
     * @param subject who it is, as given to {@link Session#login}
     * @return the user's sessions; no store call yet
     * @throws NullPointerException if it is null, as {@link Session#subject()} is where nobody is signed in
     * @throws IllegalArgumentException if no user can be called that
     * @throws UnsupportedOperationException if the store keeps no index of users
     */
    public UserSessions of(String subject) {
        return engine.of(subject);
    }

    /**
     * Returns the names of the request headers in which tokens may come: {@code Cookie}, {@code Authorization} or another, by
     * the configured transports. For whatever keeps requests and must not keep what opens a session.
     *
     * @return the names; compare without regard to case
     */
    public Set<String> tokenHeaders() {
        return engine.tokenHeaders();
    }

    /**
     * Returns the name that a user's sessions are kept under: what {@link Session#subject} gives after a login as this user.
     *
     * @param user the user, as the application calls it now
     * @return the name by the rule of {@link Config#normalizeSubjects}
     * @throws IllegalArgumentException if no user can be called that
     */
    public String normalizeSubject(String user) {
        return engine.subject(user);
    }

    /**
     * Asks the store how it is, with one read. Blocks until it answers or its deadline has passed; says at once that the
     * store hangs while {@link Config#maxHungStoreCalls} is exceeded. For an operator's health check; requests need none,
     * each finds out for itself.
     *
     * @return the answer; never throws because the store is away
     */
    public Health health() {
        return engine.health();
    }

    /**
     * Removes expired sessions and tells the listener of them. An application that calls this on a schedule switches the
     * sweeping within requests off: by default every 64th new session takes up to 100 expired ones away. Blocks.
     *
     * @param limit how many at most, at least 1
     * @return how many were removed; 0 where the store forgets by itself
     * @throws StoreException if the store cannot answer
     */
    public int sweep(int limit) {
        return engine.sweepOnSchedule(limit);
    }

    /**
     * The names of the cookies that bring tokens, for adapters that look whether their server uses one of these for itself.
     *
     * @return the names as configured, those of {@link Config#alsoAccept} too; empty where no token comes in a cookie
     */
    public Set<String> cookieNames() {
        return engine.cookieNames();
    }

    /**
     * The idle timeout that holds because the application chose none, for adapters whose server has a setting of its own for
     * it.
     *
     * @return the library's default; empty where {@link Config#idleTimeout} was called
     */
    public Optional<Duration> implicitIdleTimeout() {
        return engine.unchosenIdleTimeout();
    }

    /** Says nothing about secrets. */
    @Override
    public String toString() {
        return "Sessions";
    }

    /**
     * The options. Each method says its default, its bounds and what zero means; all return the same object. Not
     * thread-safe; sealed when {@link Sessions#create} returns.
     */
    public static final class Config {
        private final List<String> secrets = new ArrayList<>();
        private final EngineSettings.Builder settings = new EngineSettings.Builder();
        private boolean sealed;

        private Config() {}

        /**
         * The secrets that sign tokens. The first signs, all verify; a token that an older one signed is signed anew at
         * its next use. To rotate: put the new one in front, and drop the old one once the absolute timeout has passed.
         * No default.
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
         * Where sessions are kept. Default: a {@link MemoryStore}, which ends with the process and is not shared.
         *
         * @param store the store; stays the caller's to close
         * @return this
         */
        public Config store(SessionStore store) {
            open().store = Objects.requireNonNull(store, "store");
            return this;
        }

        /**
         * How the token travels. Default: {@link Transports#cookie()}. Several form a chain: each is asked for the
         * request's token, the answer goes by the one that carried it, and a new token by the first, unless {@link #newTokensBy} says otherwise. Of two
         * different valid tokens in one request one counts only if the other is dead or the same user's; else none does, and the
         * listener is told. A login or logout leaves the client one or none.
         *
         * @param first the transport that new tokens take
         * @param others further ones to accept tokens from
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
         * The cookie's options: short for {@code transport(Transports.cookie(options))}.
         *
         * @param options sets what differs from the default
         * @return this
         */
        public Config cookie(Consumer<CookieOptions> options) {
            return transport(Transports.cookie(options));
        }

        /**
         * How long a session lives without being used. Default 30 minutes.
         *
         * @param timeout at least 1 second, at most 3,650 days; {@link Duration#ZERO} for none
         * @return this
         */
        public Config idleTimeout(Duration timeout) {
            open().idleTimeout = Objects.requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * How long a session lives at most, used or not, counted from its beginning or from the last login. Default 12
         * hours. If it is raised later, a store that keeps a separate index of users ({@code RedisStore}) lists sessions
         * that began before only up to the end that they had then.
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
         * How long a session that is only read goes without a store call that restarts its idle timeout. Default 1
         * minute, or a quarter of the idle timeout if that is less. The idle timeout a client sees lies between the
         * configured one less this interval and the configured one.
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
         * How large a session's record may be. Default 65,536 bytes.
         *
         * @param bytes at least 256, at most 16 MiB
         * @return this
         */
        public Config maxSessionBytes(int bytes) {
            open().maxSessionBytes = bytes;
            return this;
        }

        /**
         * How many attributes a session may have. Default 1,000. One more is refused when it is set, with a
         * {@link SessionTooLargeException}. A record that has more already, because another program wrote it or the limit was
         * higher, can be read and changed; it only gets no further ones.
         *
         * @param count at least 1, at most 1,000,000
         * @return this
         */
        public Config maxAttributes(int count) {
            open().maxAttributes = count;
            return this;
        }

        /**
         * Stores a session for every request that has none, even if nobody sets anything. Default: off. Costs one store
         * call and one cookie for each request of a client without one, robots included. A client that could not be given
         * the token is left without, as is one whose session the handler has destroyed.
         *
         * @return this
         */
        public Config saveUninitialized() {
            open().saveUninitialized = true;
            return this;
        }

        /**
         * Saves each existing session with every request, changed or not. Default: off. Costs one load and one
         * compare-and-set for every request with a token. A save of nothing that meets a real change is dropped.
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
         * Counts every request that brings a valid token as a use of its session, pictures and style sheets too, whether or
         * not a handler asks for the session: the Servlet specification counts so (7.6). Default: off, a request that does
         * not ask for its session costs nothing and counts for nothing. Costs one load and one touch for each session in each
         * {@link #touchInterval} on each node, not for each request. A store that is away then fails no request that can do
         * without it.
         *
         * <p>In between a node relies on what it saw last: an idle timeout that another node has shortened meanwhile counts
         * from the next load on.
         *
         * @return this
         */
        public Config touchOnEveryRequest() {
            open().touchOnEveryRequest = true;
            return this;
        }

        /**
         * Gives every request its session to itself from its first use until its response's head: then even reading an
         * attribute and setting it later loses nothing, on any number of nodes. Default: off, since {@link Session#update}
         * and attributes of their own need none of it. Costs one store call more for a request that writes and two for one
         * that reads, and the requests of one client wait for each other.
         *
         * <p>A handler that asks its own server for something with the same client's cookie waits for itself until
         * {@link #exclusiveWait} has passed.
         *
         * @return this
         */
        public Config exclusive() {
            return exclusive("/");
        }

        /**
         * Gives the requests of some paths their session to themselves; see {@link #exclusive()}. Requests of other paths
         * change the session as always; their changes are kept.
         *
         * @param paths each holds for itself and everything below, below any prefix that the application is mounted at, and
         *     in every spelling that a router may take for it: percent signs, case, {@code //}, {@code /./}, {@code /x/../} and
         *     {@code ;parameters} make no difference. In doubt a request counts as covered
         * @return this
         * @throws IllegalArgumentException when the sessions are created, if one does not begin with a slash
         */
        public Config exclusive(String... paths) {
            open().exclusivePaths = List.of(paths);
            return this;
        }

        /**
         * How long a request may have its session to itself. Default 30 seconds. A request that takes longer and finds
         * that another one has had the session since saves nothing and is answered 503. A node that dies is waited out
         * for as long.
         *
         * @param lease 1 second to 10 minutes
         * @return this
         */
        public Config exclusiveLease(Duration lease) {
            open().exclusiveLease = Objects.requireNonNull(lease, "lease");
            return this;
        }

        /**
         * How long a request waits for another one that has the session to itself. Default 10 seconds; then it is
         * answered 503 with {@code Retry-After}.
         *
         * @param patience zero to 10 minutes. {@link Duration#ZERO} for one try and no wait: a request gets a session that is
         *     free, and is answered 503 at once where another one has it or changes it at that moment
         * @return this
         */
        public Config exclusiveWait(Duration patience) {
            open().exclusiveWait = Objects.requireNonNull(patience, "patience");
            return this;
        }

        /**
         * How many requests of one session wait in this process to have it to themselves, beside the one that has it.
         * Default 32. Each holds a thread for up to {@link #exclusiveWait}; further ones are answered 503 with
         * {@code Retry-After} at once, so that one client cannot hold all threads.
         *
         * @param requests 0 to 100,000; 0 for none to wait
         * @return this
         */
        public Config maxWaitingExclusive(int requests) {
            open().maxWaitingExclusive = requests;
            return this;
        }

        /**
         * How many requests of one session wait in this process to save it, while another one does. Default 256. They are
         * saved together, in one write, so they wait for long only where the store is slow to answer or another node writes
         * the same session all the time; 5 seconds at most. Further ones are answered 503 with {@code Retry-After} at once.
         * Ending a session is never refused for this.
         *
         * @param requests 0 to 100,000; 0 for none to wait
         * @return this
         */
        public Config maxWaitingSaves(int requests) {
            open().maxWaitingSaves = requests;
            return this;
        }

        /**
         * How many calls may wait for a store that answers nothing. Default 32. Once more are under way than this and the
         * store has answered nothing for a second, further calls are refused at once: 503 with {@code Retry-After}. The
         * first answer ends that. So a store that hangs holds about as many threads as this and what a second brings; the
         * others serve the requests that use no session. A slow store that answers is not limited. Ending sessions and
         * {@link Sessions#health} are refused in the same way.
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
         * Sets the rule that brings each name of a user to one spelling, wherever a name comes in: {@link Session#login},
         * {@link Sessions#of}, the drop-in and Spring. Default: names are compared letter by letter, so {@code ALICE} is another
         * user than {@code alice}. An application whose logins ignore case needs the same rule here. Sessions of before the rule stay under
         * the name that they were begun with.
         *
         * @param rule gives the one spelling, and leaves it as it is; for example {@code name -> name.toLowerCase(Locale.ROOT)}
         * @return this
         */
        public Config normalizeSubjects(UnaryOperator<String> rule) {
            open().subjects = Objects.requireNonNull(rule, "rule");
            return this;
        }

        /**
         * Gives new tokens to the clients of some requests by another transport than the first, where web and mobile clients
         * share an application: {@code c.transport(cookie(), bearer()).newTokensBy(bearer(), Requests.below("/api"))}. A client that
         * came with a valid token is answered by the way it came, whatever its request. May be said several times; the first that
         * holds counts. Default: new tokens take the first transport of {@link #transport}.
         *
         * @param transport one of those in {@link #transport}
         * @param requests which requests; see {@link Requests}
         * @return this
         * @throws IllegalArgumentException when the sessions are created, if tokens are not accepted from this transport
         */
        public Config newTokensBy(TokenTransport transport, Predicate<Exchange> requests) {
            open().newTokensBy(
                            Objects.requireNonNull(transport, "transport"),
                            Objects.requireNonNull(requests, "requests"));
            return this;
        }

        /**
         * Makes the ids. Default: 32 bytes from the random source, in base64url. Asked 64 times at start-up.
         *
         * @param generator gives another text each time, at least 22 characters, all of base64url; unguessable;
         *     thread-safe
         * @return this
         */
        public Config genid(Supplier<String> generator) {
            open().generator = Objects.requireNonNull(generator, "generator");
            return this;
        }

        /**
         * The proxies whose word counts on whether the client came by https ({@code X-Forwarded-Proto} or
         * {@code Forwarded}). Default: none. Anybody else's headers are ignored.
         *
         * @param networks addresses or networks, for example {@code 10.0.0.0/8} or {@code ::1}
         * @return this
         * @throws IllegalArgumentException if one is neither
         */
        public Config trustedProxies(String... networks) {
            open().trustedProxies = List.of(networks);
            return this;
        }

        /**
         * What time it is. Default: the system's clock.
         *
         * @param clock the clock, read to the millisecond
         * @return this
         */
        public Config clock(Clock clock) {
            open().clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Where randomness comes from. Default: a new {@link SecureRandom}.
         *
         * @param random the source
         * @return this
         */
        public Config random(SecureRandom random) {
            open().random = Objects.requireNonNull(random, "random");
            return this;
        }

        /**
         * Where work goes that no request has to wait for: the sweeping of expired sessions. Default: none; every 64th
         * new session sweeps in its own request.
         *
         * @param executor the executor; stays the caller's to shut down
         * @return this
         */
        public Config executor(Executor executor) {
            open().executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Who hears what happens. Default: nobody.
         *
         * @param listener the listener
         * @return this
         */
        public Config listener(SessionListener listener) {
            open().listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * What writes attributes as JSON and reads them. Default: Jackson's own. Its strictness is Sojourn's whatever it
         * says: nothing is bent silently, dates keep their zones, constants of an enum go by their names. Its shapes hold as
         * long as a value comes back from them as what it is; a value that does not is refused when it is set.
         *
         * @param mapper the mapper, without default typing
         * @return this
         * @throws IllegalArgumentException when the sessions are created, if the mapper has default typing, by which stored
         *     data names classes
         */
        public Config jsonMapper(JsonMapper mapper) {
            open().mapper = Objects.requireNonNull(mapper, "mapper");
            return this;
        }

        /**
         * What happens when stored data cannot be read. Default {@link WhenUnreadable#IGNORE_ATTRIBUTE}.
         *
         * @param policy the policy
         * @return this
         */
        public Config whenUnreadable(WhenUnreadable policy) {
            open().whenUnreadable = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * What happens while the store does not answer. Default {@link WhenStoreUnavailable#FAIL}.
         *
         * @param policy the policy
         * @return this
         */
        public Config whenStoreUnavailable(WhenStoreUnavailable policy) {
            open().whenStoreUnavailable = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * How records are written. Default: the project's own JSON. For sharing sessions with another library.
         *
         * @param format the format
         * @return this
         */
        public Config recordFormat(RecordFormat format) {
            open().recordFormat = Objects.requireNonNull(format, "format");
            return this;
        }

        /**
         * How ids are signed. Default: the project's own. For sharing sessions with another library; {@link #secret} is
         * then that format's own business and need not be given.
         *
         * @param format the format
         * @return this
         */
        public Config tokenFormat(TokenFormat format) {
            open().tokenFormat = Objects.requireNonNull(format, "format");
            return this;
        }

        /**
         * Another way in which a client's token may come, beside {@link #transport} and {@link #tokenFormat}, while a cookie's
         * name, the transport or the format changes and everybody is to stay signed in. It counts where a request has no valid
         * token of today. Whoever comes by it keeps the session; at its next use today's token is given and the other one taken
         * away, beside a touch or another write. An id that today's format has no characters for travels on as it came until
         * there is a new one. May be said several times. Default: none.
         *
         * <p>With several nodes in two steps: first every node accepts the new way and gives the old one, then every node gives
         * the new way and accepts the old one. It can go when no session of that time is left.
         *
         * @param transport what carries the tokens; a cookie has another name than today's, or the very same place
         * @param format what they are written in, for example {@link Sessions#tokenFormat}
         * @return this
         */
        public Config alsoAccept(TokenTransport transport, TokenFormat format) {
            open().alsoAccept(Objects.requireNonNull(transport, "transport"), Objects.requireNonNull(format, "format"));
            return this;
        }

        private EngineSettings.Builder open() {
            if (sealed) {
                throw new IllegalStateException("the configuration is sealed once Sessions.create has returned");
            }
            return settings;
        }

        private EngineSettings settings() {
            EngineSettings built = settings.build(secrets);
            sealed = true;
            return built;
        }
    }
}
