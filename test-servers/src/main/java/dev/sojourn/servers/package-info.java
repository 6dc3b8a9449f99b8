/** Real servers for tests, started from what Maven brings, and a proxy that breaks connections. */
@NullMarked
package dev.sojourn.servers;

import org.jspecify.annotations.NullMarked;
