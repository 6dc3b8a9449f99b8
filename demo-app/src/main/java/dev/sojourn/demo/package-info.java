/** A small web application that demonstrates sessions. */
@NullMarked
package dev.sojourn.demo;

import org.jspecify.annotations.NullMarked;
