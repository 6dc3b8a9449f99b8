package dev.sojourn.express;

import dev.sojourn.servers.RedisServer;
import java.util.List;

/** The store contract, on Express's records in a Cluster of three masters. */
class RedisClusterContractTest extends ExpressRedisContract {
    @Override
    List<RedisServer> servers() {
        return SharedServers.cluster().nodes();
    }

    @Override
    String uri() {
        return SharedServers.cluster().uri();
    }
}
