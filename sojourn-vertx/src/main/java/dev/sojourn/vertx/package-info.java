/**
 * Sessions for Vert.x Web: put {@link dev.sojourn.vertx.SojournHandler} in front of the router, and call
 * {@link dev.sojourn.vertx.Sojourn#session} in handlers.
 */
@NullMarked
package dev.sojourn.vertx;

import org.jspecify.annotations.NullMarked;
