/** Classes that tests of several modules share. Not published: classes for users are in {@code sojourn-testing}. */
@NullMarked
package dev.sojourn.tools;

import org.jspecify.annotations.NullMarked;
