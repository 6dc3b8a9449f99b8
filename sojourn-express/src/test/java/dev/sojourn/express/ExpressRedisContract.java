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
@ExtendWith(Shared.class)
abstract class ExpressRedisContract extends SessionStoreContract {
    /** Returns the servers that have the keys. */
    abstract List<RedisServer> servers();

    /** Returns the URI for one application node. */
    abstract String uri();

    @Override
    protected final SessionStore open() {
        servers().forEach(server -> server.command("FLUSHALL"));
        return openAnother();
    }

    @Override
    protected final SessionStore openAnother(SessionStore first) {
        return openAnother();
    }

    private SessionStore openAnother() {
        return new WrappingStore(
                ExpressRedisStore.connect(c -> c.uri(uri()).timeout(Duration.ofSeconds(20))), VersionDigest.SHA1);
    }

    /** connect-redis takes every present key for a live session, so an expired record may not stay. */
    @Override
    protected final Set<Capability> missingCapabilities() {
        return EnumSet.allOf(Capability.class);
    }
}
