package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reply of Redis: nothing, bytes, a number, or a flat list of bytes. The connection's thread fills it before it wakes the
 * waiting thread.
 */
final class Reply extends CommandOutput<byte[], byte[], Reply> {
    private final Runnable onRedirect;
    private byte @Nullable [] bytes;
    private @Nullable Long number;
    private @Nullable List<byte[]> list;

    /**
     * Creates a reply to be filled.
     *
     * @param onRedirect called when the reply is a redirect of a Cluster node, which did nothing itself
     */
    @SuppressWarnings("NullAway") // null is Lettuce's value for an output not yet created
    Reply(Runnable onRedirect) {
        super(ByteArrayCodec.INSTANCE, null);
        this.onRedirect = onRedirect;
    }

    @Override
    public Reply get() {
        return this;
    }

    /** Returns the bytes of the reply, or null if there are none. */
    byte @Nullable [] bytes() {
        return bytes;
    }

    /** Whether the reply is this number. */
    boolean is(long expected) {
        return number != null && number == expected;
    }

    /** Returns the number of the reply; 0 if the reply is not a number. */
    long number() {
        return number == null ? 0 : number;
    }

    /** Returns the elements of a list; none if the reply is not a list. */
    List<byte[]> list() {
        return list == null ? List.of() : list;
    }

    @Override
    public void set(@Nullable ByteBuffer value) {
        byte[] copy = value == null ? null : new byte[value.remaining()];
        if (value != null && copy != null) {
            value.get(copy);
        }
        if (list == null) {
            bytes = copy;
        } else {
            list.add(copy == null ? new byte[0] : copy);
        }
    }

    @Override
    public void set(long value) {
        number = value;
    }

    /** Sets a score, as RESP3 sends it. All scores here are whole numbers. */
    @Override
    public void set(double value) {
        if (list == null) {
            number = (long) value;
        } else {
            list.add(Long.toString((long) value).getBytes(US_ASCII));
        }
    }

    /** Flattens a list within a list, as RESP3 sends a member with its score. */
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
            onRedirect.run();
        }
    }
}
