package dev.sojourn.engine;

import dev.sojourn.DeviceAddress;
import dev.sojourn.MemoryStore;
import dev.sojourn.OnLimit;
import dev.sojourn.SessionTooLargeException;
import dev.sojourn.StoreUnavailablePolicy;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.LogText;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.TokenFormat;
import dev.sojourn.spi.TokenTransport;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The configuration, complete and checked. */
public final class EngineSettings extends ScopeSettings {
    private static final int SMALLEST_RECORD = 256;
    private static final int LARGEST_RECORD = 16 << 20;
    private static final int MOST_WAITING = 100_000;

    final SessionStore store;
    /** The current routes, that of new tokens first. */
    final List<TokenRoute> routes;
    /** Routes that are also accepted, while an application changes its routes. */
    final List<TokenRoute> otherRoutes;

    private final List<NewTokens> newTokens;
    final TokenWarning strangeTokens;
    final Limits limits;
    final boolean saveUninitialized;
    final boolean resave;
    final boolean rolling;
    final boolean touchOnEveryRequest;
    final Supplier<String> ids;
    final @Nullable Executor executor;
    final StoreUnavailablePolicy whenStoreUnavailable;
    /** What sessions keep of the devices on which users sign in. */
    final DeviceRules devices;
    /** How many sessions a user may have; null for no limit. */
    final @Nullable LimitRule sessionLimit;

    final LeaseRules exclusive;
    /** What remember-me needs; null if it is off. */
    final @Nullable RememberSettings remember;
    /** What sessions with access tokens and refresh tokens need; null for all others. */
    final @Nullable FamilySettings families;
    /** When session tokens are replaced. */
    final TokenRenewal renewal;

    final CrossSiteGuard guard;

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

    private EngineSettings(Builder from, List<String> secrets) {
        super(from, from.recordFormat != null ? from.recordFormat : ownRecords());
        this.store = encrypted(from.store != null ? from.store : memory(from.clock), from);
        TokenFormat tokens = from.tokenFormat != null ? from.tokenFormat : ownTokens(secrets);
        this.routes = transports.stream()
                .map(transport -> new TokenRoute(transport, tokens))
                .toList();
        this.otherRoutes = List.copyOf(from.otherRoutes);
        this.newTokens = from.newTokens.stream().map(this::newTokens).toList();
        this.strangeTokens = new TokenWarning(from.clock);
        checkPlaces();
        this.limits =
                new Limits(from.maxSessionBytes, from.maxAttributes, from.maxWaitingSaves, from.maxHungStoreCalls);
        this.saveUninitialized = from.saveUninitialized;
        this.resave = from.resave;
        this.rolling = from.rolling;
        this.touchOnEveryRequest = from.touchOnEveryRequest;
        this.ids = from.generator != null ? SessionIds.checking(from.generator) : SessionIds.random(from.random);
        this.executor = from.executor;
        this.whenStoreUnavailable = from.whenStoreUnavailable;
        this.devices = new DeviceRules(from.deviceAddress, from.deviceName);
        this.sessionLimit = from.onSessionLimit == null
                ? null
                : checked(new LimitRule(from.maxSessionsPerUser, from.onSessionLimit));
        this.exclusive = leases(from);
        checkLeases();
        this.remember = from.remember == null ? null : new RememberSettings(from.remember, this, secrets);
        this.families = from.families == null ? null : new FamilySettings(from.families, this, from.random, secrets);
        this.renewal = new TokenRenewal(from.renewTokenEvery, from.renewalGrace, this);
        this.guard = new CrossSiteGuard(this, transports().toList());
    }

    /** Returns everything that may sign a request in, apart from access tokens. */
    private Stream<TokenTransport> transports() {
        Stream<TokenTransport> ofSessions =
                Stream.concat(routes.stream(), otherRoutes.stream()).map(TokenRoute::transport);
        return remember == null ? ofSessions : Stream.concat(ofSessions, Stream.of(remember.cookie));
    }

    /** Returns what happens to a session's access tokens before it ends. */
    AccessRevocation accessRevocation() {
        return families == null ? new UnrevokedAccess(clock) : families;
    }

    private SessionStore encrypted(SessionStore plain, Builder from) {
        if (from.encryptionSecrets == null) {
            return plain;
        }
        if (!recordFormat.canRetire()) {
            throw new IllegalArgumentException(
                    "another library reads the records of this format, so they cannot be encrypted:"
                            + " leave encryptRecords(...) and readEncryptedRecords(...) away, or use the default format");
        }
        try {
            RecordCipher cipher = new RecordCipher(from.encryptionSecrets, from.random);
            return new EncryptingStore(plain, cipher, from.encrypts);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("encryptRecords: " + e.getMessage(), e);
        }
    }

    /** Returns a rule that can be kept: it needs the index, and a record format with room for a permit. */
    LimitRule checked(LimitRule rule) {
        if (store.userIndex().isEmpty()) {
            throw new IllegalArgumentException("this store keeps no index of users, so the sessions of one cannot be"
                    + " counted: leave maxSessionsPerUser(...) away, or use a store that has a userIndex()");
        }
        if (!recordFormat.canRetire()) {
            throw new IllegalArgumentException("the sessions of a user cannot be limited in this record format, which"
                    + " belongs to another library: leave maxSessionsPerUser(...) away, or use the default format");
        }
        return rule;
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
    record Limits(int maxSessionBytes, int maxAttributes, int maxWaitingSaves, int maxHungStoreCalls)
            implements AttributeLimits {
        Limits {
            if (maxSessionBytes < SMALLEST_RECORD || maxSessionBytes > LARGEST_RECORD) {
                throw new IllegalArgumentException(
                        "maxSessionBytes lies between 256 and 16777216, not " + maxSessionBytes);
            }
            AttributeLimits.checkMaxAttributes(maxAttributes);
            checkWaiting("maxWaitingSaves", maxWaitingSaves);
            if (maxHungStoreCalls < 1) {
                throw new IllegalArgumentException("maxHungStoreCalls is at least 1, not " + maxHungStoreCalls);
            }
        }

        @Override
        public void checkSize(String attribute, int bytes) {
            if (bytes > maxSessionBytes) {
                throw new SessionTooLargeException("attribute " + LogText.quote(attribute) + " alone has " + bytes
                        + " bytes, a session's limit is " + maxSessionBytes
                        + " (c.maxSessionBytes, with Spring sojourn.max-session-size)."
                        + " Keep large things in a database and their key in the session");
            }
        }
    }

    /** Keeps the store's default for the system clock: the store's own time is compared with this node's clock. */
    private static SessionStore memory(Clock clock) {
        return clock.equals(Clock.systemUTC())
                ? new MemoryStore()
                : MemoryStore.builder().clock(clock).build();
    }

    /** Checks how many requests of one session may wait for each other. */
    static void checkWaiting(String option, int requests) {
        if (requests < 0 || requests > MOST_WAITING) {
            throw new IllegalArgumentException(option + " lies between 0 and " + MOST_WAITING + ", not " + requests);
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
    public static final class Builder extends ScopeSettings.Builder {
        /** See {@code Sessions.Config.store}. */
        public @Nullable SessionStore store;
        /** See {@code Sessions.Config.newTokensBy}. */
        private final List<NewTokensBy> newTokens = new ArrayList<>();

        private record NewTokensBy(TokenTransport transport, Predicate<Exchange> requests) {}

        /** See {@code Sessions.Config.tokenFormat}. */
        public @Nullable TokenFormat tokenFormat;
        /** See {@code Sessions.Config.alsoAccept}. */
        private final List<TokenRoute> otherRoutes = new ArrayList<>();
        /** See {@code Sessions.Config.recordFormat}. */
        public @Nullable RecordFormat recordFormat;
        /** See {@code Sessions.Config.maxSessionBytes}. */
        public int maxSessionBytes = 65_536;
        /** See {@code Sessions.Config.encryptRecords}; null for off. */
        private @Nullable List<String> encryptionSecrets;
        /** Whether records are encrypted; else they are only decrypted. */
        private boolean encrypts;
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
        /** See {@code Sessions.Config.executor}. */
        public @Nullable Executor executor;
        /** See {@code Sessions.Config.whenStoreUnavailable}. */
        public StoreUnavailablePolicy whenStoreUnavailable = StoreUnavailablePolicy.FAIL;

        /** See {@code Sessions.Config.deviceAddress}. */
        public DeviceAddress deviceAddress = DeviceAddress.SHORTENED;
        /** See {@code Sessions.Config.deviceName}. */
        public Function<? super Exchange, @Nullable String> deviceName = UserAgentName::of;

        /** See {@code Sessions.Config.maxSessionsPerUser}; counts only if {@link #onSessionLimit} is set. */
        public int maxSessionsPerUser;
        /** See {@code Sessions.Config.maxSessionsPerUser}; null for no limit. */
        public @Nullable OnLimit onSessionLimit;

        /** See {@code Sessions.Config.exclusive}. */
        public List<String> exclusivePaths = List.of();
        /** See {@code Sessions.Config.exclusiveLease}. */
        public Duration exclusiveLease = Duration.ofSeconds(30);
        /** See {@code Sessions.Config.exclusiveWait}. */
        public Duration exclusiveWait = Duration.ofSeconds(10);
        /** See {@code Sessions.Config.maxWaitingExclusive}. */
        public int maxWaitingExclusive = 32;
        /** See {@code Sessions.Config.maxWaitingSaves}. */
        public int maxWaitingSaves = 256;
        /** See {@code Sessions.Config.maxHungStoreCalls}. */
        public int maxHungStoreCalls = 32;

        /** See {@code Sessions.Config.renewTokenEvery}; null for off. */
        public @Nullable Duration renewTokenEvery;
        /** See {@code Sessions.Config.renewalGrace}; null for the default. */
        public @Nullable Duration renewalGrace;

        /** See {@code Sessions.Config.rememberMe}; null for off. */
        public @Nullable RememberRules remember;

        /** See {@code TokenSessions.Config}; null for sessions without access tokens. */
        public @Nullable FamilyOptions families;

        /** The defaults. */
        public Builder() {}

        /**
         * See {@code Sessions.Config.encryptRecords} and {@code readEncryptedRecords}.
         *
         * @param secrets the secrets, the first one encrypts
         * @param encrypting whether records are encrypted; else they are only decrypted
         */
        public void encrypt(List<String> secrets, boolean encrypting) {
            encryptionSecrets = List.copyOf(secrets);
            encrypts = encrypting;
        }

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
