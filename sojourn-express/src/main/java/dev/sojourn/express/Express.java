package dev.sojourn.express;

import dev.sojourn.Sessions;
import dev.sojourn.UnreadablePolicy;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.TokenFormat;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Configures sessions that a Java application shares with an Express application: with express-session's cookie, and its
 * records as connect-redis or connect-pg-simple keep them.
 *
 * <pre>{@code
 * ExpressRedisStore store = ExpressRedisStore.connect("redis://localhost");
 * Sessions sessions = Sessions.create(Express.compatible(store, e -> e.secret(System.getenv("SOJOURN_SECRET"))));
 * }</pre>
 *
 * <p>Add further options of {@code Sessions} with {@code andThen}:
 * {@code Express.compatible(store, e -> …).andThen(c -> c.listener(…))}.
 *
 * <p><b>The store key is the raw id</b>, because that is Express's format. Someone who can read the store and knows the secret
 * can impersonate any user. With Sojourn's own records they could not.
 *
 * <p>Sojourn's guarantees hold for writes from Java: they overwrite no change of Express without noticing it, and bring back no
 * session that ended. Express behaves as always: it writes the whole record without a check, over changes from Java and over
 * logouts.
 */
public final class Express {
    private Express() {}

    /**
     * Returns the configuration that shares sessions with an Express application: store, cookie, both formats and the idle
     * timeout. There is no absolute timeout, as Express has none. An attribute that cannot be read as the requested type reads as
     * absent and stays stored.
     *
     * @param store the store of the Express application: an {@link ExpressRedisStore}, an {@link ExpressPostgresStore}, or any
     *     other for tests without Express. It may be wrapped in any {@link dev.sojourn.spi.ForwardingStore}
     * @param options the options that the Express application passes to {@code session({...})}
     * @return a configuration for {@link Sessions#create}
     * @throws IllegalArgumentException if an option is out of range
     */
    public static Consumer<Sessions.Config> compatible(SessionStore store, Consumer<ExpressOptions> options) {
        Objects.requireNonNull(store, "store");
        ExpressOptions chosen = optionsFrom(options);
        RecordFormat records = new ExpressRecordFormat(chosen, VersionDigest.of(store));
        return clientConfig(chosen).andThen(config -> configureRecords(config, store, records));
    }

    /** Sets Express's records. An attribute that Java cannot read must not end the session for Express. */
    static void configureRecords(Sessions.Config config, SessionStore store, RecordFormat records) {
        config.store(store).recordFormat(records).whenUnreadable(UnreadablePolicy.IGNORE_ATTRIBUTE);
    }

    /** Returns the part of the configuration that clients notice: the cookie and the timeouts. */
    static Consumer<Sessions.Config> clientConfig(ExpressOptions options) {
        TokenFormat tokens = new ExpressTokenFormat(options.secrets());
        return config -> config.tokenFormat(tokens)
                .cookie(options::configure)
                .clock(options.clock())
                .idleTimeout(options.idle())
                .absoluteTimeout(Duration.ZERO);
    }

    /**
     * Returns the steps that move sessions in use from Express's records to Sojourn's own, and back.
     *
     * @param express the store of the Express application: an {@link ExpressRedisStore} or an {@link ExpressPostgresStore}
     * @param own the store to move to; any store with Sojourn's own records
     * @param options the options that the Express application passes to {@code session({...})}
     * @return the steps
     * @throws IllegalArgumentException if an option is out of range
     */
    public static ExpressMove move(SessionStore express, SessionStore own, Consumer<ExpressOptions> options) {
        Objects.requireNonNull(express, "express");
        Objects.requireNonNull(own, "own");
        return new ExpressMove(express, own, optionsFrom(options));
    }

    /**
     * Returns the format of Express's records alone.
     *
     * @param store the store for the records, which decides how a version is derived from a record
     * @param options the options that the Express application passes to {@code session({...})}; secrets are not needed
     * @return the record format
     */
    public static RecordFormat recordFormat(SessionStore store, Consumer<ExpressOptions> options) {
        return new ExpressRecordFormat(optionsFrom(options), VersionDigest.of(store));
    }

    /**
     * Returns the format of Express's cookie values alone.
     *
     * @param options the secrets
     * @return the token format
     * @throws IllegalArgumentException if there is no secret, or a secret is refused
     */
    public static TokenFormat tokenFormat(Consumer<ExpressOptions> options) {
        return new ExpressTokenFormat(optionsFrom(options).secrets());
    }

    private static ExpressOptions optionsFrom(Consumer<ExpressOptions> options) {
        ExpressOptions chosen = new ExpressOptions();
        options.accept(chosen);
        return chosen;
    }
}
