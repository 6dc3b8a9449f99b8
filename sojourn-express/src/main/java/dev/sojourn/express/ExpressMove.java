package dev.sojourn.express;

import dev.sojourn.Sessions;
import dev.sojourn.move.MovingStore;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionStore;
import java.util.function.Consumer;

/**
 * From Express's records to this project's own, while people are signed in; and back. Everybody keeps the cookie, and nothing
 * that was ended comes back. Each step is what {@link Sessions#create} gets, on every node, before the next one:
 *
 * <pre>{@code
 * ExpressMove move = Express.move(expressStore, RedisStore.connect("redis://localhost"), e -> e.secret(secret));
 *
 * Sessions.create(move.prepare())    // 1. both stores are read, nothing moves; Express may still write
 * Sessions.create(move.move())       // 2. Express does not write any more; a session moves when it changes
 * Sessions.create(move.finish())     // 3. our own store alone; Express's cookie stays
 * }</pre>
 *
 * <p>Until step 3, sessions are what Express can hold: none is exclusive, and {@code sessions.of(user)} is not there.
 *
 * <p>How a session moves, and what may happen meanwhile, is said at {@link MovingStore}. What it leaves in Express's store on
 * its way is a record that Express takes for a session of nobody.
 *
 * <p>Thread-safe. Opens nothing and closes nothing: both stores are closed by whichever {@link Sessions} has them.
 */
public final class ExpressMove {
    private final SessionStore express;
    private final SessionStore own;
    private final SessionStore expressSide;
    private final SessionStore ownSide;
    private final RecordFormat records;
    private final Consumer<Sessions.Config> clients;

    ExpressMove(SessionStore express, SessionStore own, ExpressOptions options) {
        this.express = express;
        this.own = own;
        this.clients = Express.clients(options);
        this.records = new ExpressRecordFormat(options, VersionDigest.of(express));
        this.expressSide = new ExpressStoreView(express, options);
        this.ownSide = new NativeStoreView(own, Sessions.recordFormat(), options);
    }

    /**
     * Step 1: both stores are read, a session is changed where it stands, new ones begin in Express's store. For as long as some
     * node, or Express, knows of Express's store alone.
     *
     * @return the step
     */
    public Step prepare() {
        return new Step(MovingStore.from(expressSide).preparingFor(ownSide));
    }

    /**
     * Step 2: a session moves when it changes or is touched, new ones begin in our store. No Express application may write by
     * now.
     *
     * @return the step
     */
    public Step move() {
        return new Step(MovingStore.from(expressSide).to(ownSide));
    }

    /**
     * Step 3: our own records alone. The cookie stays Express's, its name, its signature and its times (until
     * {@link Sessions.Config#alsoAccept} brings another one); the idle timeout stays, too. For when nothing alive is left in Express's store: {@link MovingStore.Progress#servedByOld} has not grown on any node for
     * one idle timeout.
     *
     * @return a configuration for {@link Sessions#create}
     */
    public Consumer<Sessions.Config> finish() {
        return clients.andThen(config -> config.store(own));
    }

    /**
     * The way back, first step: as {@link #prepare}, but new sessions begin in our store. From step 3 or from step 2; after the
     * latter all nodes go through this one, so that sessions move in one direction only at any time.
     *
     * @return the step
     */
    public Step prepareReturn() {
        return new Step(MovingStore.from(ownSide).preparingFor(expressSide));
    }

    /**
     * The way back, second step: as {@link #move}, into Express's store. Express may serve again when nothing alive is left in
     * ours: it would take who has not moved yet for not signed in. Then follows {@link Express#compatible}.
     *
     * @return the step
     */
    public Step moveBack() {
        return new Step(MovingStore.from(ownSide).to(expressSide));
    }

    /** One step: a configuration, and the two stores as one. */
    public final class Step implements Consumer<Sessions.Config> {
        private final MovingStore store;

        private Step(MovingStore store) {
            this.store = store;
        }

        /**
         * The two stores as one; {@link MovingStore#progress} tells how far it is. Its records are Express's, see
         * {@link Express#recordFormat}.
         *
         * @return the store
         */
        public MovingStore store() {
            return store;
        }

        /**
         * Says everything to a configuration; what is said after it is said beside it.
         *
         * @param config the configuration
         */
        @Override
        public void accept(Sessions.Config config) {
            clients.accept(config);
            Express.records(config, store, records);
        }
    }

    @Override
    public String toString() {
        return "ExpressMove[" + express.getClass().getSimpleName() + " to "
                + own.getClass().getSimpleName() + "]";
    }
}
