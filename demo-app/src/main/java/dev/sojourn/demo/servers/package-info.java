/** The demo on one HTTP server each. Nothing else of the demo knows a server. */
@NullMarked
package dev.sojourn.demo.servers;

import org.jspecify.annotations.NullMarked;
