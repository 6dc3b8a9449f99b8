package dev.sojourn.express;

import dev.sojourn.servers.RedisServer;
import java.util.List;

/** The store contract, on Express's records on the master that Sentinel names. */
class RedisSentinelContractTest extends ExpressRedisContract {
    @Override
    List<RedisServer> servers() {
        return List.of(Shared.sentinels().master());
    }

    @Override
    String uri() {
        return Shared.sentinels().uri();
    }
}
