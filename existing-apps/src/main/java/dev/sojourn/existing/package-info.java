/** Classes for a container's class path that give its applications the drop-in session. */
@NullMarked
package dev.sojourn.existing;

import org.jspecify.annotations.NullMarked;
