/** A small application with form login. */
@NullMarked
package dev.sojourn.spring.sample;

import org.jspecify.annotations.NullMarked;
