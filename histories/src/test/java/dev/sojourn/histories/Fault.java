package dev.sojourn.histories;

/**
 * Something that goes wrong for a while.
 *
 * @param name what it is
 * @param begin makes it go wrong
 * @param end makes it right again
 * @param shortestMillis how long it lasts at least
 * @param longestMillis how long it lasts at most
 */
record Fault(String name, Runnable begin, Runnable end, int shortestMillis, int longestMillis) {}
