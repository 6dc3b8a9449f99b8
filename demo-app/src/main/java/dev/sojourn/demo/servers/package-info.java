/** Runs the demo on one HTTP server each. The rest of the demo is independent of servers. */
@NullMarked
package dev.sojourn.demo.servers;

import org.jspecify.annotations.NullMarked;
