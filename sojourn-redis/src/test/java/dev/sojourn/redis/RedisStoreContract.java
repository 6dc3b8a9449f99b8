package dev.sojourn.redis;

import dev.sojourn.servers.RedisServer;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.SessionStoreContract;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;

/** The store contract on Redis, for each kind of deployment. */
@ExtendWith(SharedServers.class)
abstract class RedisStoreContract extends SessionStoreContract {
    /** Returns the servers that have the keys. */
    abstract List<RedisServer> servers();

    /** Returns the options of one application node's store. */
    abstract RedisStore.Builder node();

    @Override
    protected final SessionStore open() {
        servers().forEach(server -> server.command("FLUSHALL"));
        return connect();
    }

    @Override
    protected final SessionStore openAnother(SessionStore first) {
        return connect();
    }

    @Override
    protected Set<Capability> missingCapabilities() {
        return Set.of(Capability.EXPIRY_SWEEP);
    }

    private SessionStore connect() {
        return node().timeout(Duration.ofSeconds(20)).build();
    }
}
