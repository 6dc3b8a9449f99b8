package dev.sojourn.express.cases;

import dev.sojourn.Sessions;

/** Sessions with another cookie name and secret, for a second filter on one context. */
record SecondSessions(Sessions sessions) implements AutoCloseable {
    SecondSessions() {
        this(Sessions.create(c -> c.secret("k7Jq2vXw9RzB4mTn8sYc1dLf6gHp3aEu")
                .cookie(k -> k.name("other").insecureHttp())));
    }

    @Override
    public void close() {}
}
