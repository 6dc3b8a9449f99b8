/**
 * Sessions for Javalin: register {@link dev.sojourn.javalin.SojournPlugin}, and call {@code ctx.with(SojournPlugin.class)} in
 * handlers.
 */
@NullMarked
package dev.sojourn.javalin;

import org.jspecify.annotations.NullMarked;
