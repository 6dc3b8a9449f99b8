package dev.sojourn.histories;

/**
 * A temporary fault.
 *
 * @param name the description
 * @param begin starts the fault
 * @param end ends the fault
 * @param shortestMillis the minimum duration
 * @param longestMillis the maximum duration
 */
record Fault(String name, Runnable begin, Runnable end, int shortestMillis, int longestMillis) {}
