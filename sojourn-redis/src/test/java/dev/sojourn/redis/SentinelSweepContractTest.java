package dev.sojourn.redis;

import dev.sojourn.servers.RedisServer;
import io.lettuce.core.RedisClient;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/** The store contract, on the master that Sentinel names, with the application's own client, with the sweep. */
class SentinelSweepContractTest extends RedisContract {
    private static final RedisClient CLIENT =
            RedisClient.create(Shared.sentinels().uri());

    @AfterAll
    static void shutDown() {
        CLIENT.shutdown();
    }

    @Override
    List<RedisServer> servers() {
        return List.of(Shared.sentinels().master());
    }

    @Override
    RedisStore.Builder node() {
        return RedisStore.builder().client(CLIENT).expirySweep();
    }
}
