/** Online migration of sessions from one store to another. */
@NullMarked
package dev.sojourn.move;

import org.jspecify.annotations.NullMarked;
