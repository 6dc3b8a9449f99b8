package dev.sojourn.redis;

import dev.sojourn.servers.RedisServer;
import java.util.List;

/** The store contract, on a Cluster of three masters. */
class ClusterContractTest extends RedisContract {
    @Override
    List<RedisServer> servers() {
        return Shared.cluster().nodes();
    }

    @Override
    RedisStore.Builder node() {
        return RedisStore.builder().uri(Shared.cluster().uri());
    }
}
