/** Opens the session store that {@code STORE} names. */
@NullMarked
package dev.sojourn.demo.store;

import org.jspecify.annotations.NullMarked;
