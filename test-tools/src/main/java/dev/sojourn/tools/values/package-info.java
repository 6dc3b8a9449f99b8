/** Values of every type that an application can put into a session, and what it means that one came back. */
@NullMarked
package dev.sojourn.tools.values;

import org.jspecify.annotations.NullMarked;
