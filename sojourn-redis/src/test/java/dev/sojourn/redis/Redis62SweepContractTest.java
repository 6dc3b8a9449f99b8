package dev.sojourn.redis;

import dev.sojourn.servers.RedisServer;
import java.util.List;

/** The store contract, on the oldest line that is supported, with the sweep. */
class Redis62SweepContractTest extends RedisContract {
    @Override
    List<RedisServer> servers() {
        return List.of(Shared.redis62());
    }

    @Override
    RedisStore.Builder node() {
        return RedisStore.builder().uri(Shared.redis62().uri()).expirySweep();
    }
}
