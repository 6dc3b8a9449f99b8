@NullMarked
package dev.sojourn.express;

import org.jspecify.annotations.NullMarked;
