/**
 * Every order in which the store calls of two or three concurrent requests can happen, over the real engine, with at most
 * one fault: an answer that is lost, or a node that stops for good.
 */
@NullMarked
package dev.sojourn.proof.interleavings;

import org.jspecify.annotations.NullMarked;
