/** Sessions shared with express-session: its cookies and its records, with Sojourn's guarantees. */
@NullMarked
package dev.sojourn.express;

import org.jspecify.annotations.NullMarked;
