package dev.sojourn.express;

import dev.sojourn.servers.RedisServer;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.SessionStoreContract;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;

/** The store contract, on connect-redis's layout. */
@ExtendWith(SharedServers.class)
abstract class ExpressRedisContract extends SessionStoreContract {
    /** Returns the servers that have the keys. */
    abstract List<RedisServer> servers();

    /** Returns the URI for one application node. */
    abstract String uri();

    @Override
    protected final SessionStore open() {
        servers().forEach(server -> server.command("FLUSHALL"));
        return connect();
    }

    @Override
    protected final SessionStore openAnother(SessionStore first) {
        return connect();
    }

    private SessionStore connect() {
        return new WrappingStore(
                ExpressRedisStore.connect(c -> c.uri(uri()).timeout(Duration.ofSeconds(20))), VersionDigest.SHA1);
    }

    /** Returns all: connect-redis treats every existing key as a live session, so no expired record may stay. */
    @Override
    protected final Set<Capability> missingCapabilities() {
        return EnumSet.allOf(Capability.class);
    }
}
