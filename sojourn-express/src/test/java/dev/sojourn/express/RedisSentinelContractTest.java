package dev.sojourn.express;

import dev.sojourn.servers.RedisServer;
import java.util.List;

/** The store contract, on Express's records on the master that Sentinel reports. */
class RedisSentinelContractTest extends ExpressRedisContract {
    @Override
    List<RedisServer> servers() {
        return List.of(SharedServers.sentinels().master());
    }

    @Override
    String uri() {
        return SharedServers.sentinels().uri();
    }
}
