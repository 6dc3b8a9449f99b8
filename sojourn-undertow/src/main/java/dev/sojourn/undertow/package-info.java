/** Sessions for Undertow's own handlers: mount {@link dev.sojourn.undertow.SojournHandler}, ask {@link dev.sojourn.undertow.SojournPlugin}. */
@NullMarked
package dev.sojourn.undertow;

import org.jspecify.annotations.NullMarked;
