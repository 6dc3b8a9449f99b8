/** Tests of the Undertow adapter with real servers. */
@NullMarked
package dev.sojourn.undertow;

import org.jspecify.annotations.NullMarked;
