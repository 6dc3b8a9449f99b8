package dev.sojourn.express;

import dev.sojourn.servers.RedisServer;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.SessionStoreContract;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

    @Override
    protected final Optional<String> forgetsAtExpiryBecause() {
        return Optional.of("connect-redis takes a key that is there for a session that lives, so it may not stay");
    }
}
