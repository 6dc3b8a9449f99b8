/**
 * Sessions for Undertow's native handlers: put {@link dev.sojourn.undertow.SojournHandler} in front of a handler, and call
 * {@link dev.sojourn.undertow.Sojourn#session} in it.
 */
@NullMarked
package dev.sojourn.undertow;

import org.jspecify.annotations.NullMarked;
