/** An audit log of sessions in the OWASP Logging Vocabulary. */
@NullMarked
package dev.sojourn.audit;

import org.jspecify.annotations.NullMarked;
