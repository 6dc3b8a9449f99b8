@NullMarked
package dev.sojourn.benchmarks.lab;

import org.jspecify.annotations.NullMarked;
