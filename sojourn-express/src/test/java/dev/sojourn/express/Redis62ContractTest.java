package dev.sojourn.express;

import dev.sojourn.servers.RedisServer;
import java.util.List;

/** The rules of a store, on Express's records in one Redis. */
class Redis62ContractTest extends ExpressRedisContract {
    @Override
    List<RedisServer> servers() {
        return List.of(Shared.redis62());
    }

    @Override
    String uri() {
        return Shared.redis62().uri();
    }
}
