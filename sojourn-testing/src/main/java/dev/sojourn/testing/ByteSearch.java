package dev.sojourn.testing;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Very many bytes in which many short pieces are looked for at once: a database's files hold some hundred megabytes. */
final class ByteSearch {
    private static final int BEGINNING = Integer.BYTES;
    private static final int BITS = 16;

    private final byte[] bytes;

    ByteSearch(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Which of these are in it. */
    Set<SecretEncoding> found(List<SecretEncoding> wanted) {
        boolean[] beginnings = new boolean[1 << BITS];
        for (SecretEncoding each : wanted) {
            beginnings[hash(beginning(each.bytes()))] = true;
        }
        Set<SecretEncoding> found = new HashSet<>();
        int last = 0;
        for (int i = 0; i < bytes.length; i++) {
            last = (last << Byte.SIZE) | (bytes[i] & 0xff);
            if (beginnings[hash(last)]) {
                addThoseAt(i + 1 - BEGINNING, wanted, found);
            }
        }
        return found;
    }

    private void addThoseAt(int begin, List<SecretEncoding> wanted, Set<SecretEncoding> found) {
        for (SecretEncoding each : wanted) {
            int end = begin + each.bytes().length;
            if (begin >= 0
                    && end <= bytes.length
                    && Arrays.equals(bytes, begin, end, each.bytes(), 0, each.bytes().length)) {
                found.add(each);
            }
        }
    }

    private static int beginning(byte[] bytes) {
        int beginning = 0;
        for (int i = 0; i < BEGINNING; i++) {
            beginning = (beginning << Byte.SIZE) | (bytes[i] & 0xff);
        }
        return beginning;
    }

    private static int hash(int beginning) {
        return (beginning * 0x9E3779B1) >>> (Integer.SIZE - BITS);
    }
}
