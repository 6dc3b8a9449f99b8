package dev.sojourn.redis;

import dev.sojourn.servers.RedisServer;
import java.util.List;

/** The store contract, on the master that Sentinel names. */
class SentinelContractTest extends RedisContract {
    @Override
    List<RedisServer> servers() {
        return List.of(Shared.sentinels().master());
    }

    @Override
    RedisStore.Builder node() {
        return RedisStore.builder().uri(Shared.sentinels().uri());
    }
}
