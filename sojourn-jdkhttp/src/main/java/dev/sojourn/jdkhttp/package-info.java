/**
 * Sessions for {@code com.sun.net.httpserver}: add {@link dev.sojourn.jdkhttp.SojournFilter} to a context, and call
 * {@link dev.sojourn.jdkhttp.Sojourn#session} in its handler.
 */
@NullMarked
package dev.sojourn.jdkhttp;

import org.jspecify.annotations.NullMarked;
