/** Values of every type that an application can put into a session, and their comparison with what is read back. */
@NullMarked
package dev.sojourn.tools.values;

import org.jspecify.annotations.NullMarked;
