/** Two application processes with one store, under random load and faults; a checker finds violated guarantees. */
@NullMarked
package dev.sojourn.histories;

import org.jspecify.annotations.NullMarked;
