package dev.sojourn.redis;

import dev.sojourn.servers.RedisServer;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.SessionStoreContract;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;

/** The rules of a store, on one of the ways in which Redis is run. */
@ExtendWith(Shared.class)
abstract class RedisContract extends SessionStoreContract {
    /** The servers that hold the keys. */
    abstract List<RedisServer> servers();

    /** How a node of the application gets its store. */
    abstract RedisStore.Builder node();

    @Override
    protected final SessionStore open() {
        servers().forEach(server -> server.command("FLUSHALL"));
        return connected();
    }

    @Override
    protected final SessionStore openAnother(SessionStore first) {
        return connected();
    }

    private SessionStore connected() {
        return node().timeout(Duration.ofSeconds(20)).build();
    }
}
