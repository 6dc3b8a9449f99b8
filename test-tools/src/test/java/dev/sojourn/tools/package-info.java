@NullMarked
package dev.sojourn.tools;

import org.jspecify.annotations.NullMarked;
