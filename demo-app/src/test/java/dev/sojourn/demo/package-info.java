/** Tests of the demo over HTTP and in a browser. */
@NullMarked
package dev.sojourn.demo;

import org.jspecify.annotations.NullMarked;
