/** Starts the examples, each with its own pom, as a reader would. */
@NullMarked
package dev.sojourn.examples;

import org.jspecify.annotations.NullMarked;
