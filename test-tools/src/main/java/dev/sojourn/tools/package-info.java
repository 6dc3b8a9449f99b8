/** What the tests of several modules need, and no user: sojourn-testing is for them. */
@NullMarked
package dev.sojourn.tools;

import org.jspecify.annotations.NullMarked;
