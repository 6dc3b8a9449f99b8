/** Sessions shared with express-session: its cookies and its records, under Sojourn's rules. */
@NullMarked
package dev.sojourn.express;

import org.jspecify.annotations.NullMarked;
