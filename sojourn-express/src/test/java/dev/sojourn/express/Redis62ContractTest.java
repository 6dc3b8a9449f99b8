package dev.sojourn.express;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.servers.RedisServer;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The store contract, on Express's records in a Redis version that cannot return the expiry of a key. */
class Redis62ContractTest extends ExpressRedisContract {
    @Override
    List<RedisServer> servers() {
        return List.of(SharedServers.redis62());
    }

    @Override
    String uri() {
        return SharedServers.redis62().uri();
    }

    /** This Redis returns a key's remaining time and the current time separately. Its clock may advance in between. */
    @Test
    void an_expiry_is_the_same_in_each_of_many_reads() {
        try (ExpressRedisStore store = ExpressRedisStore.connect(uri())) {
            Instant expiry = Instant.now().truncatedTo(ChronoUnit.MILLIS).plusSeconds(600);
            byte[] record = Json.utf8("{\"cookie\":{}}");
            StoreKey key = StoreKey.of("often-read");
            store.create(key, new StoredSession(record, VersionDigest.SHA1.version(record), expiry, null));

            for (int read = 0; read < 20_000; read++) {
                assertThat(store.load(key).orElseThrow().expiresAt()).isEqualTo(expiry);
            }
        }
    }
}
