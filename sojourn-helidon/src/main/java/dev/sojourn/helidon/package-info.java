/** Sessions for Helidon's web server: add {@link dev.sojourn.helidon.SojournFeature}, ask {@link dev.sojourn.helidon.SojournPlugin}. */
@NullMarked
package dev.sojourn.helidon;

import org.jspecify.annotations.NullMarked;
