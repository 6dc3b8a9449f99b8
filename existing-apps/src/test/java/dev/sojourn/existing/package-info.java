@NullMarked
package dev.sojourn.existing;

import org.jspecify.annotations.NullMarked;
