package dev.sojourn.redis;

import dev.sojourn.spi.SessionStore;
import dev.sojourn.tools.RevocationListContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract for revocations, on Redis. */
@ExtendWith(SharedServers.class)
class RedisRevocationListTest {
    private abstract static class ServerContract extends RevocationListContract {
        abstract RedisStore.Builder node();

        @Override
        protected SessionStore open(String name) {
            return node().keyPrefix(name + ":").build();
        }
    }

    @Nested
    class Redis7 extends ServerContract {
        @Override
        RedisStore.Builder node() {
            return RedisStore.builder().uri(SharedServers.redis7().uri());
        }
    }

    @Nested
    class Redis62 extends ServerContract {
        @Override
        RedisStore.Builder node() {
            return RedisStore.builder().uri(SharedServers.redis62().uri());
        }
    }

    @Nested
    class Cluster extends ServerContract {
        @Override
        RedisStore.Builder node() {
            return RedisStore.builder().uri(SharedServers.cluster().uri());
        }
    }

    @Nested
    class Sentinel extends ServerContract {
        @Override
        RedisStore.Builder node() {
            return RedisStore.builder().uri(SharedServers.sentinels().uri());
        }
    }
}
