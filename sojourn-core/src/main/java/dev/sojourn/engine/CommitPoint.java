package dev.sojourn.engine;

/** When a commit happens. */
enum CommitPoint {
    /** The response's head is about to leave: the one commit that touches, that may begin empty sessions and that ends a lease. */
    HEAD,
    /** Any other time: an explicit {@code save()}, or changes after the commit at the head. */
    OTHER
}
