/** The lab server: one protocol on every adapter and every store, for measurements and for tests of races. */
@NullMarked
package dev.sojourn.benchmarks.lab;

import org.jspecify.annotations.NullMarked;
