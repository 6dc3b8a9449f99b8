package dev.sojourn.redis;

import dev.sojourn.servers.RedisServer;
import java.util.List;

/** The store contract, on a Cluster of three masters. */
class ClusterContractTest extends RedisStoreContract {
    @Override
    List<RedisServer> servers() {
        return SharedServers.cluster().nodes();
    }

    @Override
    RedisStore.Builder node() {
        return RedisStore.builder().uri(SharedServers.cluster().uri());
    }
}
