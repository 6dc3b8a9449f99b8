/** The frameworks page, made from test reports, and the jars that are published. */
@NullMarked
package dev.sojourn.frameworks;

import org.jspecify.annotations.NullMarked;
