package dev.sojourn.redis;

import dev.sojourn.servers.RedisServer;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** The store contract, on a single Redis 8, with the sweep. */
@Tag("redis8")
class Redis8SweepContractTest extends RedisStoreSweepContract {
    @Override
    List<RedisServer> servers() {
        return List.of(SharedServers.fetchedServer("redis8"));
    }

    @Override
    RedisStore.Builder node() {
        return RedisStore.builder()
                .uri(SharedServers.fetchedServer("redis8").uri())
                .expirySweep();
    }
}
