package dev.sojourn.redis;

import dev.sojourn.servers.RedisServer;
import java.util.List;

/** The store contract, with the sweep. */
class Redis7SweepContractTest extends RedisContract {
    @Override
    List<RedisServer> servers() {
        return List.of(Shared.redis7());
    }

    @Override
    RedisStore.Builder node() {
        return RedisStore.builder().uri(Shared.redis7().uri()).expirySweep();
    }
}
