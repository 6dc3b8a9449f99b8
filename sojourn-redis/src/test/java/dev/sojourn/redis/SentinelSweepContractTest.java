package dev.sojourn.redis;

import dev.sojourn.servers.RedisServer;
import io.lettuce.core.RedisClient;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/** The store contract, on the master that Sentinel reports, with the application's own client and the sweep. */
class SentinelSweepContractTest extends RedisStoreSweepContract {
    private static final RedisClient CLIENT =
            RedisClient.create(SharedServers.sentinels().uri());

    @AfterAll
    static void shutDown() {
        CLIENT.shutdown();
    }

    @Override
    List<RedisServer> servers() {
        return List.of(SharedServers.sentinels().master());
    }

    @Override
    RedisStore.Builder node() {
        return RedisStore.builder().client(CLIENT).expirySweep();
    }
}
