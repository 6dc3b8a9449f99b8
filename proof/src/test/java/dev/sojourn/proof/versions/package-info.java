/** The library beside other versions of what it is made of. */
@NullMarked
package dev.sojourn.proof.versions;

import org.jspecify.annotations.NullMarked;
