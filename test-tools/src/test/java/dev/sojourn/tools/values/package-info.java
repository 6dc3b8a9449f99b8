@NullMarked
package dev.sojourn.tools.values;

import org.jspecify.annotations.NullMarked;
