package dev.sojourn;

import dev.sojourn.engine.CommonSettings;
import dev.sojourn.engine.SealedEngine;
import dev.sojourn.engine.SealedSettings;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SealFormat;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.spi.TokenTransport;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sealed sessions of an application: each is kept in its client's cookie, encrypted and authenticated, and nowhere
 * else. Configured once, shared by all requests, mounted in an HTTP framework by an adapter. {@link SealedSession}
 * describes what this gives up.
 *
 * <p>A request calls no store. Revocations, if they are configured, are read by the request that finds them older than
 * their delay.
 *
 * <p>Immutable and thread-safe. Owns no thread and nothing that needs closing.
 */
public final class SealedSessions implements SessionSource {
    private final SealedEngine engine;
    private final @Nullable Revocations revocations;

    private SealedSessions(SealedEngine engine, @Nullable Revocations revocations) {
        this.engine = engine;
        this.revocations = revocations;
    }

    /**
     * Creates sealed sessions with this configuration.
     *
     * @param configuration sets the options; a seal and a decision about logout are required ({@link Config#seal}, {@link
     *     Config#revocations} or {@link Config#logoutOnlyClearsTheCookie}), everything else has a default
     * @return the sessions
     * @throws IllegalArgumentException if one of these is missing, if an option is out of bounds, or if two options
     *     contradict each other; the message says what to do
     * @throws IllegalStateException if the versions of Jackson's parts on the class path do not match; the message
     *     names them
     */
    public static SealedSessions create(Consumer<Config> configuration) {
        CommonSettings.checkLibraries();
        Config config = new Config();
        configuration.accept(config);
        return config.build();
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

    @Override
    public Set<String> cookieNames() {
        return engine.cookieNames();
    }

    @Override
    public Set<String> tokenHeaders() {
        return engine.tokenHeaders();
    }

    /**
     * Returns what ends sessions on every node, for example to end all sessions of a user.
     *
     * @return the revocations; empty if a logout only clears the cookie
     */
    public Optional<Revocations> revocations() {
        return Optional.ofNullable(revocations);
    }

    /**
     * Ends all sessions of a user, on every node, within the delay of the revocations. The user can sign in again at once.
     * Blocks until the revocations' store has confirmed it.
     *
     * @param user the user, as given to {@link SealedSession#login}: {@link CommonConfig#normalizeSubjects} applies
     * @throws IllegalArgumentException if it is not a well-formed subject
     * @throws IllegalStateException if the sessions have no revocations, so that a logout only clears the cookie
     * @throws SessionUnavailableException if the store did not confirm it; repeat it then
     */
    public void endAll(String user) {
        if (revocations == null) {
            throw new IllegalStateException(
                    "these sealed sessions cannot be ended, because a logout only clears the cookie:"
                            + " replace c.logoutOnlyClearsTheCookie() by c.revocations(Revocations.in(store))");
        }
        revocations.endAll(normalizeSubject(user));
    }

    /**
     * Returns the subject as which a user is signed in: the value of {@link SessionView#subject} after a login as this
     * user.
     *
     * @param user the user, as the application names them
     * @return the subject, by the rule of {@link CommonConfig#normalizeSubjects}
     * @throws IllegalArgumentException if it is not a well-formed subject
     */
    public String normalizeSubject(String user) {
        return engine.subject(user);
    }

    /** Omits the configuration, so that no secret is shown. */
    @Override
    public String toString() {
        return "SealedSessions";
    }

    /**
     * The options. Each method documents its default, its bounds and the meaning of zero; all return the same object.
     * Not thread-safe; sealed when {@link SealedSessions#create} returns.
     */
    public static final class Config extends CommonConfig<Config> {
        private final SealedSettings.Builder settings;
        private @Nullable Revocations revocations;

        private Config() {
            this(new SealedSettings.Builder());
        }

        private Config(SealedSettings.Builder settings) {
            super(settings, "SealedSessions.create");
            this.settings = settings;
        }

        /**
         * Sets what encrypts and authenticates sessions, for example {@code Jwe.secret(secret)} of module {@code
         * sojourn-jwt}. Every node has the same one. No default.
         *
         * @param seal the format; each cookie and each application gets a separate key
         * @return this
         */
        public Config seal(SealFormat seal) {
            open().seal = Objects.requireNonNull(seal, "seal");
            return this;
        }

        /**
         * Ends sessions that are destroyed, regenerated or replaced by a login on every node, within the delay of the
         * revocations, although clients may keep copies of their cookies. Costs one store call for each session that is
         * ended and for each login, and a refresh of the node's view when a request finds it too old. While the view
         * cannot be refreshed, requests with a session fail with 503, unless the revocations say otherwise. No default:
         * this or {@link #logoutOnlyClearsTheCookie} is required.
         *
         * @param revocations where ended sessions are listed; may be shared with other sources of sessions
         * @return this
         * @throws IllegalArgumentException when the sessions are created, if there is no absolute timeout
         */
        public Config revocations(Revocations revocations) {
            open().revocations(
                            Objects.requireNonNull(revocations, "revocations").list());
            this.revocations = revocations;
            return this;
        }

        /**
         * Accepts that a logout only removes the cookie from the client: a copy of the cookie works until it expires. No
         * default: this or {@link #revocations} is required.
         *
         * @return this
         */
        public Config logoutOnlyClearsTheCookie() {
            open().logoutOnlyClearsTheCookie = true;
            return this;
        }

        /**
         * Sets how the session travels. Default: {@link Transports#cookie()}. Several transports form a chain: each is
         * searched. The response uses the transport that carried the session; a new session uses the first one. Of
         * several different sessions in one request, one is accepted only if the others are dead, are copies of it, or
         * belong to the same user; otherwise none is, and the listener is notified. Name and value have at most 4,093
         * bytes, also in a header.
         *
         * @param first the transport for new sessions
         * @param others further transports to accept sessions from
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
         * Sets how long a session lives without being used. Default 30 minutes. A session without a user is sealed again
         * only when it changes, so that its last change counts.
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
         * Default 12 hours. No session can set a longer one for itself. A revocation is kept for this time.
         *
         * @param timeout at least 1 second, at most 3,650 days; {@link Duration#ZERO} for none, which needs an idle
         *     timeout and {@link #logoutOnlyClearsTheCookie}
         * @return this
         */
        public Config absoluteTimeout(Duration timeout) {
            open().absoluteTimeout = Objects.requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how long the session of a user goes without a new cookie that restarts its idle timeout, if it is only
         * read. Default 1 minute, or a quarter of the idle timeout if that is less. The effective idle timeout lies
         * between the configured one minus this interval and the configured one.
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
         * Sets the maximum number of attributes of a session. Default 1,000. Setting one more throws {@link
         * SessionTooLargeException}.
         *
         * @param count at least 1, at most 1,000,000
         * @return this
         */
        public Config maxAttributes(int count) {
            open().maxAttributes = count;
            return this;
        }

        /**
         * Sets the paths whose requests do not keep a session alive, such as those that a page polls: the idle timeout runs on
         * whatever these requests read or change. Only {@link SealedSession#touch} and a new id restart it. Default: none.
         * {@link SealedSession#quiet} does the same for one request.
         *
         * @param paths each covers itself and everything below it, in every spelling that a router may accept for it; in
         *     doubt a request counts as covered
         * @return this
         * @throws IllegalArgumentException when the sessions are created, if one does not begin with a slash
         */
        public Config quiet(String... paths) {
            open().quietPaths = List.of(paths);
            return this;
        }

        /**
         * Sets what browsers forget of this site when a handler destroys the client's session: the response that removes the
         * cookie then has the header {@code Clear-Site-Data}. Default: none. Only browsers follow it, and only over https. A
         * header that the application sets itself stays.
         *
         * @param types {@code "cache"}, {@code "storage"}, {@code "cookies"} (those of every application of the registrable
         *     domain), {@code "*"}, or one of {@code clientHints}, {@code executionContexts}, {@code prefetchCache}, {@code
         *     prerenderCache}
         * @return this
         * @throws IllegalArgumentException when the sessions are created, if one is unknown
         */
        public Config clearSiteData(String... types) {
            open().clearSiteData = List.of(types);
            return this;
        }

        /**
         * Sets the random source of the sessions' public ids. Default: a new {@link SecureRandom}. The seal has one of
         * its own.
         *
         * @param random the source
         * @return this
         */
        public Config random(SecureRandom random) {
            open().random = Objects.requireNonNull(random, "random");
            return this;
        }

        private SealedSettings.Builder open() {
            checkOpen();
            return settings;
        }

        private SealedSessions build() {
            SealedSessions built = new SealedSessions(SealedEngine.of(settings.build()), revocations);
            seal();
            return built;
        }
    }
}
