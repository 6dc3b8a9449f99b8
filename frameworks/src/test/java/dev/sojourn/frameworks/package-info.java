/** Tests of the documentation pages and the published jars. */
@NullMarked
package dev.sojourn.frameworks;

import org.jspecify.annotations.NullMarked;
