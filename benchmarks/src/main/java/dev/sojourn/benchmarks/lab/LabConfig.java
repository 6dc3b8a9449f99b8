package dev.sojourn.benchmarks.lab;

import dev.sojourn.CookieOptions;
import dev.sojourn.Revocations;
import dev.sojourn.SealedSessions;
import dev.sojourn.Sessions;
import dev.sojourn.TokenSessions;
import dev.sojourn.express.Express;
import dev.sojourn.jwt.AccessTokens;
import dev.sojourn.jwt.Jwe;
import dev.sojourn.spi.SessionStore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Creates the lab's sessions, of each kind, from the options that they share.
 *
 * @param cookie the cookie's name; null for Sojourn's
 * @param exclusive whether every request that uses its session has it exclusively
 */
record LabConfig(String secret, @Nullable String cookie, boolean exclusive) {
    /** For one session, because the lab is used for races. */
    private static final int MAX_WAITERS = 1_000;

    LabContent inStore(SessionStore store) {
        return content(c -> c.secret(secret).store(store).cookie(this::overPlainHttp));
    }

    LabContent express(SessionStore store) {
        return content(Express.compatible(store, e -> {
            e.existingWeakSecret(secret).insecureHttp();
            if (cookie != null) {
                e.name(cookie);
            }
        }));
    }

    private LabContent content(Consumer<Sessions.Config> config) {
        return LabKinds.inStore(Sessions.create(
                exclusive ? config.andThen(c -> c.exclusive().maxWaitingExclusive(MAX_WAITERS)) : config));
    }

    LabContent sealed(SessionStore revocations) {
        if (exclusive) {
            throw new IllegalArgumentException("--exclusive needs sessions in a store: sealed sessions have no lease");
        }
        return LabKinds.sealed(SealedSessions.create(
                c -> c.seal(jwe()).revocations(Revocations.in(revocations)).cookie(this::overPlainHttp)));
    }

    LabContent tokens(SessionStore store, SessionStore revocations) {
        return LabKinds.tokens(TokenSessions.create(c -> {
            c.secret(secret).store(store).access(AccessTokens.sealed(jwe())).revocations(Revocations.in(revocations));
            if (exclusive) {
                c.exclusive().maxWaitingExclusive(MAX_WAITERS);
            }
        }));
    }

    private Jwe jwe() {
        return Jwe.secret(secret).application("lab");
    }

    private void overPlainHttp(CookieOptions options) {
        options.insecureHttp();
        if (cookie != null) {
            options.name(cookie);
        }
    }

    /** Omits the secret. */
    @Override
    public String toString() {
        return "LabConfig[cookie=" + cookie + ", exclusive=" + exclusive + "]";
    }
}
