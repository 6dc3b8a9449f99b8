/** Sessions for Javalin: register {@link dev.sojourn.javalin.SojournPlugin} as a plugin, and ask {@code ctx.with(SojournPlugin.class)}. */
@NullMarked
package dev.sojourn.javalin;

import org.jspecify.annotations.NullMarked;
