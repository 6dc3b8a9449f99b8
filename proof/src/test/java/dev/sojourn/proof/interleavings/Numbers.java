package dev.sojourn.proof.interleavings;

import java.security.SecureRandom;

/** A source of numbers that are equal in every run, and different from those of other nodes. */
final class Numbers extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private long next;

    Numbers(int node) {
        this.next = node * 1_000_000L;
    }

    @Override
    public long nextLong() {
        return ++next;
    }
}
