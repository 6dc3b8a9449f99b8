/** Tests of the examples, each with its own pom. */
@NullMarked
package dev.sojourn.examples;

import org.jspecify.annotations.NullMarked;
