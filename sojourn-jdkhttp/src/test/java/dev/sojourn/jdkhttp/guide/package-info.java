/** The code that the pages of docs/guide show. */
@NullMarked
package dev.sojourn.jdkhttp.guide;

import org.jspecify.annotations.NullMarked;
