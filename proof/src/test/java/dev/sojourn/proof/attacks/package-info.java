/** One class for each attack, named after its number in the catalogue of attacks. */
@NullMarked
package dev.sojourn.proof.attacks;

import org.jspecify.annotations.NullMarked;
