package dev.sojourn.engine;

import java.io.OutputStream;
import java.util.Arrays;

/**
 * Collects JSON up to twice the size that any session may have: a value that contains another one many times can be
 * endless. JSON of up to some thousand bytes arrives in one piece, which is then copied once and without a margin.
 */
final class BoundedBytes extends OutputStream {
    private static final int MOST = 32 * 1024 * 1024;
    private static final byte[] NONE = {};

    private byte[] bytes = NONE;
    private int length;

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int count) {
        if (count > MOST - length) {
            throw new ValueRefusal("its JSON exceeds 32 MiB: keep large data in a database and its key in the session");
        }
        if (length == 0) {
            bytes = Arrays.copyOfRange(from, offset, offset + count);
        } else {
            if (bytes.length - length < count) {
                bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * length));
            }
            System.arraycopy(from, offset, bytes, length, count);
        }
        length += count;
    }

    byte[] toByteArray() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
