/** What a request costs in store calls, and what many at a time come to. */
@NullMarked
package dev.sojourn.proof.counts;

import org.jspecify.annotations.NullMarked;
