/** An application that DevTools restarts. */
@NullMarked
package dev.sojourn.spring.restarted;

import org.jspecify.annotations.NullMarked;
