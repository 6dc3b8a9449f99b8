package dev.sojourn.redis;

import dev.sojourn.servers.RedisServer;
import java.util.List;

/** The store contract, on the master that Sentinel reports. */
class SentinelContractTest extends RedisStoreContract {
    @Override
    List<RedisServer> servers() {
        return List.of(SharedServers.sentinels().master());
    }

    @Override
    RedisStore.Builder node() {
        return RedisStore.builder().uri(SharedServers.sentinels().uri());
    }
}
