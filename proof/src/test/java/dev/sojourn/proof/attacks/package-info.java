/** Bad input and bad company: one class for each attack, named after its number in the catalogue. */
@NullMarked
package dev.sojourn.proof.attacks;

import org.jspecify.annotations.NullMarked;
