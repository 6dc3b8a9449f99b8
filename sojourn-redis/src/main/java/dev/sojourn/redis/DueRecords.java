package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Records for a store with a sweep. They stay a day longer than needed, and sorted sets ("due sets") list them by expiry, so
 * that a sweep can report each one before it is removed. Redis removes what no sweep has reported within that day.
 */
final class DueRecords extends Records {
    /** How long an expired record waits for a sweep. {@link Script} repeats it for the due sets. */
    private static final Duration SWEEP_WAIT = Duration.ofHours(24);
    /** How long a record is kept after its expiry. */
    static final Duration RETENTION = SWEEP_WAIT.plus(SessionStore.GRACE_PERIOD);

    private final DueTimeCache dueTimes;
    private final Clock clock;

    DueRecords(CommandExecutor executor, ReplicaWait replicas, KeyLayout layout, DueTimeCache dueTimes, Clock clock) {
        super(executor, replicas, layout);
        this.clock = clock;
        this.dueTimes = dueTimes;
    }

    @Override
    boolean create(StoreKey key, StoredSession session) {
        return executeAndNoteExpiry(
                        key,
                        session.expiresAt(),
                        () -> replicas.write(
                                Script.CREATE_DUE,
                                keys(key),
                                RecordEncoding.write(session),
                                timeToLive(session.expiresAt()),
                                RedisTime.millis(session.expiresAt()),
                                member(key)))
                .is(1);
    }

    @Override
    Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return outcome(executeAndNoteExpiry(
                key,
                replacement.expiresAt(),
                () -> replicas.write(
                        Script.REPLACE_DUE,
                        keys(key),
                        RecordEncoding.version(expected),
                        RecordEncoding.write(replacement),
                        timeToLive(replacement.expiresAt()),
                        RedisTime.millis(replacement.expiresAt()),
                        member(key))));
    }

    @Override
    boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return executeAndNoteExpiry(
                        key,
                        expiresAt,
                        () -> executor.write(
                                Script.TOUCH_DUE,
                                keys(key),
                                RecordEncoding.version(expected),
                                RecordEncoding.versionAndExpiry(version, expiresAt),
                                timeToLive(expiresAt),
                                RedisTime.millis(expiresAt),
                                member(key)))
                .is(1);
    }

    @Override
    Outcome delete(StoreKey key, long expected) {
        return outcome(replicas.write(Script.DELETE_DUE, keys(key), RecordEncoding.version(expected), member(key)));
    }

    /** Removes a record that was reported, unless it has changed. Returns whether it was removed. */
    boolean remove(StoreKey key, long version) {
        return delete(key, version) instanceof Outcome.Done;
    }

    /** Removes a record from its due set if the record no longer exists. */
    void dropEntry(StoreKey key) {
        executor.write(Script.DROP_DUE, keys(key), member(key));
    }

    /** Corrects the expiry of a record in its due set, after a node without the sweep has changed the record. */
    void correctEntry(StoreKey key, StoredSession record) {
        executor.write(
                Script.CORRECT_DUE,
                keys(key),
                RecordEncoding.version(record.version()),
                RedisTime.millis(record.expiresAt()),
                member(key));
    }

    /**
     * Executes a change and notes the new expiry afterwards, also if the outcome is unknown: a sweep that queries in the
     * meantime would discard an earlier note.
     */
    private Reply executeAndNoteExpiry(StoreKey key, Instant expiry, Supplier<Reply> change) {
        try {
            return change.get();
        } finally {
            dueTimes.noteExpiry(KeyLayout.tagOf(key), RedisTime.epochMillis(expiry));
        }
    }

    private List<byte[]> keys(StoreKey key) {
        return List.of(layout.record(key), layout.dueSet(key));
    }

    private static byte[] member(StoreKey key) {
        return key.text().getBytes(UTF_8);
    }

    private byte[] timeToLive(Instant expiresAt) {
        return RedisTime.timeToLive(clock.instant(), expiresAt, RETENTION);
    }
}
