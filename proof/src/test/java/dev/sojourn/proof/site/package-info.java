/** What the attacks, counts and behaviours share: a small site over real sockets, a raw client, a store that counts, a browser's cookie jar. */
@NullMarked
package dev.sojourn.proof.site;

import org.jspecify.annotations.NullMarked;
