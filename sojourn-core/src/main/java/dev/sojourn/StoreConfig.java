package dev.sojourn;

import dev.sojourn.engine.EngineSettings;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The options of the kinds of sessions that are kept in a store: {@link Sessions} and {@link TokenSessions}. Each method
 * documents its default, its bounds and the meaning of zero; all return the same object. Not thread-safe; sealed when the
 * {@code create} method that passed it has returned.
 *
 * @param <C> the configuration itself
 */
public abstract class StoreConfig<C extends StoreConfig<C>> extends CommonConfig<C> {
    private final EngineSettings.Builder settings;

    /**
     * @param settings what the options are collected in
     * @param factory the method that passes this, for a message
     */
    StoreConfig(EngineSettings.Builder settings, String factory) {
        super(settings, factory);
        this.settings = settings;
    }

    /**
     * Sets the store. Default: a {@link MemoryStore}, which ends with the process and is not shared.
     *
     * @param store the store; the caller closes it
     * @return this
     */
    public C store(SessionStore store) {
        open().store = Objects.requireNonNull(store, "store");
        return self();
    }

    /**
     * Sets the maximum size of a session's record. Default 65,536 bytes.
     *
     * @param bytes at least 256, at most 16 MiB
     * @return this
     */
    public C maxSessionBytes(int bytes) {
        open().maxSessionBytes = bytes;
        return self();
    }

    /**
     * Sets the maximum number of attributes of a session. Default 1,000. Setting one more throws {@link
     * SessionTooLargeException}. A record that already has more, because another program wrote it or the limit was
     * higher, can be read and changed, but accepts no further attributes.
     *
     * @param count at least 1, at most 1,000,000
     * @return this
     */
    public C maxAttributes(int count) {
        open().maxAttributes = count;
        return self();
    }

    /**
     * Sets how much of the client's IP address a session keeps from its sign-in, for the list of a user's sessions ({@link
     * UserSession#device}). Default {@link DeviceAddress#SHORTENED}. The address is the one that {@link #trustedProxies}
     * report, otherwise the peer's. It is written by {@link Session#login} only, and never compared: a session may be used
     * from any address.
     *
     * @param kept how much
     * @return this
     */
    public C deviceAddress(DeviceAddress kept) {
        open().deviceAddress = Objects.requireNonNull(kept, "kept");
        return self();
    }

    /**
     * Sets the rule that names the device of a sign-in, for the list of a user's sessions ({@link UserSession#device}).
     * Default: a small rule over the header {@code User-Agent}, such as {@code Firefox on Linux}; the guide has its table.
     * A client can send any {@code User-Agent}, so the name is a hint for people and no proof.
     *
     * @param rule returns the name of a request's device, or null for none; thread-safe. Called by each {@link
     *     Session#login}, on its thread, so it should not block; what it throws, {@code login} throws. Of its result only ASCII letters and
     *     digits, spaces and {@code . _ / ( ) + , : -} stay, and at most 52 characters
     * @return this
     */
    public C deviceName(Function<? super Exchange, @Nullable String> rule) {
        open().deviceName = Objects.requireNonNull(rule, "rule");
        return self();
    }

    /**
     * Limits how many sessions a user may have at the same time, on all nodes and devices. Default: no limit. Exact, however
     * many logins run at the same time: a user never has more, and a login is refused only if the user has as many.
     * A session counts from its login to its end or expiry, on every {@code Sessions} and {@code TokenSessions} over the same
     * store. Signing in again in the same session does not count twice, nor does a new id. Sessions from before the option was set count, but none is ended
     * before the next login. A browser that was closed without signing out leaves a session behind, which counts until
     * it expires: {@link OnLimit#REFUSE_LOGIN} can keep a user out for as long as the idle timeout.
     *
     * <p>Needs a store with a user index, and Sojourn's own record format. Costs a login: to read and to replace a record of
     * the user, to find the sessions and to read each; once more to write that record if the user has not signed in for an
     * hour; for each session that is ended, what its end costs; and the same again where logins of the same user collide. A
     * request that signs nobody in costs nothing more.
     *
     * @param max how many, 1 to 10,000
     * @param onLimit what a login does whose user has as many
     * @return this
     * @throws IllegalArgumentException when the sessions are created, if the number is out of bounds or the store or the
     *     record format cannot keep the limit
     */
    public C maxSessionsPerUser(int max, OnLimit onLimit) {
        open().maxSessionsPerUser = max;
        open().onSessionLimit = Objects.requireNonNull(onLimit, "onLimit");
        return self();
    }

    /**
     * Encrypts records before they reach the store, with AES-256-GCM. Default: off. Everything in a record is encrypted:
     * attributes, the facts of the sign-in, the device. What the store needs stays readable: the key, the version, the expiry and
     * the user name. A payload that was changed, moved to another session or given to another user is unreadable, and its session
     * ends.
     *
     * <p>Records from before are read as they are, and encrypted when they are written. To switch it on without an interruption,
     * first give every node {@link #readEncryptedRecords} with the secret, then replace that by this. The way back is the same. To
     * replace a secret, first accept the new one on every node, {@code encryptRecords(old, next)}; then encrypt with it, {@code
     * encryptRecords(next, old)}; and drop the old one once the absolute timeout has passed. A session whose secret a node lacks is
     * unavailable there (503) and stays stored.
     *
     * <p>A record grows by 36 bytes. The engine's limits and messages count without them.
     *
     * @param first encrypts: at least 32 bytes of randomness, for example from {@code openssl rand -base64 32}; another secret than
     *     that of the tokens
     * @param older further secrets, which only decrypt
     * @return this
     * @throws IllegalArgumentException when the sessions are created, if a secret is missing, too short, or known from tutorials,
     *     or if the record format belongs to another library
     */
    public C encryptRecords(@Nullable String first, String... older) {
        open().encrypt(SecretList.of(first, older), true);
        return self();
    }

    /**
     * Reads encrypted records, and writes plain ones: while nodes with and without {@link #encryptRecords} run at the same time.
     * Default: off. Of this and {@link #encryptRecords}, the later call counts.
     *
     * @param first decrypts
     * @param others decrypt too
     * @return this
     * @throws IllegalArgumentException when the sessions are created, as for {@link #encryptRecords}
     */
    public C readEncryptedRecords(@Nullable String first, String... others) {
        open().encrypt(SecretList.of(first, others), false);
        return self();
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
    public C exclusive() {
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
    public C exclusive(String... paths) {
        open().exclusivePaths = List.of(paths);
        return self();
    }

    /**
     * Sets how long a request may hold the lease on its session. Default 30 seconds. A request that takes longer
     * saves nothing and fails with 503 if another request has held the lease in the meantime. A lease held by a
     * node that dies also ends after this time.
     *
     * @param lease 1 second to 10 minutes
     * @return this
     */
    public C exclusiveLease(Duration lease) {
        open().exclusiveLease = Objects.requireNonNull(lease, "lease");
        return self();
    }

    /**
     * Sets how long a request waits for the lease on its session. Default 10 seconds; then it fails with 503 and
     * {@code Retry-After}.
     *
     * @param timeout zero to 10 minutes. {@link Duration#ZERO} for one attempt without waiting: a request gets a
     *     session that is free, and fails with 503 at once if another request holds it or changes it at that moment
     * @return this
     */
    public C exclusiveWait(Duration timeout) {
        open().exclusiveWait = Objects.requireNonNull(timeout, "timeout");
        return self();
    }

    /**
     * Sets how many requests of one session may wait in this process for its lease, not counting the holder.
     * Default 32. Each holds a thread for up to {@link #exclusiveWait}; further ones fail with 503 and {@code
     * Retry-After} at once, so that one client cannot hold all threads.
     *
     * @param requests 0 to 100,000; 0 for none to wait
     * @return this
     */
    public C maxWaitingExclusive(int requests) {
        open().maxWaitingExclusive = requests;
        return self();
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
    public C maxWaitingSaves(int requests) {
        open().maxWaitingSaves = requests;
        return self();
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
    public C maxHungStoreCalls(int calls) {
        open().maxHungStoreCalls = calls;
        return self();
    }

    /**
     * Sets the paths whose requests do not keep a session alive, such as those that a page polls. The idle timeout runs on
     * whatever these requests read or change, with every option: {@link Sessions.Config#rolling}, {@link
     * Sessions.Config#resave}, {@link Sessions.Config#touchOnEveryRequest} and {@link #exclusive()}. Only {@link Session#touch}, a new id and a refresh of tokens restart it. So does {@link
     * DetachedSession#touch} of a session that is detached on such a path, and its {@code use} does not.
     * Default: none. {@link Session#quiet} does the same for one request.
     *
     * @param paths each covers itself and everything below it, as for {@link #exclusive(String...)}; in doubt a request
     *     counts as covered
     * @return this
     * @throws IllegalArgumentException when the sessions are created, if one does not begin with a slash
     */
    public C quiet(String... paths) {
        open().quietPaths = List.of(paths);
        return self();
    }

    /**
     * Sets what browsers forget of this site when a handler destroys the client's session: the response that removes the token
     * then has the header {@code Clear-Site-Data}. Default: none. Only browsers follow it, and only over https. A header that
     * the application sets itself stays.
     *
     * @param types {@code "cache"}, {@code "storage"}, {@code "cookies"} (those of every application of the registrable
     *     domain), {@code "*"}, or one of {@code clientHints}, {@code executionContexts}, {@code prefetchCache}, {@code
     *     prerenderCache}
     * @return this
     * @throws IllegalArgumentException when the sessions are created, if one is unknown
     */
    public C clearSiteData(String... types) {
        open().clearSiteData = List.of(types);
        return self();
    }

    /**
     * Sets the generator of ids. Default: 32 bytes from the random source, in base64url. Called 64 times at
     * start-up.
     *
     * @param generator returns a different text each time, at least 22 characters, all of base64url; unguessable;
     *     thread-safe
     * @return this
     */
    public C genid(Supplier<String> generator) {
        open().generator = Objects.requireNonNull(generator, "generator");
        return self();
    }

    /**
     * Sets the random source. Default: a new {@link SecureRandom}.
     *
     * @param random the source
     * @return this
     */
    public C random(SecureRandom random) {
        open().random = Objects.requireNonNull(random, "random");
        return self();
    }

    /**
     * Sets the executor for work that no request has to wait for: the sweeping of expired sessions. Default: none;
     * every 64th new session sweeps in its own request.
     *
     * @param executor the executor; the caller shuts it down
     * @return this
     */
    public C executor(Executor executor) {
        open().executor = Objects.requireNonNull(executor, "executor");
        return self();
    }

    /** Returns what the options are collected in. */
    final EngineSettings.Builder open() {
        checkOpen();
        return settings;
    }

    /** Returns the settings, and ends the configuration. */
    final EngineSettings build(List<String> secrets) {
        EngineSettings built = settings.build(secrets);
        seal();
        return built;
    }
}
