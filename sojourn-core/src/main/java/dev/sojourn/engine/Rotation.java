package dev.sojourn.engine;

import dev.sojourn.spi.SessionRecord.Generation;
import java.time.Duration;
import java.time.Instant;

/**
 * What happens when a client presents one generation of a token that is used once and then replaced by the next: the table
 * "The refresh token" of {@code docs/reference/record-format.md} as one pure function. It uses no store, no clock and no
 * header, and does not depend on what the token is for.
 *
 * <p>A generation is current for some time, so no request that is under way is more than one generation behind. For the same
 * time, or less, its predecessor is accepted and leads to the same generation again: two requests at once, a repeated request
 * and a lost response all end with one successor. After that, the predecessor means that two parties hold the token.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9700#section-4.14">RFC 9700, section 4.14</a>
 */
sealed interface Rotation {
    /** For a token that every use replaces: how long a generation is current at least, and its predecessor accepted. */
    Duration GRACE = Duration.ofSeconds(30);

    /**
     * The times of the table.
     *
     * @param current how long a generation is current before a use replaces it
     * @param predecessor how long the generation before it is accepted; at most {@code current}, so that no request that is
     *     under way is more than one generation behind
     * @param lostResponses how long after a rotation the predecessor may skip the generation that replaced it, because its
     *     client may never have received it; zero for not at all
     */
    record Times(Duration current, Duration predecessor, Duration lostResponses) {
        /** Returns the times of a token that every use replaces. */
        static Times ofEachUse(Duration lostResponses) {
            return new Times(GRACE, GRACE, lostResponses);
        }
    }

    /** The client gets the current generation, again or for the first time. Nothing is written. */
    enum Repeat implements Rotation {
        /** The only one. */
        INSTANCE
    }

    /**
     * The client gets a new generation, once it is stored.
     *
     * @param next the new generation
     */
    record Advance(Generation next) implements Rotation {}

    /**
     * This application issued a generation that the store does not know yet: the store lost writes in a failover. The
     * client's generation becomes the current one.
     *
     * @param found the client's generation, to be stored
     */
    record Recover(Generation found) implements Rotation {}

    /** A generation that was replaced is used again: the client or a thief holds a copy. The session ends. */
    enum Reuse implements Rotation {
        /** The only one. */
        INSTANCE
    }

    /**
     * Decides by the table.
     *
     * @param presented the generation of the client's token, which this application signed
     * @param current the generation in the record
     * @param now the time
     * @param times how long each generation counts
     */
    static Rotation of(long presented, Generation current, Instant now, Times times) {
        if (presented > current.number()) {
            return new Recover(new Generation(presented, now, presented - 1));
        }
        // A negative age, where another node's clock is ahead, is young.
        Duration age = Duration.between(current.since(), now);
        if (presented == current.number()) {
            return age.compareTo(times.current()) < 0
                    ? Repeat.INSTANCE
                    : new Advance(new Generation(current.number() + 1, now, current.number()));
        }
        if (presented != current.predecessor()) {
            return Reuse.INSTANCE;
        }
        if (age.compareTo(times.predecessor()) < 0) {
            return Repeat.INSTANCE;
        }
        // Only once: a generation that skipped one cannot be skipped itself.
        boolean hasSkipped = current.predecessor() != current.number() - 1;
        return !hasSkipped && age.compareTo(times.lostResponses()) < 0
                ? new Advance(new Generation(current.number() + 1, now, presented))
                : Reuse.INSTANCE;
    }
}
