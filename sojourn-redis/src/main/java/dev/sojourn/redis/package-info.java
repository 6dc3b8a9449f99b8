/** A {@link dev.sojourn.spi.SessionStore} in Redis or Valkey: standalone, Sentinel, Cluster. */
@NullMarked
package dev.sojourn.redis;

import org.jspecify.annotations.NullMarked;
