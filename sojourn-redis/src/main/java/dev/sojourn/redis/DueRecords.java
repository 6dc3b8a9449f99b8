package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Records that stay a day longer than they are needed, and sets that name them by their expiry, so that a sweep can tell of
 * each before it goes. Whatever no sweep came for in a day, Redis forgets unheard.
 */
final class DueRecords extends Records {
    /** How long an expired record waits for a sweep. {@link Script} has it too, for the sets. */
    private static final Duration WAITING = Duration.ofHours(24);

    private final DueTimeCache times;
    private final Clock clock;

    DueRecords(CommandExecutor wire, ReplicaWait replicas, KeyLayout layout, DueTimeCache times, Clock clock) {
        super(wire, replicas, layout);
        this.clock = clock;
        this.times = times;
    }

    @Override
    boolean create(StoreKey key, StoredSession session) {
        return noting(
                        key,
                        session.expiresAt(),
                        () -> replicas.confirmed(
                                Script.CREATE_DUE,
                                keys(key),
                                RecordEncoding.write(session),
                                keepFor(session.expiresAt()),
                                RecordEncoding.millis(session.expiresAt()),
                                member(key)))
                .is(1);
    }

    @Override
    Outcome replace(StoreKey key, long expected, StoredSession replacement) {
        return outcome(noting(
                key,
                replacement.expiresAt(),
                () -> replicas.confirmed(
                        Script.REPLACE_DUE,
                        keys(key),
                        RecordEncoding.version(expected),
                        RecordEncoding.write(replacement),
                        keepFor(replacement.expiresAt()),
                        RecordEncoding.millis(replacement.expiresAt()),
                        member(key))));
    }

    @Override
    boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return noting(
                        key,
                        expiresAt,
                        () -> wire.change(
                                Script.TOUCH_DUE,
                                keys(key),
                                RecordEncoding.version(expected),
                                RecordEncoding.versionAndExpiry(version, expiresAt),
                                keepFor(expiresAt),
                                RecordEncoding.millis(expiresAt),
                                member(key)))
                .is(1);
    }

    @Override
    Outcome delete(StoreKey key, long expected) {
        return outcome(replicas.confirmed(Script.DELETE_DUE, keys(key), RecordEncoding.version(expected), member(key)));
    }

    /** Forgets a record that was told of, unless it has changed; 1 if it did. */
    int forget(StoreKey key, long version) {
        return delete(key, version) instanceof Outcome.Done ? 1 : 0;
    }

    /** Takes away the name of a record that is gone. */
    void dropEntry(StoreKey key) {
        wire.change(Script.DROP_DUE, keys(key), member(key));
    }

    /** Enters a record under its true expiry: a node without the sweep has changed it. */
    void correctEntry(StoreKey key, StoredSession record) {
        wire.change(
                Script.MOVE_DUE,
                keys(key),
                RecordEncoding.version(record.version()),
                RecordEncoding.millis(record.expiresAt()),
                member(key));
    }

    /** Noted after it was done, or may have been: a sweep that asks meanwhile would take an earlier note away. */
    private Reply noting(StoreKey key, Instant expiry, Supplier<Reply> change) {
        try {
            return change.get();
        } finally {
            times.note(KeyLayout.tagOf(key), RecordEncoding.epochMillis(expiry));
        }
    }

    private List<byte[]> keys(StoreKey key) {
        return List.of(layout.record(key), layout.due(key));
    }

    private static byte[] member(StoreKey key) {
        return key.text().getBytes(UTF_8);
    }

    private byte[] keepFor(Instant expiresAt) {
        return RecordEncoding.millisBetween(clock.instant(), expiresAt, WAITING.plus(GRACE));
    }
}
