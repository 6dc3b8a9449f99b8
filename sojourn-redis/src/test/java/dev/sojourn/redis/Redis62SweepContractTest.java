package dev.sojourn.redis;

import dev.sojourn.servers.RedisServer;
import java.util.List;

/** The store contract, on the oldest supported release line of Redis, with the sweep. */
class Redis62SweepContractTest extends RedisStoreSweepContract {
    @Override
    List<RedisServer> servers() {
        return List.of(SharedServers.redis62());
    }

    @Override
    RedisStore.Builder node() {
        return RedisStore.builder().uri(SharedServers.redis62().uri()).expirySweep();
    }
}
