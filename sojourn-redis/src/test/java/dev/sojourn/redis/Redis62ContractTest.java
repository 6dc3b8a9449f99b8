package dev.sojourn.redis;

import dev.sojourn.servers.RedisServer;
import java.util.List;

/** The store contract, on the oldest line of Redis that is supported. */
class Redis62ContractTest extends RedisContract {
    @Override
    List<RedisServer> servers() {
        return List.of(Shared.redis62());
    }

    @Override
    RedisStore.Builder node() {
        return RedisStore.builder().uri(Shared.redis62().uri());
    }
}
