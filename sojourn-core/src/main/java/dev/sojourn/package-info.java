/**
 * What an application touches: {@link dev.sojourn.Sessions} is configured once, {@link dev.sojourn.Session} is what a
 * handler gets.
 */
@NullMarked
package dev.sojourn;

import org.jspecify.annotations.NullMarked;
