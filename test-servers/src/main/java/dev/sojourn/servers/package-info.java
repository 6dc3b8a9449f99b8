/** Real servers for tests, started from binaries that Maven resolves, and a proxy that breaks connections. */
@NullMarked
package dev.sojourn.servers;

import org.jspecify.annotations.NullMarked;
