/** The program that README.md quotes. */
@NullMarked
package dev.sojourn.spring.readme;

import org.jspecify.annotations.NullMarked;
