/**
 * Every order of the store calls of two or three concurrent requests, with the real engine and at most one fault: a lost
 * response, or a node that stops permanently.
 */
@NullMarked
package dev.sojourn.proof.interleavings;

import org.jspecify.annotations.NullMarked;
