/** A small web application that shows a session at work. */
@NullMarked
package dev.sojourn.demo;

import org.jspecify.annotations.NullMarked;
