package dev.sojourn.redis;

import dev.sojourn.servers.RedisServer;
import io.lettuce.core.cluster.RedisClusterClient;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/** The store contract, on a Cluster of three masters, with the application's own client and the sweep. */
class ClusterSweepContractTest extends RedisStoreSweepContract {
    private static final RedisClusterClient CLIENT =
            RedisClusterClient.create(SharedServers.cluster().uri().replace("redis-cluster:", "redis:"));

    @AfterAll
    static void shutDown() {
        CLIENT.shutdown();
    }

    @Override
    List<RedisServer> servers() {
        return SharedServers.cluster().nodes();
    }

    @Override
    RedisStore.Builder node() {
        return RedisStore.builder().client(CLIENT).expirySweep();
    }
}
