/** The page of frameworks, made from test reports. */
@NullMarked
package dev.sojourn.frameworks;

import org.jspecify.annotations.NullMarked;
