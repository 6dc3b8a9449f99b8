/**
 * Sessions for Helidon's web server: add {@link dev.sojourn.helidon.SojournFeature} to a routing, and call
 * {@link dev.sojourn.helidon.Sojourn#session} in its handlers.
 */
@NullMarked
package dev.sojourn.helidon;

import org.jspecify.annotations.NullMarked;
