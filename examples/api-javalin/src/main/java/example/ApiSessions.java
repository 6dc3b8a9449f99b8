package example;

import dev.sojourn.Key;
import dev.sojourn.Revocations;
import dev.sojourn.TokenSessions;
import dev.sojourn.jwt.AccessTokens;
import dev.sojourn.jwt.Jwe;
import dev.sojourn.redis.RedisStore;

/** The sessions of the API. This class is the same with every framework. */
final class ApiSessions {
    static final Key<String> ROLE = Key.of("role", String.class);
    static final Key<Integer> ORDERS = Key.of("orders", Integer.class);

    private ApiSessions() {}

    static TokenSessions connect() {
        String secret = System.getenv("SOJOURN_SECRET");
        return TokenSessions.create(c -> c.secret(secret)
                .store(redis("shop:session:"))
                .revocations(Revocations.in(redis("shop:revoked:")))
                .access(AccessTokens.sealed(Jwe.secret(secret).application("shop")))
                .claims(ROLE));
    }

    /** Two prefixes: the list of revocations must not share a prefix with the sessions. */
    private static RedisStore redis(String prefix) {
        String uri = System.getenv().getOrDefault("REDIS_URI", "redis://localhost:6379");
        return RedisStore.builder().uri(uri).keyPrefix(prefix).build();
    }
}
