package dev.sojourn.express;

import dev.sojourn.Sessions;
import dev.sojourn.WhenUnreadable;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.TokenFormat;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The same sessions in a Java application and in one of Express: express-session's cookie, and its records as connect-redis or
 * connect-pg-simple keep them.
 *
 * <pre>{@code
 * ExpressRedisStore store = ExpressRedisStore.connect("redis://localhost");
 * Sessions sessions = Sessions.create(Express.compatible(store, e -> e.secret(System.getenv("SOJOURN_SECRET"))));
 * }</pre>
 *
 * <p>Further options of {@code Sessions} follow with {@code andThen}:
 * {@code Express.compatible(store, e -> …).andThen(c -> c.listener(…))}.
 *
 * <p><b>The store's key is the raw id</b>: that is Express's format. Whoever can read the store can, with the secret, be any
 * user; with this project's own records they could not.
 *
 * <p>What Sojourn promises holds for what Java does: nothing of Express's is overwritten unseen, and no session that ended is
 * brought back by Java. What Express does stays as it is: it writes the whole record blindly, over a change of Java's, and
 * over a logout too.
 */
public final class Express {
    private Express() {}

    /**
     * Everything that makes sessions the same ones as an Express application's: store, cookie, both formats, the idle
     * timeout, and no absolute one, as Express has none. An attribute that cannot be read as the type that is asked for reads as
     * absent and stays.
     *
     * @param store where the Express application keeps its sessions: an {@link ExpressRedisStore}, an
     *     {@link ExpressPostgresStore}, or, for tests without Express, any other. Any
     *     {@link dev.sojourn.spi.ForwardingStore} may stand in front of it
     * @param options what the Express application says to {@code session({...})}
     * @return a configuration for {@link Sessions#create}
     * @throws IllegalArgumentException if an option is out of bounds
     */
    public static Consumer<Sessions.Config> compatible(SessionStore store, Consumer<ExpressOptions> options) {
        Objects.requireNonNull(store, "store");
        ExpressOptions chosen = chosen(options);
        RecordFormat records = new ExpressRecordFormat(chosen, VersionDigest.of(store));
        return clients(chosen).andThen(config -> records(config, store, records));
    }

    /** Express's records. An attribute that was not made for Java is no reason to end the session for Express, too. */
    static void records(Sessions.Config config, SessionStore store, RecordFormat records) {
        config.store(store).recordFormat(records).whenUnreadable(WhenUnreadable.IGNORE_ATTRIBUTE);
    }

    /** What clients notice: the cookie, and how long a session lasts. */
    static Consumer<Sessions.Config> clients(ExpressOptions options) {
        TokenFormat tokens = new ExpressTokenFormat(options.secrets());
        return config -> config.tokenFormat(tokens)
                .cookie(options::configure)
                .clock(options.clock())
                .idleTimeout(options.idle())
                .absoluteTimeout(Duration.ZERO);
    }

    /**
     * From Express's records to this project's own, and back, while people are signed in.
     *
     * @param express where the Express application keeps its sessions: an {@link ExpressRedisStore} or an
     *     {@link ExpressPostgresStore}
     * @param own where they go; any store of this project
     * @param options what the Express application says to {@code session({...})}
     * @return the steps
     * @throws IllegalArgumentException if an option is out of bounds
     */
    public static ExpressMove move(SessionStore express, SessionStore own, Consumer<ExpressOptions> options) {
        Objects.requireNonNull(express, "express");
        Objects.requireNonNull(own, "own");
        return new ExpressMove(express, own, chosen(options));
    }

    /**
     * Express's records alone.
     *
     * @param store the store that is to keep them: how a version is derived from a record is up to it
     * @param options what the Express application says to {@code session({...})}; secrets are not needed
     * @return the format
     */
    public static RecordFormat recordFormat(SessionStore store, Consumer<ExpressOptions> options) {
        return new ExpressRecordFormat(chosen(options), VersionDigest.of(store));
    }

    /**
     * Express's cookie values alone.
     *
     * @param options the secrets
     * @return the format
     * @throws IllegalArgumentException if there is no secret or one is refused
     */
    public static TokenFormat tokenFormat(Consumer<ExpressOptions> options) {
        return new ExpressTokenFormat(chosen(options).secrets());
    }

    private static ExpressOptions chosen(Consumer<ExpressOptions> options) {
        ExpressOptions chosen = new ExpressOptions();
        options.accept(chosen);
        return chosen;
    }
}
