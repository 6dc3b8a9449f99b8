/**
 * The SPI for authors of stores, adapters and formats. Applications need only those of its types that they pass on.
 */
@NullMarked
package dev.sojourn.spi;

import org.jspecify.annotations.NullMarked;
