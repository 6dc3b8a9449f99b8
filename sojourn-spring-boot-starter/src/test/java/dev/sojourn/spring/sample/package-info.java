/** A small application with form login, as somebody would write it. */
@NullMarked
package dev.sojourn.spring.sample;

import org.jspecify.annotations.NullMarked;
