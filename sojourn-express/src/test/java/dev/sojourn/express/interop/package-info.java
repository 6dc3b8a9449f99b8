/** The real Express and an application of ours, on the same Redis and the same PostgreSQL. */
@NullMarked
package dev.sojourn.express.interop;

import org.jspecify.annotations.NullMarked;
