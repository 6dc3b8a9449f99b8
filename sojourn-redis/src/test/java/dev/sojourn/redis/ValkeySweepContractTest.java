package dev.sojourn.redis;

import dev.sojourn.servers.RedisServer;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** The store contract, on a single Valkey, with the sweep. */
@Tag("valkey")
class ValkeySweepContractTest extends RedisStoreSweepContract {
    @Override
    List<RedisServer> servers() {
        return List.of(SharedServers.fetchedServer("valkey"));
    }

    @Override
    RedisStore.Builder node() {
        return RedisStore.builder()
                .uri(SharedServers.fetchedServer("valkey").uri())
                .expirySweep();
    }
}
