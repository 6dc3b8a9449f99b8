/** The journal: each client's last requests with their session-related HTTP lines and store calls. */
@NullMarked
package dev.sojourn.demo.journal;

import org.jspecify.annotations.NullMarked;
