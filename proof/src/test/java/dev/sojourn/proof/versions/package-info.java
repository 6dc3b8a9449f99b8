/** The library with other versions of its dependencies. */
@NullMarked
package dev.sojourn.proof.versions;

import org.jspecify.annotations.NullMarked;
