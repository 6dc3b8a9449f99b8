/** The way from one store to another while sessions go on. */
@NullMarked
package dev.sojourn.move;

import org.jspecify.annotations.NullMarked;
