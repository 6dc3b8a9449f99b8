/** What is put into a container beside an application that is to use the drop-in session. */
@NullMarked
package dev.sojourn.existing;

import org.jspecify.annotations.NullMarked;
