package dev.sojourn.express;

import dev.sojourn.servers.RedisServer;

/** The rules of a store, on Express's records in one Redis. */
class Redis7ContractTest extends ExpressRedisContract {
    @Override
    RedisServer server() {
        return Shared.redis7();
    }
}
