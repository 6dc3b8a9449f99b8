package dev.sojourn.engine;

import dev.sojourn.CookieLifetime;
import dev.sojourn.MemoryStore;
import dev.sojourn.SameSite;
import dev.sojourn.SessionListener;
import dev.sojourn.StoreUnavailablePolicy;
import dev.sojourn.Transports;
import dev.sojourn.UnreadablePolicy;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.TokenFormat;
import dev.sojourn.spi.TokenTransport;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The configuration, complete and checked. */
public final class EngineSettings {
    private static final Duration ONE_MINUTE = Duration.ofMinutes(1);
    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);
    private static final int SMALLEST_RECORD = 256;
    private static final int LARGEST_RECORD = 16 << 20;
    private static final int MOST_WAITING = 100_000;
    private static final int MOST_ATTRIBUTES = 1_000_000;

    final SessionStore store;
    /** The current routes, that of new tokens first. */
    final List<TokenRoute> routes;
    /** Routes that are also accepted, while an application changes its routes. */
    final List<TokenRoute> otherRoutes;

    private final List<NewTokens> newTokens;
    private final UnaryOperator<String> subjects;
    final TokenWarning strangeTokens;

    private final @Nullable CookieRules cookie;
    final RecordFormat recordFormat;
    final @Nullable String subjectAttribute;
    final ValueCodec values;
    final Deadlines deadlines;
    final boolean idleTimeoutIsChosen;
    final Limits limits;
    final boolean saveUninitialized;
    final boolean resave;
    final boolean rolling;
    final boolean touchOnEveryRequest;
    final Supplier<String> ids;
    final TrustedProxies proxies;
    /** Ticks in milliseconds: as exact as records keep times. */
    final Clock clock;

    final @Nullable Executor executor;
    final SessionListener listener;
    final UnreadablePolicy whenUnreadable;
    final StoreUnavailablePolicy whenStoreUnavailable;
    final LeaseRules exclusive;

    /**
     * Returns the default record format.
     *
     * @return the format
     */
    public static RecordFormat ownRecords() {
        return new SojournRecordFormat();
    }

    /**
     * Returns the default token format.
     *
     * @param secrets the secrets; the first one signs, all verify
     * @return the format
     * @throws IllegalArgumentException if one is missing, too short, or known from tutorials
     */
    public static TokenFormat ownTokens(List<String> secrets) {
        return new SignedTokenFormat(secrets);
    }

    /**
     * Checks the JSON library by writing and reading a value.
     *
     * @throws IllegalStateException if the versions of its parts do not fit together
     */
    public static void checkLibraries() {
        try {
            JacksonCheck.run();
        } catch (LinkageError e) {
            throw JacksonCheck.failure(e);
        }
    }

    private EngineSettings(Builder from, List<String> secrets) {
        this.clock = Clock.tick(from.clock, Duration.ofMillis(1));
        this.store = from.store != null ? from.store : memory(from.clock);
        TokenFormat tokens = from.tokenFormat != null ? from.tokenFormat : ownTokens(secrets);
        List<TokenTransport> chain = from.transports != null ? from.transports : List.of(Transports.cookie());
        this.routes = chain.stream()
                .map(transport -> new TokenRoute(transport, tokens))
                .toList();
        this.otherRoutes = List.copyOf(from.otherRoutes);
        this.newTokens = from.newTokens.stream().map(this::newTokens).toList();
        this.subjects = from.subjects;
        this.strangeTokens = new TokenWarning(from.clock);
        this.cookie = routes.stream().flatMap(TokenRoute::cookies).findFirst().orElse(null);
        checkPlaces();
        this.recordFormat = from.recordFormat != null ? from.recordFormat : ownRecords();
        this.subjectAttribute = recordFormat.subjectAttribute().orElse(null);
        this.values = new ValueCodec(from.mapper, recordFormat::foreignRoundTrip);
        this.deadlines = deadlines(idle(from), from.absoluteTimeout, from.touchInterval);
        this.idleTimeoutIsChosen = from.idleTimeout != null;
        this.limits =
                new Limits(from.maxSessionBytes, from.maxAttributes, from.maxWaitingSaves, from.maxHungStoreCalls);
        this.saveUninitialized = from.saveUninitialized;
        this.resave = from.resave;
        this.rolling = from.rolling;
        this.touchOnEveryRequest = from.touchOnEveryRequest;
        this.ids = from.generator != null ? SessionIds.checking(from.generator) : SessionIds.random(from.random);
        this.proxies = new TrustedProxies(from.trustedProxies);
        this.executor = from.executor;
        this.listener = from.listener;
        this.whenUnreadable = from.whenUnreadable;
        this.whenStoreUnavailable = from.whenStoreUnavailable;
        this.exclusive = leases(from);
        checkLeases();
    }

    private static LeaseRules leases(Builder from) {
        return new LeaseRules(
                PathRules.of("an exclusive", from.exclusivePaths),
                from.exclusiveLease,
                from.exclusiveWait,
                from.maxWaitingExclusive);
    }

    private void checkLeases() {
        if (!exclusive.isOff() && !recordFormat.canLease()) {
            throw new IllegalArgumentException(
                    "sessions cannot be exclusive in this record format, which has no room for"
                            + " a lease: leave exclusive() away, or use the default format");
        }
    }

    /**
     * What a session, and what waits for it, may take up.
     *
     * @param maxSessionBytes the size of a record
     * @param maxAttributes the number of attributes
     * @param maxWaitingSaves how many requests of a session may wait to save it
     * @param maxHungStoreCalls how many threads may wait for a store that does not respond
     */
    record Limits(int maxSessionBytes, int maxAttributes, int maxWaitingSaves, int maxHungStoreCalls) {
        Limits {
            if (maxSessionBytes < SMALLEST_RECORD || maxSessionBytes > LARGEST_RECORD) {
                throw new IllegalArgumentException(
                        "maxSessionBytes lies between 256 and 16777216, not " + maxSessionBytes);
            }
            if (maxAttributes < 1 || maxAttributes > MOST_ATTRIBUTES) {
                throw new IllegalArgumentException(
                        "maxAttributes lies between 1 and " + MOST_ATTRIBUTES + ", not " + maxAttributes);
            }
            checkWaiting("maxWaitingSaves", maxWaitingSaves);
            if (maxHungStoreCalls < 1) {
                throw new IllegalArgumentException("maxHungStoreCalls is at least 1, not " + maxHungStoreCalls);
            }
        }
    }

    /** Keeps the store's default for the system clock: the store's own time is compared with this node's clock. */
    private static SessionStore memory(Clock clock) {
        return clock.equals(Clock.systemUTC())
                ? new MemoryStore()
                : MemoryStore.builder().clock(clock).build();
    }

    /** Returns half an hour, or less if the application set only an absolute timeout that is shorter. */
    private static Duration idle(Builder from) {
        if (from.idleTimeout != null) {
            return from.idleTimeout;
        }
        boolean shorter = !from.absoluteTimeout.isZero() && from.absoluteTimeout.compareTo(HALF_AN_HOUR) < 0;
        return shorter ? from.absoluteTimeout : HALF_AN_HOUR;
    }

    private static Deadlines deadlines(Duration idle, Duration absolute, @Nullable Duration touchInterval) {
        checkTimeout("idleTimeout", idle);
        checkTimeout("absoluteTimeout", absolute);
        checkSomeTimeout(idle, absolute);
        if (!idle.isZero() && !absolute.isZero() && idle.compareTo(absolute) > 0) {
            throw new IllegalArgumentException(
                    "an idleTimeout of " + idle + " never comes before the absoluteTimeout of " + absolute
                            + ": shorten the one or lengthen the other");
        }
        Duration quarter = idle.dividedBy(4);
        Duration interval = touchInterval != null
                ? touchInterval
                : idle.isZero() || quarter.compareTo(ONE_MINUTE) > 0 ? ONE_MINUTE : quarter;
        if (interval.isNegative() || (!idle.isZero() && interval.compareTo(idle.dividedBy(2)) >= 0)) {
            throw new IllegalArgumentException(
                    "the touchInterval is at least zero and less than half of the idleTimeout of " + idle + ", not "
                            + interval);
        }
        return new Deadlines(idle, absolute, interval);
    }

    /** Checks how many requests of one session may wait for each other. */
    static void checkWaiting(String option, int requests) {
        if (requests < 0 || requests > MOST_WAITING) {
            throw new IllegalArgumentException(option + " lies between 0 and " + MOST_WAITING + ", not " + requests);
        }
    }

    /** Checks a timeout, configured or of one session. */
    static void checkTimeout(String option, Duration timeout) {
        boolean inBounds = timeout.compareTo(Duration.ofSeconds(1)) >= 0 && timeout.compareTo(Deadlines.LONGEST) <= 0;
        if (!timeout.isZero() && !inBounds) {
            throw new IllegalArgumentException(
                    option + " lies between 1 second and 3650 days, or is Duration.ZERO for none, not " + timeout);
        }
    }

    static void checkSomeTimeout(Duration idle, Duration absolute) {
        if (idle.isZero() && absolute.isZero()) {
            throw new IllegalArgumentException(
                    "a session without an idleTimeout and without an absoluteTimeout would never end: set one of them");
        }
    }

    /** Requests whose clients receive new tokens by another route. */
    private record NewTokens(Predicate<Exchange> requests, TokenRoute route) {}

    /** The route has to be a current one, so that the token is accepted when it comes again. */
    private NewTokens newTokens(Builder.NewTokensBy rule) {
        return routes.stream()
                .filter(route -> route.transport().equals(rule.transport()))
                .findFirst()
                .map(route -> new NewTokens(rule.requests(), route))
                .orElseThrow(() -> new IllegalArgumentException("newTokensBy(...) names a transport that tokens are not"
                        + " accepted from: name it in c.transport(...) too, a cookie as the same object"));
    }

    /** Returns the route of a new token for the client of a request that came without one. */
    TokenRoute routeOfNewTokens(Exchange exchange) {
        for (NewTokens each : newTokens) {
            if (each.requests().test(exchange)) {
                return each.route();
            }
        }
        return routes.get(0);
    }

    /**
     * Returns the subject under which a user's sessions are kept.
     *
     * @param name the user name as the application passes it
     * @return the name normalized by the application's rule
     * @throws IllegalArgumentException if no user can be called that, or the rule changes its own result
     */
    public String subject(String name) {
        TextRules.requireSubject(name);
        String subject = subjects.apply(name);
        TextRules.requireSubject(subject);
        if (!subjects.apply(subject).equals(subject)) {
            throw new IllegalArgumentException(
                    "the rule of c.normalizeSubjects(...) gives another name for a name that it has"
                            + " given: make it leave its own results alone, as toLowerCase(Locale.ROOT) does");
        }
        return subject;
    }

    /** Returns the lifetime of a session's cookie: its own, or the configured one; other transports have none. */
    CookieLifetime cookieLifetime(SessionSettings session) {
        CookieLifetime own = session.cookieLifetime();
        if (own != null) {
            return own;
        }
        return cookie == null ? CookieLifetime.browserSession() : cookie.lifetime();
    }

    SameSite cookieSameSite() {
        return cookie == null ? SameSite.LAX : cookie.sameSite();
    }

    /** Throws if browsers would refuse the cookie with this rule. */
    void checkSameSite(SameSite rule) {
        if (rule == SameSite.NONE && cookie != null && !cookie.secure()) {
            throw new IllegalArgumentException("browsers refuse SameSite=None without Secure");
        }
    }

    /** A request does not contain the path and domain of a cookie, and a browser deletes it only there. */
    private void checkPlaces() {
        List<CookieRules> cookies = Stream.concat(routes.stream(), otherRoutes.stream())
                .flatMap(TokenRoute::cookies)
                .toList();
        for (CookieRules one : cookies) {
            for (CookieRules other : cookies) {
                if (one.name().equals(other.name()) && !one.isInPlaceOf(other)) {
                    throw new IllegalArgumentException(
                            "there are two cookies called " + one.name()
                                    + " with different paths or domains, which cannot be distinguished in a request: give the new one another name");
                }
            }
        }
    }

    /** Collects the options. Its fields are the configuration's defaults. */
    public static final class Builder {
        /** See {@code Sessions.Config.store}. */
        public @Nullable SessionStore store;
        /** See {@code Sessions.Config.transport}. */
        public @Nullable List<TokenTransport> transports;
        /** See {@code Sessions.Config.subjects}. */
        public UnaryOperator<String> subjects = UnaryOperator.identity();
        /** See {@code Sessions.Config.newTokensBy}. */
        private final List<NewTokensBy> newTokens = new ArrayList<>();

        private record NewTokensBy(TokenTransport transport, Predicate<Exchange> requests) {}

        /** See {@code Sessions.Config.tokenFormat}. */
        public @Nullable TokenFormat tokenFormat;
        /** See {@code Sessions.Config.alsoAccept}. */
        private final List<TokenRoute> otherRoutes = new ArrayList<>();
        /** See {@code Sessions.Config.recordFormat}. */
        public @Nullable RecordFormat recordFormat;
        /** See {@code Sessions.Config.jsonMapper}. */
        public JsonMapper mapper = JsonMapper.builder().build();
        /** See {@code Sessions.Config.idleTimeout}. */
        public @Nullable Duration idleTimeout;
        /** See {@code Sessions.Config.absoluteTimeout}. */
        public Duration absoluteTimeout = Duration.ofHours(12);
        /** See {@code Sessions.Config.touchInterval}. */
        public @Nullable Duration touchInterval;
        /** See {@code Sessions.Config.maxSessionBytes}. */
        public int maxSessionBytes = 65_536;
        /** See {@code Sessions.Config.saveUninitialized}. */
        public boolean saveUninitialized;
        /** See {@code Sessions.Config.resave}. */
        public boolean resave;
        /** See {@code Sessions.Config.rolling}. */
        public boolean rolling;
        /** See {@code Sessions.Config.touchOnEveryRequest}. */
        public boolean touchOnEveryRequest;
        /** See {@code Sessions.Config.genid}. */
        public @Nullable Supplier<String> generator;
        /** See {@code Sessions.Config.trustedProxies}. */
        public List<String> trustedProxies = List.of();
        /** See {@code Sessions.Config.clock}. */
        public Clock clock = Clock.systemUTC();
        /** See {@code Sessions.Config.random}. */
        public SecureRandom random = new SecureRandom();
        /** See {@code Sessions.Config.executor}. */
        public @Nullable Executor executor;
        /** See {@code Sessions.Config.listener}. */
        public SessionListener listener = new SessionListener() {};
        /** See {@code Sessions.Config.whenUnreadable}. */
        public UnreadablePolicy whenUnreadable = UnreadablePolicy.IGNORE_ATTRIBUTE;
        /** See {@code Sessions.Config.whenStoreUnavailable}. */
        public StoreUnavailablePolicy whenStoreUnavailable = StoreUnavailablePolicy.FAIL;

        /** See {@code Sessions.Config.exclusive}. */
        public List<String> exclusivePaths = List.of();
        /** See {@code Sessions.Config.exclusiveLease}. */
        public Duration exclusiveLease = Duration.ofSeconds(30);
        /** See {@code Sessions.Config.exclusiveWait}. */
        public Duration exclusiveWait = Duration.ofSeconds(10);
        /** See {@code Sessions.Config.maxWaitingExclusive}. */
        public int maxWaitingExclusive = 32;
        /** See {@code Sessions.Config.maxAttributes}. */
        public int maxAttributes = 1_000;
        /** See {@code Sessions.Config.maxWaitingSaves}. */
        public int maxWaitingSaves = 256;
        /** See {@code Sessions.Config.maxHungStoreCalls}. */
        public int maxHungStoreCalls = 32;

        /** The defaults. */
        public Builder() {}

        /**
         * See {@code Sessions.Config.newTokensBy}.
         *
         * @param transport what carries new tokens
         * @param requests to whose clients
         */
        public void newTokensBy(TokenTransport transport, Predicate<Exchange> requests) {
            newTokens.add(new NewTokensBy(transport, requests));
        }

        /**
         * See {@code Sessions.Config.alsoAccept}.
         *
         * @param transport what carries the tokens
         * @param format what they are written in
         */
        public void alsoAccept(TokenTransport transport, TokenFormat format) {
            otherRoutes.add(new TokenRoute(transport, format));
        }

        /**
         * Checks the options.
         *
         * @param secrets the secrets, the first signs
         * @return the settings
         * @throws IllegalArgumentException if one is out of bounds or two of them cannot hold together
         */
        public EngineSettings build(List<String> secrets) {
            return new EngineSettings(this, secrets);
        }
    }
}
