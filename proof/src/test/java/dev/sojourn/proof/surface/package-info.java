/** The public types of the published modules. */
@NullMarked
package dev.sojourn.proof.surface;

import org.jspecify.annotations.NullMarked;
