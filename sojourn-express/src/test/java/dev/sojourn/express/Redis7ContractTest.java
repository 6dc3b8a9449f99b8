package dev.sojourn.express;

import dev.sojourn.servers.RedisServer;
import java.util.List;

/** The store contract, on Express's records in one Redis. */
class Redis7ContractTest extends ExpressRedisContract {
    @Override
    List<RedisServer> servers() {
        return List.of(Shared.redis7());
    }

    @Override
    String uri() {
        return Shared.redis7().uri();
    }
}
