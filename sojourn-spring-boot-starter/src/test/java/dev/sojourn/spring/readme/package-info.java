/** The program of README.md. */
@NullMarked
package dev.sojourn.spring.readme;

import org.jspecify.annotations.NullMarked;
