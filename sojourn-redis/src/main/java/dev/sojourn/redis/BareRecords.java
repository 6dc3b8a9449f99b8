package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import io.lettuce.core.protocol.CommandType;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Records as another library keeps them: the value is the payload alone, and the Redis key is the prefix plus the store key's
 * text. Redis removes a record at its expiry, without a grace period, because the other library takes every existing record
 * for a live session.
 *
 * <p>The version is the first eight bytes of the value's SHA-1, the only digest that a script can compute. A format that must
 * distinguish two writes of the same content has to add something that differs.
 */
final class BareRecords extends Records {
    private static final byte[] NX = "NX".getBytes(US_ASCII);
    private static final byte[] PXAT = "PXAT".getBytes(US_ASCII);
    private static final byte[] NO_EXPIRY = "-1".getBytes(US_ASCII);

    BareRecords(CommandExecutor executor, ReplicaWait replicas, KeyLayout layout) {
        super(executor, replicas, layout);
    }

    @Override
    Optional<StoredSession> load(StoreKey key) {
        return toRecord(executor.read(Script.LOAD_BARE, List.of(layout.bareRecord(key))));
    }

    @Override
    boolean create(StoreKey key, StoredSession session) {
        KeyedCommand set = KeyedCommand.of(
                CommandType.SET,
                layout.bareRecord(key),
                session.payload(),
                NX,
                PXAT,
                RedisTime.millis(session.expiresAt()));
        return executor.write(set).bytes() != null;
    }

    @Override
    Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return bareOutcome(executor.write(
                Script.REPLACE_BARE,
                List.of(layout.bareRecord(key)),
                hex(expected),
                replacement.payload(),
                RedisTime.millis(replacement.expiresAt())));
    }

    @Override
    boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return executor.write(
                        Script.TOUCH_BARE, List.of(layout.bareRecord(key)), hex(expected), RedisTime.millis(expiresAt))
                .is(1);
    }

    @Override
    Outcome delete(StoreKey key, long expected) {
        return bareOutcome(executor.write(Script.DELETE_BARE, List.of(layout.bareRecord(key)), hex(expected)));
    }

    private static Outcome bareOutcome(Reply reply) {
        return reply.is(1) ? Outcome.DONE : new Outcome.Lost(toRecord(reply));
    }

    private static Optional<StoredSession> toRecord(Reply reply) {
        List<byte[]> valueAndExpiry = reply.list();
        if (valueAndExpiry.isEmpty()) {
            return Optional.empty();
        }
        byte[] value = valueAndExpiry.get(0);
        return Optional.of(new StoredSession(value, version(value), expiry(valueAndExpiry.get(1)), null));
    }

    private static Instant expiry(byte[] millis) {
        return Arrays.equals(millis, NO_EXPIRY)
                ? RedisTime.LATEST
                : Instant.ofEpochMilli(Long.parseLong(new String(millis, US_ASCII)));
    }

    private static byte[] hex(long version) {
        return HexFormat.of().toHexDigits(version).getBytes(US_ASCII);
    }

    /** Returns the version of a value. */
    static long version(byte[] value) {
        return ByteBuffer.wrap(Digests.sha1(value)).getLong();
    }
}
