/** Real HTTP clients and real proxies in front of every adapter. */
@NullMarked
package dev.sojourn.clients;

import org.jspecify.annotations.NullMarked;
