/** What just happened, written down for the visitor: lines of HTTP and store calls. */
@NullMarked
package dev.sojourn.demo.journal;

import org.jspecify.annotations.NullMarked;
