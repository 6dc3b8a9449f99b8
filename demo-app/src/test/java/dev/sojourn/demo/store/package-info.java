/** Tests of the values of {@code STORE}. */
@NullMarked
package dev.sojourn.demo.store;

import org.jspecify.annotations.NullMarked;
