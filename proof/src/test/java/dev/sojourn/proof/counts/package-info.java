/** The store calls of each kind of request, and the results of many concurrent requests. */
@NullMarked
package dev.sojourn.proof.counts;

import org.jspecify.annotations.NullMarked;
