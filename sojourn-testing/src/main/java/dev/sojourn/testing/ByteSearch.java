package dev.sojourn.testing;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A search for many short byte sequences at once, fast enough for some hundred megabytes of database files. */
final class ByteSearch {
    private static final int PREFIX_BYTES = Integer.BYTES;
    private static final int HASH_BITS = 16;

    private final byte[] bytes;

    ByteSearch(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns those that are in the bytes. Each has at least four bytes. */
    Set<SecretEncoding> find(List<SecretEncoding> wanted) {
        boolean[] prefixes = new boolean[1 << HASH_BITS];
        for (SecretEncoding each : wanted) {
            prefixes[hash(prefix(each.bytes()))] = true;
        }
        Set<SecretEncoding> found = new HashSet<>();
        int last = 0;
        for (int i = 0; i < bytes.length; i++) {
            last = (last << Byte.SIZE) | (bytes[i] & 0xff);
            if (prefixes[hash(last)]) {
                addMatches(i + 1 - PREFIX_BYTES, wanted, found);
            }
        }
        return found;
    }

    private void addMatches(int begin, List<SecretEncoding> wanted, Set<SecretEncoding> found) {
        for (SecretEncoding each : wanted) {
            int end = begin + each.bytes().length;
            if (begin >= 0
                    && end <= bytes.length
                    && Arrays.equals(bytes, begin, end, each.bytes(), 0, each.bytes().length)) {
                found.add(each);
            }
        }
    }

    private static int prefix(byte[] bytes) {
        int prefix = 0;
        for (int i = 0; i < PREFIX_BYTES; i++) {
            prefix = (prefix << Byte.SIZE) | (bytes[i] & 0xff);
        }
        return prefix;
    }

    private static int hash(int prefix) {
        return (prefix * 0x9E3779B1) >>> (Integer.SIZE - HASH_BITS);
    }
}
