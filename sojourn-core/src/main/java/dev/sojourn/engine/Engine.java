package dev.sojourn.engine;

import dev.sojourn.Health;
import dev.sojourn.Session;
import dev.sojourn.UserSessions;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.TypedAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The engine behind {@code Sessions}: opens scopes and knows the parts. */
public final class Engine {
    private final EngineSettings settings;
    private final UserIndexProtocol userIndex;
    private final SessionRecords records;
    private final RememberEnd remember;
    private final SessionLoader loader;
    private final LeaseManager leases;
    private final Sweeper sweeper;
    private final @Nullable AccessCache accesses;
    private final LogOnce complaints = new LogOnce();

    private Engine(EngineSettings settings, RetryPacer pacer) {
        this.settings = settings;
        HungCallLimit limit = HungCallLimit.of(settings.store, settings.limits.maxHungStoreCalls(), pacer);
        ConfirmingStore store = new ConfirmingStore(settings.store, limit, pacer);
        ClockComparison clocks = new ClockComparison(settings.store, limit);
        this.userIndex = new UserIndexProtocol(settings.store, settings.deadlines, limit, pacer);
        this.records = new SessionRecords(settings, store, userIndex, clocks, pacer);
        this.remember = new RememberEnd(records, userIndex);
        this.loader = new SessionLoader(settings, records, new RememberSignIn(settings, records, remember));
        this.leases = new LeaseManager(records, settings.clock, pacer, settings.exclusive);
        this.sweeper = new Sweeper(settings, clocks);
        this.accesses = settings.touchOnEveryRequest ? new AccessCache(settings.deadlines) : null;
    }

    /**
     * Creates an engine in real time.
     *
     * @param settings the configuration
     * @return the engine
     */
    public static Engine of(EngineSettings settings) {
        return new Engine(settings, RetryPacer.REAL);
    }

    /**
     * Creates an engine that waits as a pacer does, for proofs.
     *
     * @param settings the configuration
     * @param pacer how it waits
     * @return the engine
     */
    public static Engine of(EngineSettings settings, RetryPacer pacer) {
        return new Engine(settings, pacer);
    }

    /**
     * Opens the scope of a request; no I/O.
     *
     * @param exchange the request
     * @return the scope
     */
    public SessionScope open(Exchange exchange) {
        return new RequestScope(this, exchange);
    }

    /**
     * Returns the sessions of a user.
     *
     * @param user the user name
     * @return the user's sessions; no I/O yet
     */
    public UserSessions of(String user) {
        Objects.requireNonNull(
                user,
                "sessions.of(…) takes a user, not null: subject() of a session without a user is null. Check it first, or call"
                        + " session.login(user) where the user is known");
        String subject = settings.subject(user);
        if (settings.store.userIndex().isEmpty()) {
            throw new UnsupportedOperationException("this store keeps no index of users, so their sessions cannot be"
                    + " found: use a store that has a userIndex()");
        }
        return new UserSessionsImpl(settings, records, userIndex, remember, subject);
    }

    /**
     * Returns the subject under which a user's sessions are kept.
     *
     * @param user the user name
     * @return the subject
     */
    public String subject(String user) {
        return settings.subject(user);
    }

    /**
     * Probes the store with one call.
     *
     * @return whether it responded, and how fast
     */
    public Health health() {
        long began = System.nanoTime();
        Optional<String> problem = Optional.empty();
        try {
            records.probe();
        } catch (StoreException e) {
            problem = Optional.of(String.valueOf(e.getMessage()));
        }
        return new Health(problem.isEmpty(), Duration.ofNanos(System.nanoTime() - began), problem);
    }

    /**
     * Returns the names of the cookies in which tokens may come.
     *
     * @return the names
     */
    public Set<String> cookieNames() {
        Stream<CookieRules> sessions = Stream.concat(settings.routes.stream(), settings.otherRoutes.stream())
                .flatMap(TokenRoute::cookies);
        return Stream.concat(sessions, Stream.ofNullable(settings.remember).map(RememberSettings::rules))
                .map(CookieRules::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns the request headers in which tokens may come.
     *
     * @return their names
     */
    public Set<String> tokenHeaders() {
        Stream<String> own = settings.families == null ? Stream.empty() : Stream.of(BearerHeader.NAME);
        Stream<String> routes = Stream.concat(settings.routes.stream(), settings.otherRoutes.stream())
                .map(route -> route.transport().varyHeader());
        return Stream.concat(own, routes).collect(Collectors.toUnmodifiableSet());
    }

    /** See {@code Sessions.unchosenIdleTimeout}. */
    public Optional<Duration> unchosenIdleTimeout() {
        return settings.idleTimeoutIsChosen ? Optional.empty() : Optional.of(settings.deadlines.idleTimeout());
    }

    ClientToken client(Exchange exchange, EventBuffer events) {
        return settings.families == null
                ? new ClientToken(settings, exchange, events)
                : new FamilyClient(settings, settings.families, exchange, events);
    }

    /** Returns the records that this engine reads and writes. */
    SessionRecords records() {
        return records;
    }

    EventBuffer events() {
        return new EventBuffer(settings.listener, complaints);
    }

    /** Whether only a signed-in user may make a request, because of its path. */
    boolean isSignInRequired(Exchange exchange) {
        return settings.signInPaths.cover(exchange);
    }

    /** Returns a session as the handler sees it. */
    Session handlerSession(ScopedSession session) {
        return new HandlerSession(settings, session);
    }

    /** Returns a session's attributes for an adapter whose values have types. */
    TypedAttributes typedAttributes(ScopedSession session) {
        return new HandlerAttributes(settings, session);
    }

    ScopedSession session(EventBuffer events, ClientToken client) {
        return new ScopedSession(
                settings,
                records,
                remember,
                loader,
                new RequestLease(leases, records, events),
                events,
                client,
                (name, check) -> new DetachedSessionImpl(this, records, client.detachedExchange(), name, check));
    }

    /** Returns the cache of recent accesses; null if only a handler's use extends the idle timeout. */
    @Nullable
    AccessCache accesses() {
        return accesses;
    }

    /** Returns what refuses requests of other sites. */
    CrossSiteGuard guard() {
        return settings.guard;
    }

    /** Whether sessions have access tokens, which are looked up in a list of revocations. */
    boolean hasRevocations() {
        return settings.families != null;
    }

    /** Whether an option requires a store call even for a session that no handler uses. */
    boolean loadsEverySession() {
        return settings.saveUninitialized || settings.resave || settings.rolling;
    }

    /** Whether an option requires a store call for a request, even if no handler uses its session. */
    boolean loadsSessionOf(Exchange exchange) {
        return loadsEverySession() && (settings.saveUninitialized || !settings.quiet.cover(exchange));
    }

    /**
     * Sweeps at the application's call, and stops sweeping within requests.
     *
     * @param limit how many records at most
     * @return how many were removed
     */
    public int sweepOnSchedule(int limit) {
        return sweeper.sweepOnSchedule(limit);
    }

    /** Counts a session that has been stored for the first time or under a new id. */
    void countNewRecord() {
        sweeper.countNewRecord();
    }
}
