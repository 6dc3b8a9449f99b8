package dev.sojourn.redis;

import dev.sojourn.servers.RedisServer;
import java.util.List;

/** The store contract, on a single Redis 7, with the sweep. */
class Redis7SweepContractTest extends RedisStoreSweepContract {
    @Override
    List<RedisServer> servers() {
        return List.of(SharedServers.redis7());
    }

    @Override
    RedisStore.Builder node() {
        return RedisStore.builder().uri(SharedServers.redis7().uri()).expirySweep();
    }
}
