package dev.sojourn.express;

import dev.sojourn.servers.RedisServer;
import java.util.List;

/** The store contract, on Express's records in a single Redis 7. */
class Redis7ContractTest extends ExpressRedisContract {
    @Override
    List<RedisServer> servers() {
        return List.of(SharedServers.redis7());
    }

    @Override
    String uri() {
        return SharedServers.redis7().uri();
    }
}
