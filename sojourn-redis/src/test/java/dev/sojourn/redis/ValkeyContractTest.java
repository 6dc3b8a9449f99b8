package dev.sojourn.redis;

import dev.sojourn.servers.RedisServer;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** The store contract, on one Valkey. */
@Tag("valkey")
class ValkeyContractTest extends RedisContract {
    @Override
    List<RedisServer> servers() {
        return List.of(Shared.fetched("valkey"));
    }

    @Override
    RedisStore.Builder node() {
        return RedisStore.builder().uri(Shared.fetched("valkey").uri());
    }
}
