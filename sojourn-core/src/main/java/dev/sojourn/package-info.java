/**
 * The API for applications: {@link dev.sojourn.Sessions} is configured once, and handlers use
 * {@link dev.sojourn.Session}.
 */
@NullMarked
package dev.sojourn;

import org.jspecify.annotations.NullMarked;
