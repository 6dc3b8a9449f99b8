/** What the options and the verbs promise, over real HTTP. */
@NullMarked
package dev.sojourn.proof.behaviour;

import org.jspecify.annotations.NullMarked;
