package dev.sojourn.engine;

import java.io.ByteArrayOutputStream;

/**
 * Collects JSON up to twice the size that any session may have: a value that contains another one many times can be
 * endless.
 */
final class BoundedBytes extends ByteArrayOutputStream {
    private static final int MOST = 32 * 1024 * 1024;

    BoundedBytes() {
        super(512);
    }

    @Override
    public synchronized void write(int b) {
        check(1);
        super.write(b);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
        check(length);
        super.write(bytes, from, length);
    }

    private void check(int more) {
        if (count + more > MOST) {
            throw new ValueRefusal("its JSON exceeds 32 MiB: keep large data in a database and its key in the session");
        }
    }
}
