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
    private final SessionRecords vault;
    private final LeaseManager exclusive;
    private final Sweeper sweeper;
    private final @Nullable AccessCache accesses;
    private final LogOnce complaints = new LogOnce();

    private Engine(EngineSettings settings, RetryPacer pacer) {
        this.settings = settings;
        this.vault = new SessionRecords(settings, pacer);
        this.exclusive = new LeaseManager(vault, pacer, settings.exclusive);
        this.sweeper = new Sweeper(settings, vault);
        this.accesses = settings.touchOnEveryRequest ? new AccessCache(settings.deadlines) : null;
    }

    /**
     * An engine in real time.
     *
     * @param settings the configuration
     * @return the engine
     */
    public static Engine of(EngineSettings settings) {
        return new Engine(settings, RetryPacer.REAL);
    }

    /**
     * An engine that waits as it is told, for proofs.
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
     * The sessions of a user.
     *
     * @param user who it is
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
        return new UserSessionsImpl(settings, vault, subject);
    }

    /**
     * The one name that a user's sessions are kept under.
     *
     * @param user who it is
     * @return the subject
     */
    public String subject(String user) {
        return settings.subject(user);
    }

    /**
     * Asks the store how it is.
     *
     * @return the answer
     */
    public Health health() {
        long began = System.nanoTime();
        Optional<String> problem = Optional.empty();
        try {
            vault.probe();
        } catch (StoreException e) {
            problem = Optional.of(String.valueOf(e.getMessage()));
        }
        return new Health(problem.isEmpty(), Duration.ofNanos(System.nanoTime() - began), problem);
    }

    /**
     * The names of the cookies that tokens may come in.
     *
     * @return the names
     */
    public Set<String> cookieNames() {
        return Stream.concat(settings.ways.stream(), settings.otherWays.stream())
                .flatMap(TokenRoute::cookies)
                .map(CookieRules::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns the request headers in which tokens may come.
     *
     * @return their names
     */
    public Set<String> tokenHeaders() {
        return Stream.concat(settings.ways.stream(), settings.otherWays.stream())
                .map(way -> way.transport().variesOn())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** See {@code Sessions.unchosenIdleTimeout}. */
    public Optional<Duration> unchosenIdleTimeout() {
        return settings.idleTimeoutIsChosen ? Optional.empty() : Optional.of(settings.deadlines.idleTimeout());
    }

    ClientToken client(Exchange exchange, EventBuffer events) {
        return new ClientToken(settings, exchange, events);
    }

    EventBuffer events() {
        return new EventBuffer(settings.listener, complaints);
    }

    /** What a handler gets of it. */
    Session handed(RequestSession session) {
        return new HandlerSession(settings, session);
    }

    /** What an adapter gets of it whose values have types. */
    TypedAttributes typed(RequestSession session) {
        return new HandlerAttributes(settings, session);
    }

    RequestSession session(EventBuffer events, ClientToken client) {
        return new RequestSession(
                settings,
                vault,
                new RequestLease(exclusive, vault, events),
                events,
                client,
                (id, check) -> new DetachedSessionImpl(this, vault, client.detachedExchange(), id, check));
    }

    /** What is known of who came lately; null where only a handler's use counts. */
    @Nullable
    AccessCache accesses() {
        return accesses;
    }

    /** Whether an option asks for a store call even where no handler does. */
    boolean loadsEverySession() {
        return settings.saveUninitialized || settings.resave || settings.rolling;
    }

    /**
     * Sweeps because the application says so; sweeping within requests ends.
     *
     * @param limit how many records at most
     * @return how many were taken away
     */
    public int sweepOnSchedule(int limit) {
        return sweeper.sweepOnSchedule(limit);
    }

    /** A session has a record in the store that had none. */
    void storedNewRecord() {
        sweeper.storedNewRecord();
    }
}
