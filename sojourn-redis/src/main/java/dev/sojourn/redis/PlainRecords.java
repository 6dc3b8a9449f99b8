package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import io.lettuce.core.protocol.CommandType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Records that Redis forgets by itself, unheard. */
final class PlainRecords extends Records {
    private static final byte[] NX = "NX".getBytes(US_ASCII);
    private static final byte[] PX = "PX".getBytes(US_ASCII);

    private final Clock clock;

    PlainRecords(CommandExecutor wire, ReplicaWait replicas, KeyLayout layout, Clock clock) {
        super(wire, replicas, layout);
        this.clock = clock;
    }

    @Override
    boolean create(StoreKey key, StoredSession session) {
        CommandExecutor.Question set = CommandExecutor.question(
                CommandType.SET,
                layout.record(key),
                RecordEncoding.write(session),
                NX,
                PX,
                keepFor(session.expiresAt()));
        return replicas.confirmed(set).bytes() != null;
    }

    @Override
    Outcome replace(StoreKey key, long expected, StoredSession replacement) {
        return outcome(replicas.confirmed(
                Script.REPLACE,
                List.of(layout.record(key)),
                RecordEncoding.version(expected),
                RecordEncoding.write(replacement),
                keepFor(replacement.expiresAt())));
    }

    @Override
    boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return wire.change(
                        Script.TOUCH,
                        List.of(layout.record(key)),
                        RecordEncoding.version(expected),
                        RecordEncoding.versionAndExpiry(version, expiresAt),
                        keepFor(expiresAt))
                .is(1);
    }

    @Override
    Outcome delete(StoreKey key, long expected) {
        return outcome(
                replicas.confirmed(Script.DELETE, List.of(layout.record(key)), RecordEncoding.version(expected)));
    }

    private byte[] keepFor(Instant expiresAt) {
        return RecordEncoding.millisBetween(clock.instant(), expiresAt, GRACE);
    }
}
