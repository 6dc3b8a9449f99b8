/** Where the demo keeps its sessions: what {@code STORE} says, opened. */
@NullMarked
package dev.sojourn.demo.store;

import org.jspecify.annotations.NullMarked;
