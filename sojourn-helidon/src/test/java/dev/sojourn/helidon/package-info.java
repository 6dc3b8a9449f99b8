@NullMarked
package dev.sojourn.helidon;

import org.jspecify.annotations.NullMarked;
