/** Undertow's adapter over real servers. */
@NullMarked
package dev.sojourn.undertow;

import org.jspecify.annotations.NullMarked;
