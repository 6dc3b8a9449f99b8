/** The JSON API below {@code /api/}, for programs that use tokens and not cookies. */
@NullMarked
package dev.sojourn.demo.api;

import org.jspecify.annotations.NullMarked;
