package dev.sojourn.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The keys of revoked tokens, each with the second from which it may be dropped: a hash table with open addressing in two
 * arrays, 12 bytes a slot, at most 60 % full.
 *
 * <p>Many threads look up keys without a lock. One thread changes the table at a time: the caller holds a lock.
 */
final class RevocationTable {
    private static final VarHandle KEY = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int SMALLEST = 64;

    private volatile Slots slots = new Slots(SMALLEST);
    private int size;

    /** Reports a key and the second from which it may be dropped. */
    interface Visitor {
        void visit(long key, long until);
    }

    /** Two arrays of the same length, a power of two. A key of 0 marks a free slot. */
    private static final class Slots {
        final long[] keys;
        final int[] untils;

        Slots(int capacity) {
            this.keys = new long[capacity];
            this.untils = new int[capacity];
        }

        /** Returns the slot of a key, or the free one where it belongs. */
        int find(long key) {
            int mask = keys.length - 1;
            for (int i = (int) key & mask; ; i = (i + 1) & mask) {
                long found = (long) KEY.getAcquire(keys, i);
                if (found == key || found == 0) {
                    return i;
                }
            }
        }
    }

    boolean contains(long key) {
        Slots present = slots;
        long slotKey = slotKey(key);
        return (long) KEY.getAcquire(present.keys, present.find(slotKey)) == slotKey;
    }

    int size() {
        return size;
    }

    /** Returns the number of slots. */
    int capacity() {
        return slots.keys.length;
    }

    /** Adds a key, or keeps it for longer. */
    void put(long key, long until) {
        Slots present = slots;
        long slotKey = slotKey(key);
        int slot = present.find(slotKey);
        if (present.keys[slot] == slotKey) {
            if (Integer.compareUnsigned((int) until, present.untils[slot]) > 0) {
                present.untils[slot] = (int) until;
            }
            return;
        }
        if (isFull(size + 1, present.keys.length)) {
            present = copy(present.keys.length * 2, 0);
            slot = present.find(slotKey);
            slots = present;
        }
        present.untils[slot] = (int) until;
        KEY.setRelease(present.keys, slot, slotKey);
        size++;
    }

    /** Drops the keys whose time has come, once they are a quarter of all. Returns whether any was dropped. */
    boolean drop(long expiredBefore) {
        int[] expired = {0};
        forEach((key, until) -> expired[0] += until < expiredBefore ? 1 : 0);
        if (expired[0] == 0 || expired[0] < size / 4) {
            return false;
        }
        size -= expired[0];
        int capacity = SMALLEST;
        while (isFull(size, capacity)) {
            capacity *= 2;
        }
        slots = copy(capacity, expiredBefore);
        return true;
    }

    private static boolean isFull(int size, int capacity) {
        return size > capacity / 5 * 3;
    }

    void forEach(Visitor visitor) {
        Slots present = slots;
        for (int i = 0; i < present.keys.length; i++) {
            if (present.keys[i] != 0) {
                visitor.visit(present.keys[i], Integer.toUnsignedLong(present.untils[i]));
            }
        }
    }

    private Slots copy(int capacity, long expiredBefore) {
        Slots larger = new Slots(capacity);
        forEach((key, until) -> {
            if (until >= expiredBefore) {
                int slot = larger.find(key);
                larger.keys[slot] = key;
                larger.untils[slot] = (int) until;
            }
        });
        return larger;
    }

    /** Returns a key that no free slot has. */
    private static long slotKey(long key) {
        return key == 0 ? 1 : key;
    }
}
