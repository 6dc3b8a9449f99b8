package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import io.lettuce.core.protocol.CommandType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Records that Redis removes when they expire, without an event. */
final class PlainRecords extends Records {
    private static final byte[] NX = "NX".getBytes(US_ASCII);
    private static final byte[] PX = "PX".getBytes(US_ASCII);

    private final Clock clock;

    PlainRecords(CommandExecutor executor, ReplicaWait replicas, KeyLayout layout, Clock clock) {
        super(executor, replicas, layout);
        this.clock = clock;
    }

    @Override
    boolean create(StoreKey key, StoredSession session) {
        KeyedCommand set = KeyedCommand.of(
                CommandType.SET,
                layout.record(key),
                RecordEncoding.write(session),
                NX,
                PX,
                timeToLive(session.expiresAt()));
        return replicas.write(set).bytes() != null;
    }

    @Override
    Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return outcome(replicas.write(
                Script.REPLACE,
                List.of(layout.record(key)),
                RecordEncoding.version(expected),
                RecordEncoding.write(replacement),
                timeToLive(replacement.expiresAt())));
    }

    @Override
    boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return executor.write(
                        Script.TOUCH,
                        List.of(layout.record(key)),
                        RecordEncoding.version(expected),
                        RecordEncoding.versionAndExpiry(version, expiresAt),
                        timeToLive(expiresAt))
                .is(1);
    }

    @Override
    Outcome delete(StoreKey key, long expected) {
        return outcome(replicas.write(Script.DELETE, List.of(layout.record(key)), RecordEncoding.version(expected)));
    }

    private byte[] timeToLive(Instant expiresAt) {
        return RedisTime.timeToLive(clock.instant(), expiresAt, SessionStore.GRACE_PERIOD);
    }
}
