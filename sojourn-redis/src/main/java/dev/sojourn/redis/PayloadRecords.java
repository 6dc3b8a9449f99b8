package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import io.lettuce.core.protocol.CommandType;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Records as another library keeps them: the value is the payload and nothing else, the key is the prefix and the key's
 * own text, and the record is gone at its expiry, for whoever wrote that format takes a record that is there for alive.
 *
 * <p>The version is the first eight bytes of the value's SHA-1, the one digest that a script can compute. Whoever needs two
 * writes of the same content to be told apart puts something into it that differs.
 */
final class PayloadRecords extends Records {
    private static final byte[] NX = "NX".getBytes(US_ASCII);
    private static final byte[] PXAT = "PXAT".getBytes(US_ASCII);
    private static final byte[] NEVER = "-1".getBytes(US_ASCII);

    PayloadRecords(CommandExecutor wire, ReplicaWait replicas, KeyLayout layout) {
        super(wire, replicas, layout);
    }

    @Override
    Optional<StoredSession> load(StoreKey key) {
        return current(wire.read(Script.LOAD_BARE, List.of(layout.bare(key))));
    }

    @Override
    boolean create(StoreKey key, StoredSession session) {
        CommandExecutor.Question set = CommandExecutor.question(
                CommandType.SET,
                layout.bare(key),
                session.payload(),
                NX,
                PXAT,
                RecordEncoding.millis(session.expiresAt()));
        return wire.change(set).bytes() != null;
    }

    @Override
    Outcome replace(StoreKey key, long expected, StoredSession replacement) {
        return outcomeOf(wire.change(
                Script.REPLACE_BARE,
                List.of(layout.bare(key)),
                hex(expected),
                replacement.payload(),
                RecordEncoding.millis(replacement.expiresAt())));
    }

    @Override
    boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return wire.change(
                        Script.TOUCH_BARE, List.of(layout.bare(key)), hex(expected), RecordEncoding.millis(expiresAt))
                .is(1);
    }

    @Override
    Outcome delete(StoreKey key, long expected) {
        return outcomeOf(wire.change(Script.DELETE_BARE, List.of(layout.bare(key)), hex(expected)));
    }

    private static Outcome outcomeOf(Reply reply) {
        return reply.is(1) ? Outcome.DONE : new Outcome.Lost(current(reply));
    }

    private static Optional<StoredSession> current(Reply reply) {
        List<byte[]> stands = reply.list();
        if (stands.isEmpty()) {
            return Optional.empty();
        }
        byte[] value = stands.get(0);
        return Optional.of(new StoredSession(value, version(value), expiry(stands.get(1)), null));
    }

    private static Instant expiry(byte[] millis) {
        return Arrays.equals(millis, NEVER)
                ? RecordEncoding.LATEST
                : Instant.ofEpochMilli(Long.parseLong(new String(millis, US_ASCII)));
    }

    private static byte[] hex(long version) {
        return HexFormat.of().toHexDigits(version).getBytes(US_ASCII);
    }

    /** The version of a value. */
    static long version(byte[] value) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-1").digest(value))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
