/** Sessions for {@code com.sun.net.httpserver}: mount {@link dev.sojourn.jdkhttp.SojournFilter}, ask {@link dev.sojourn.jdkhttp.SojournPlugin}. */
@NullMarked
package dev.sojourn.jdkhttp;

import org.jspecify.annotations.NullMarked;
