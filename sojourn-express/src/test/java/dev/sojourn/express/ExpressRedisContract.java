package dev.sojourn.express;

import dev.sojourn.servers.RedisServer;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.SessionStoreContract;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;

/** The rules of a store, on connect-redis's layout. */
@ExtendWith(Shared.class)
abstract class ExpressRedisContract extends SessionStoreContract {
    abstract RedisServer server();

    @Override
    protected final SessionStore open() {
        server().command("FLUSHALL");
        return openAnother();
    }

    @Override
    protected final SessionStore openAnother(SessionStore first) {
        return openAnother();
    }

    private SessionStore openAnother() {
        return new Enveloped(
                ExpressRedisStore.connect(c -> c.uri(server().uri()).timeout(Duration.ofSeconds(20))),
                VersionDigest.SHA1);
    }

    @Override
    protected final Optional<String> forgetsAtExpiryBecause() {
        return Optional.of("connect-redis takes a key that is there for a session that lives, so it may not stay");
    }
}
