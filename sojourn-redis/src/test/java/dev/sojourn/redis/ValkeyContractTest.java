package dev.sojourn.redis;

import dev.sojourn.servers.RedisServer;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** The store contract, on a single Valkey. */
@Tag("valkey")
class ValkeyContractTest extends RedisStoreContract {
    @Override
    List<RedisServer> servers() {
        return List.of(SharedServers.fetchedServer("valkey"));
    }

    @Override
    RedisStore.Builder node() {
        return RedisStore.builder().uri(SharedServers.fetchedServer("valkey").uri());
    }
}
