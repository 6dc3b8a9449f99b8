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
 * Names of users by what a logout token may name instead: the provider's session, or the provider's name for the user. Kept
 * beside the sessions in their store, under keys that no session has, for as long as a session of that login may live. Names are
 * only ever added, so that two nodes that add at once lose nothing, and a call whose answer was lost may be repeated.
 */
final class OidcLinks {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int TRIES = 20;

    private final SessionStore store;

    OidcLinks(SessionStore store) {
        this.store = store;
    }

    /** What a token may name a user by. */
    enum By {
        SESSION,
        SUBJECT
    }

    /** Remembers a user at least until then. */
    void add(String issuer, By by, String name, String user, Instant until) {
        StoreKey key = key(issuer, by, name);
        @Nullable StoreException last = null;
        for (int i = 0; i < TRIES; i++) {
            try {
                if (tryAdd(key, user, until.truncatedTo(ChronoUnit.MILLIS))) {
                    return;
                }
            } catch (StoreException e) {
                last = e;
            }
        }
        throw away(last);
    }

    private boolean tryAdd(StoreKey key, String user, Instant until) {
        Optional<StoredSession> stored = store.load(key);
        if (stored.isEmpty()) {
            return store.create(key, link(Set.of(user), until));
        }
        StoredSession before = stored.get();
        Set<String> users = users(before);
        if (!users.add(user) && !before.expiresAt().isBefore(until)) {
            return true;
        }
        Instant later = before.expiresAt().isAfter(until) ? before.expiresAt() : until;
        return store.compareAndSet(key, before.version(), link(users, later)) instanceof Outcome.Done;
    }

    private static StoredSession link(Set<String> users, Instant until) {
        return new StoredSession(
                JSON.writeValueAsBytes(users), ThreadLocalRandom.current().nextLong(), until, null);
    }

    /** The users that are known by this name, by which they may have had several of ours. */
    Set<String> users(String issuer, By by, String name) {
        StoreKey key = key(issuer, by, name);
        return answered(() -> store.load(key)).map(OidcLinks::users).orElseGet(Set::of);
    }

    private static Set<String> users(StoredSession link) {
        return new LinkedHashSet<>(Arrays.asList(JSON.readValue(link.payload(), String[].class)));
    }

    private static <T> T answered(Supplier<T> call) {
        try {
            return call.get();
        } catch (StoreException e) {
            throw away(e);
        }
    }

    private static SessionUnavailableException away(@Nullable StoreException cause) {
        return new SessionUnavailableException(
                Reason.STORE_UNAVAILABLE, "a login at an OpenID provider cannot be looked up for its logout", cause);
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
