package dev.sojourn;

import dev.sojourn.engine.RevocationList;
import dev.sojourn.engine.RevocationSettings;
import dev.sojourn.spi.SessionStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The list of revoked tokens: what makes a logout final for sessions that no store keeps. A token that was revoked on one
 * node is refused there at once, and on every other node at most {@link Config#delay} later.
 *
 * <p>The list is kept in a store, in addition to the sessions: give it <b>a prefix or table of its own</b>. Each node holds
 * it in memory and reads what is new with the requests that check it: two loads for each half of the delay, however many
 * requests and revocations there are, and two when a user arrives who has signed in on another node since {@link #endAll}
 * there. Until a node has read the list, and while it cannot read it for longer than the delay,
 * sessions that use it fail with {@link SessionUnavailableException}. An entry is dropped once the token has ended. One entry
 * takes 13 bytes in the store and about 25 in memory.
 *
 * <p>A store that loses what it has confirmed, as a failover of Redis may, loses revocations with it. A node that knows them
 * keeps refusing the tokens and writes the entries back.
 *
 * <p>Immutable and thread-safe. Owns no thread and nothing that needs closing: the code that creates the store closes it. One
 * object serves all sessions of a process; the nodes of an application create it over the same data.
 */
public final class Revocations {
    private final RevocationList list;

    private Revocations(RevocationList list) {
        this.list = list;
    }

    /**
     * Creates revocations with the default options. No I/O.
     *
     * @param store where the list is kept: a prefix or table of its own, shared by all nodes; the caller closes it
     * @return the revocations
     */
    public static Revocations in(SessionStore store) {
        return in(store, config -> {});
    }

    /**
     * Creates revocations. No I/O.
     *
     * @param store where the list is kept: a prefix or table of its own, shared by all nodes; the caller closes it
     * @param configuration sets the options that differ from their defaults
     * @return the revocations
     * @throws IllegalArgumentException if an option is out of bounds; the message states what to do
     */
    public static Revocations in(SessionStore store, Consumer<Config> configuration) {
        Objects.requireNonNull(store, "store");
        Config config = new Config();
        configuration.accept(config);
        return new Revocations(RevocationList.of(store, config.settings()));
    }

    /**
     * Ends all sessions of a user that use this list: sealed sessions, and sessions of {@link TokenSessions} with their access
     * tokens and refresh tokens. On this node they are refused when this method returns, on every other node at most {@link
     * Config#delay} later. The user can sign in again at once: newer sessions carry a random tag, and times are not compared.
     * Blocks until the store has confirmed it.
     *
     * <p>Sessions of {@code TokenSessions} are removed from their store when their clients refresh, and are listed until then.
     * {@code tokens.of(user).endAll()} removes them at once, if their store has a user index. For {@link TokenViews} of other
     * issuers' tokens, which carry no tag, the second of a token's issue is compared.
     *
     * @param subject the user. {@link CommonConfig#normalizeSubjects} of every source applies that uses this object; without
     *     such a source in this process, the user is ended exactly as spelled here
     * @throws IllegalArgumentException if it is not a well-formed subject
     * @throws IllegalStateException if no sessions have been mounted with these revocations on any node
     * @throws SessionUnavailableException if the store did not confirm it; repeat it then
     */
    public void endAll(String subject) {
        list.endAll(subject);
    }

    /**
     * Reads the list from the store. Blocks until the store responds or its deadline has passed. For an operator's health
     * check; requests do not need it, because each detects a failure itself.
     *
     * @return whether the list could be read; never throws because the store is unavailable
     */
    public Health health() {
        return list.health();
    }

    RevocationList list() {
        return list;
    }

    /** Shows nothing of the list. */
    @Override
    public String toString() {
        return "Revocations";
    }

    /**
     * The options. Each method documents its default and its bounds; all return the same object. Not thread-safe; sealed when
     * {@link Revocations#in} returns.
     */
    public static final class Config {
        private Duration delay = Duration.ofSeconds(2);
        private Duration tolerance = Duration.ZERO;
        private Clock clock = Clock.systemUTC();
        private SessionListener listener = new SessionListener() {};
        private boolean sealed;

        private Config() {}

        /**
         * Sets the maximum age of what a node knows of the list: for this long after a logout was answered, another node may
         * still accept the session. Default 2 seconds. A node that serves requests reads the list twice in this time.
         *
         * @param delay 100 milliseconds to 1 minute
         * @return this
         */
        public Config delay(Duration delay) {
            checkOpen();
            this.delay = Objects.requireNonNull(delay, "delay");
            return this;
        }

        /**
         * Accepts sessions while the store is unavailable, by what this node has read last, for this long. Default: none;
         * sessions then fail with {@link SessionUnavailableException} (503) once the delay has passed. With it, a session that
         * was ended on another node may be accepted for up to this long during an outage. The listener is notified: {@link
         * SessionListener#onRevocationsOutdated}. A node that has read nothing since its start accepts nothing in any case.
         *
         * @param longest longer than the delay, at most 1 hour
         * @return this
         */
        public Config acceptWhileUnavailable(Duration longest) {
            checkOpen();
            this.tolerance = Objects.requireNonNull(longest, "longest");
            if (longest.isZero() || longest.isNegative()) {
                throw new IllegalArgumentException(
                        "acceptWhileUnavailable is longer than the delay and at most 1 hour, not " + longest
                                + ". Omit it to answer 503 while the store is unavailable");
            }
            return this;
        }

        /**
         * Sets the clock, by which entries end. The age of what a node knows is measured by this clock and by the JVM's
         * monotonic clock; the greater result counts. Default: the system's clock.
         *
         * @param clock the clock
         * @return this
         */
        public Config clock(Clock clock) {
            checkOpen();
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets the listener. Its {@link SessionListener#onStoreUnavailable} and {@link
         * SessionListener#onRevocationsOutdated} are called, on the thread that noticed it and before its response is sent.
         * Default: none.
         *
         * @param listener the listener
         * @return this
         */
        public Config listener(SessionListener listener) {
            checkOpen();
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        private void checkOpen() {
            if (sealed) {
                throw new IllegalStateException("the configuration is sealed once Revocations.in has returned");
            }
        }

        private RevocationSettings settings() {
            RevocationSettings settings = new RevocationSettings(delay, tolerance, clock, listener, new SecureRandom());
            sealed = true;
            return settings;
        }
    }
}
