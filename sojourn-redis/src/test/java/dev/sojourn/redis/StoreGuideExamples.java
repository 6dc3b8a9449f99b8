package dev.sojourn.redis;

import dev.sojourn.Sessions;

/** The code that docs/guide/stores/redis.md shows. It connects to a server of the reader, so it is only compiled. */
final class StoreGuideExamples {
    private StoreGuideExamples() {}

    static Sessions redis() {
        RedisStore store = RedisStore.connect("redis://localhost:6379");
        Sessions sessions =
                Sessions.create(c -> c.secret(System.getenv("SOJOURN_SECRET")).store(store));
        return sessions;
    }
}
