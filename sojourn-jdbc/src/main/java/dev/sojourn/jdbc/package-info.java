/** A {@link dev.sojourn.spi.SessionStore} in one table of a relational database. */
@NullMarked
package dev.sojourn.jdbc;

import org.jspecify.annotations.NullMarked;
