package dev.sojourn.engine;

import java.io.ByteArrayOutputStream;

/** Bytes of JSON, up to twice what any session may have: a value that holds another one many times can be without end. */
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
            throw new ValueRefusal(
                    "its JSON has more than 32 MiB: keep large things in a database and their key in the session");
        }
    }
}
