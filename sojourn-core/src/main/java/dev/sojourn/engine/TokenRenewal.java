package dev.sojourn.engine;

import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionRecord.Generation;
import dev.sojourn.spi.TokenFormat.VerifiedId;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The timed renewal of session tokens: when a token is replaced by its next generation, how long its predecessor is still
 * accepted, and what a request with either means. The id and the store key of the session stay. Thread-safe.
 *
 * <p>Where the option is off, no token is replaced, and those that were replaced before it was switched off stay worthless.
 */
final class TokenRenewal {
    /** Longer than any session. */
    private static final Duration NEVER = Deadlines.LONGEST.multipliedBy(10);

    private static final Duration DEFAULT_GRACE = Duration.ofMinutes(1);
    private static final Duration SHORTEST_GRACE = Duration.ofSeconds(1);
    private static final Duration SHORTEST_INTERVAL = Duration.ofMinutes(1);

    private final Rotation.Times times;
    private final Clock clock;
    private final boolean isOn;

    /**
     * @param every when a token is replaced; null for never
     * @param grace how long its predecessor is accepted; null for the default
     */
    TokenRenewal(@Nullable Duration every, @Nullable Duration grace, EngineSettings engine) {
        this.isOn = every != null;
        this.clock = engine.clock;
        if (every == null) {
            if (grace != null) {
                throw new IllegalArgumentException(
                        "renewalGrace(...) has no effect without renewTokenEvery(...): set both");
            }
            this.times = new Rotation.Times(NEVER, DEFAULT_GRACE, Duration.ZERO);
            return;
        }
        this.times = new Rotation.Times(every, grace == null ? DEFAULT_GRACE : grace, Duration.ZERO);
        checkTimes(engine.deadlines.absoluteTimeout());
        checkFormats(engine);
    }

    private void checkTimes(Duration absoluteTimeout) {
        Duration every = times.current();
        Duration grace = times.predecessor();
        if (every.compareTo(SHORTEST_INTERVAL) < 0 || every.compareTo(Deadlines.LONGEST) > 0) {
            throw new IllegalArgumentException("renewTokenEvery lies between 1 minute and 3650 days, not " + every
                    + ": leave it away for no renewal");
        }
        if (grace.compareTo(SHORTEST_GRACE) < 0 || grace.compareTo(every) > 0) {
            throw new IllegalArgumentException(
                    "the renewalGrace lies between 1 second and renewTokenEvery, which is " + every + ", not " + grace);
        }
        if (!absoluteTimeout.isZero() && every.compareTo(absoluteTimeout) >= 0) {
            throw new IllegalArgumentException("a renewTokenEvery of " + every
                    + " never comes before the absoluteTimeout of " + absoluteTimeout
                    + ": shorten the one or lengthen the other");
        }
    }

    private static void checkFormats(EngineSettings engine) {
        if (engine.routes.stream().noneMatch(TokenRoute::isCookie)) {
            throw new IllegalArgumentException(
                    "renewTokenEvery(...) is for browsers, which keep what a response sets: it needs"
                            + " sessions in a cookie, so name one in c.transport(...), or leave renewTokenEvery(...) away");
        }
        if (!engine.routes.stream().allMatch(route -> route.format().canRenew())) {
            throw new IllegalArgumentException("this token format has no room for the generation of a token: leave"
                    + " renewTokenEvery(...) away, or use the default format");
        }
        if (!engine.recordFormat.canRemember()) {
            throw new IllegalArgumentException("this record format has no room for the generation of a token: leave"
                    + " renewTokenEvery(...) away, or use the default format");
        }
    }

    /** Whether tokens are replaced. */
    boolean isOn() {
        return isOn;
    }

    /** Returns what it means that a client came with a token of a session. Nothing, if the token has no generation. */
    Rotation judge(VerifiedId token, SessionRecord record) {
        boolean wasNeverRenewed = !isOn && record.generation() == null && token.generation() == 1;
        return token.generation() == VerifiedId.NO_GENERATION || wasNeverRenewed
                ? Rotation.Repeat.INSTANCE
                : Rotation.of(token.generation(), generation(record), clock.instant(), times);
    }

    /** Whether the client's token was replaced by another one. */
    boolean isReplaced(VerifiedId token, SessionRecord record) {
        return token.generation() != VerifiedId.NO_GENERATION && token.generation() != currentGeneration(record);
    }

    /** Whether the client's token is to be replaced now. */
    boolean isDue(VerifiedId token, SessionRecord record) {
        Rotation rotation = judge(token, record);
        return rotation instanceof Rotation.Advance || rotation instanceof Rotation.Recover;
    }

    /** Returns the generation of the token that the client of a session has, or is to get. */
    static long currentGeneration(SessionRecord record) {
        return record.generation() == null ? 1 : record.generation().number();
    }

    /** A session that began before tokens were renewed has its first token from the beginning. */
    private static Generation generation(SessionRecord record) {
        return record.generation() == null ? Generation.first(record.createdAt()) : record.generation();
    }
}
