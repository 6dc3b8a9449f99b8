/**
 * For authors of stores and adapters, and for tests of applications: extend {@code SessionStoreContract} or
 * {@code AdapterContract}; set the time with {@link dev.sojourn.testing.SettableClock}.
 */
@NullMarked
package dev.sojourn.testing;

import org.jspecify.annotations.NullMarked;
