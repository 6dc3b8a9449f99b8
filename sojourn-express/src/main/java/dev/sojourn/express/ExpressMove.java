package dev.sojourn.express;

import dev.sojourn.Sessions;
import dev.sojourn.move.MovingStore;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionStore;
import java.util.function.Consumer;

/**
 * The steps that move sessions in use from Express's records to Sojourn's own, and back. Every client keeps its cookie, and no
 * ended session comes back. Pass each step to {@link Sessions#create}, on every node, before the next one:
 *
 * <pre>{@code
 * ExpressMove move = Express.move(expressStore, RedisStore.connect("redis://localhost"), e -> e.secret(secret));
 *
 * Sessions.create(move.prepare())    // 1. both stores are read, nothing moves; Express may still write
 * Sessions.create(move.move())       // 2. Express no longer writes; a session moves when it changes
 * Sessions.create(move.finish())     // 3. the own store alone; Express's cookie stays
 * }</pre>
 *
 * <p>Until step 3, sessions are limited to what Express's records can contain: there are no exclusive sessions and no
 * {@code sessions.of(user)}.
 *
 * <p>{@link MovingStore} describes how a session moves, and what may happen in the meantime. The draft or mark that a move leaves
 * in Express's store is a record that Express takes for an anonymous session.
 *
 * <p>Thread-safe. Opens and closes nothing: the {@link Sessions} that use the stores close them.
 */
public final class ExpressMove {
    private final SessionStore express;
    private final SessionStore own;
    private final SessionStore expressView;
    private final SessionStore nativeView;
    private final RecordFormat records;
    private final Consumer<Sessions.Config> clientConfig;

    ExpressMove(SessionStore express, SessionStore own, ExpressOptions options) {
        this.express = express;
        this.own = own;
        this.clientConfig = Express.clientConfig(options);
        this.records = new ExpressRecordFormat(options, VersionDigest.of(express));
        this.expressView = new ExpressStoreView(express, options);
        this.nativeView = new NativeStoreView(own, Sessions.recordFormat(), options);
    }

    /**
     * Returns step 1: both stores are read, a session is changed in the store that has it, and new sessions begin in Express's
     * store. Use it while some node, or Express, uses Express's store alone.
     *
     * @return the step
     */
    public Step prepare() {
        return new Step(MovingStore.from(expressView).preparingFor(nativeView));
    }

    /**
     * Returns step 2: a session moves when it changes or is touched, and new sessions begin in the own store. From now on no
     * Express application may write.
     *
     * @return the step
     */
    public Step move() {
        return new Step(MovingStore.from(expressView).to(nativeView));
    }

    /**
     * Returns step 3: Sojourn's own records alone. Express's cookie stays, with its name, signature and lifetime (until
     * {@link Sessions.Config#alsoAccept} introduces another one), and so does the idle timeout. Use it when no live session is left
     * in Express's store: {@link MovingStore.Progress#servedByOld} has not grown on any node for one idle timeout.
     *
     * @return a configuration for {@link Sessions#create}
     */
    public Consumer<Sessions.Config> finish() {
        return clientConfig.andThen(config -> config.store(own));
    }

    /**
     * Returns the first step of the way back: like {@link #prepare}, but new sessions begin in the own store. It follows step 3 or
     * step 2. After step 2, all nodes must take this step, so that sessions move in only one direction at any time.
     *
     * @return the step
     */
    public Step prepareReturn() {
        return new Step(MovingStore.from(nativeView).preparingFor(expressView));
    }

    /**
     * Returns the second step of the way back: like {@link #move}, into Express's store. Express may serve requests again when no
     * live session is left in the own store; before that, it would take users whose sessions have not moved for not signed in.
     * Then use {@link Express#compatible}.
     *
     * @return the step
     */
    public Step moveBack() {
        return new Step(MovingStore.from(nativeView).to(expressView));
    }

    /** One step of the move: a configuration that presents the two stores as one. */
    public final class Step implements Consumer<Sessions.Config> {
        private final MovingStore store;

        private Step(MovingStore store) {
            this.store = store;
        }

        /**
         * Returns the two stores as one. {@link MovingStore#progress} reports its progress. Its records are Express's, see
         * {@link Express#recordFormat}.
         *
         * @return the store
         */
        public MovingStore store() {
            return store;
        }

        /**
         * Applies this step to a configuration. Options set afterwards are added to it.
         *
         * @param config the configuration
         */
        @Override
        public void accept(Sessions.Config config) {
            clientConfig.accept(config);
            Express.configureRecords(config, store, records);
        }
    }

    @Override
    public String toString() {
        return "ExpressMove[" + express.getClass().getSimpleName() + " to "
                + own.getClass().getSimpleName() + "]";
    }
}
