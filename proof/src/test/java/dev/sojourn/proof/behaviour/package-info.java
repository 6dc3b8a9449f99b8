/** The behaviour of each option, method and event, over real HTTP. */
@NullMarked
package dev.sojourn.proof.behaviour;

import org.jspecify.annotations.NullMarked;
