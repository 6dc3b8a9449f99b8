/** Tests of the demo's servers. */
@NullMarked
package dev.sojourn.demo.servers;

import org.jspecify.annotations.NullMarked;
