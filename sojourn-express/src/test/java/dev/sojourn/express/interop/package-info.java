/** The real Express and a Sojourn application, on the same Redis and the same PostgreSQL. */
@NullMarked
package dev.sojourn.express.interop;

import org.jspecify.annotations.NullMarked;
