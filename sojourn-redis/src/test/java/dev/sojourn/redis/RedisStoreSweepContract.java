package dev.sojourn.redis;

import java.util.Set;

/** The store contract on Redis, for each kind of deployment, with the sweep. */
abstract class RedisStoreSweepContract extends RedisStoreContract {
    @Override
    protected final Set<Capability> missingCapabilities() {
        return Set.of();
    }
}
