package dev.sojourn.spring;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds the users that a logout token names by the provider's session or by the provider's name for the user. The entries are
 * in the sessions' store, under keys that no session has, for as long as a session of that login may live. User names are only
 * added, so that concurrent additions by two nodes lose nothing, and a call whose response was lost can be repeated.
 */
final class OidcLoginIndex {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int ATTEMPTS = 20;

    private final SessionStore store;

    OidcLoginIndex(SessionStore store) {
        this.store = store;
    }

    /** How a logout token names a user. */
    enum By {
        SESSION,
        SUBJECT
    }

    /** Adds a user, to be found at least until the given time. */
    void add(String issuer, By by, String name, String user, Instant until) {
        StoreKey key = key(issuer, by, name);
        @Nullable StoreException last = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                if (tryAdd(key, user, until.truncatedTo(ChronoUnit.MILLIS))) {
                    return;
                }
            } catch (StoreException e) {
                last = e;
            }
        }
        throw unavailable(last);
    }

    private boolean tryAdd(StoreKey key, String user, Instant until) {
        Optional<StoredSession> stored = store.load(key);
        if (stored.isEmpty()) {
            return store.create(key, entry(Set.of(user), until));
        }
        StoredSession before = stored.get();
        Set<String> users = users(before);
        if (!users.add(user) && !before.expiresAt().isBefore(until)) {
            return true;
        }
        Instant later = before.expiresAt().isAfter(until) ? before.expiresAt() : until;
        return store.compareAndSet(key, before.version(), entry(users, later)) instanceof Outcome.Done;
    }

    private static StoredSession entry(Set<String> users, Instant until) {
        return new StoredSession(
                JSON.writeValueAsBytes(users), ThreadLocalRandom.current().nextLong(), until, null);
    }

    /** Returns the users with this name at the provider. One name there may have had several user names here. */
    Set<String> users(String issuer, By by, String name) {
        StoreKey key = key(issuer, by, name);
        return call(() -> store.load(key)).map(OidcLoginIndex::users).orElseGet(Set::of);
    }

    private static Set<String> users(StoredSession entry) {
        return new LinkedHashSet<>(Arrays.asList(JSON.readValue(entry.payload(), String[].class)));
    }

    private static <T> T call(Supplier<T> call) {
        try {
            return call.get();
        } catch (StoreException e) {
            throw unavailable(e);
        }
    }

    private static SessionUnavailableException unavailable(@Nullable StoreException cause) {
        return new SessionUnavailableException(
                Reason.STORE_UNAVAILABLE,
                "the index of OpenID logins, which back-channel logout needs, is unavailable",
                cause);
    }

    private static StoreKey key(String issuer, By by, String name) {
        String text = "link of a login by OpenID\n" + issuer + "\n" + by + "\n" + name;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return StoreKey.of(Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
