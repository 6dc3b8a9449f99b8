package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer of Redis: nothing, bytes, a number, or a flat list of bytes. Filled by the connection's thread before the
 * waiting one is woken.
 */
final class Reply extends CommandOutput<byte[], byte[], Reply> {
    private final Runnable turnedAway;
    private byte @Nullable [] bytes;
    private @Nullable Long number;
    private @Nullable List<byte[]> list;

    /**
     * An answer that is still to come.
     *
     * @param turnedAway told when a node of a Cluster says that another one is in charge, and did nothing
     */
    @SuppressWarnings("NullAway") // Lettuce's own way to have no output yet
    Reply(Runnable turnedAway) {
        super(ByteArrayCodec.INSTANCE, null);
        this.turnedAway = turnedAway;
    }

    @Override
    public Reply get() {
        return this;
    }

    /** The bytes of the answer, or null if there are none. */
    byte @Nullable [] bytes() {
        return bytes;
    }

    /** Whether the answer is this number. */
    boolean is(long expected) {
        return number != null && number == expected;
    }

    /** The number of the answer. */
    long number() {
        return number == null ? 0 : number;
    }

    /** The elements of a list; none if the answer is not a list. */
    List<byte[]> list() {
        return list == null ? List.of() : list;
    }

    @Override
    public void set(@Nullable ByteBuffer given) {
        byte[] copy = given == null ? null : new byte[given.remaining()];
        if (given != null && copy != null) {
            given.get(copy);
        }
        if (list == null) {
            bytes = copy;
        } else {
            list.add(copy == null ? new byte[0] : copy);
        }
    }

    @Override
    public void set(long given) {
        number = given;
    }

    /** A score, in the newer of Redis's protocols; ours are whole numbers. */
    @Override
    public void set(double given) {
        if (list == null) {
            number = (long) given;
        } else {
            list.add(Long.toString((long) given).getBytes(US_ASCII));
        }
    }

    /** A list within a list, as the newer protocol has it for a member and its score, is laid flat. */
    @Override
    public void multi(int count) {
        if (list == null) {
            list = new ArrayList<>(Math.max(0, count));
        }
    }

    @Override
    public void setError(ByteBuffer error) {
        super.setError(error);
        if (getError().startsWith("MOVED ") || getError().startsWith("ASK ")) {
            turnedAway.run();
        }
    }
}
