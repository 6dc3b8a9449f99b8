/** The program of the project's README.md. */
@NullMarked
package dev.sojourn.javalin.readme;

import org.jspecify.annotations.NullMarked;
