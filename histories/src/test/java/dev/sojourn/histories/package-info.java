/** Two application processes over one store under random load and faults; a checker says whether anything was lost. */
@NullMarked
package dev.sojourn.histories;

import org.jspecify.annotations.NullMarked;
