/** The shared fixtures: a site over real sockets, a raw HTTP client, a recording store and a browser's cookie jar. */
@NullMarked
package dev.sojourn.proof.site;

import org.jspecify.annotations.NullMarked;
