/** Sessions for Javalin: register {@link dev.sojourn.javalin.Sojourn} as a plugin, and ask {@code ctx.with(Sojourn.class)}. */
@NullMarked
package dev.sojourn.javalin;

import org.jspecify.annotations.NullMarked;
