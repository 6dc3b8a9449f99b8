package dev.sojourn.engine;

/** When a check of the revocations reads the list from the store first. */
enum ViewRefresh {
    /** Once the view is half as old as it may be, so that later checks find it young. For threads that may block. */
    AHEAD,
    /** Only if the view is too old to be used. For a caller that was just told that its check needs no I/O. */
    IF_TOO_OLD
}
