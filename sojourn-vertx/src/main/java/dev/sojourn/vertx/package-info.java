/** Sessions for Vert.x Web: mount {@link dev.sojourn.vertx.SojournHandler}, ask {@link dev.sojourn.vertx.SojournPlugin}. */
@NullMarked
package dev.sojourn.vertx;

import org.jspecify.annotations.NullMarked;
