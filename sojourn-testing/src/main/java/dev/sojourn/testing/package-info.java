/**
 * Tests for authors of stores and adapters, and help for tests of applications. Extend {@code SessionStoreContract} or
 * {@code AdapterContract}, set the time with {@link dev.sojourn.testing.SettableClock}, and make calls fail with {@link
 * dev.sojourn.testing.FaultyStore}.
 */
@NullMarked
package dev.sojourn.testing;

import org.jspecify.annotations.NullMarked;
