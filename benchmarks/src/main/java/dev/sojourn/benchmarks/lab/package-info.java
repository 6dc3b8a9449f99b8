/** The lab server: one protocol over every adapter and every store, for measuring and for trying races. */
@NullMarked
package dev.sojourn.benchmarks.lab;

import org.jspecify.annotations.NullMarked;
