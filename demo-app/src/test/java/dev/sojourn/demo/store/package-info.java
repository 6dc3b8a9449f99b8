/** What {@code STORE} may say. */
@NullMarked
package dev.sojourn.demo.store;

import org.jspecify.annotations.NullMarked;
