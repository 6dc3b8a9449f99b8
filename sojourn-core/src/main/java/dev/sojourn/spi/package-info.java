/**
 * What the authors of stores, adapters and formats touch. Applications need nothing from here but the types that they
 * pass on.
 */
@NullMarked
package dev.sojourn.spi;

import org.jspecify.annotations.NullMarked;
