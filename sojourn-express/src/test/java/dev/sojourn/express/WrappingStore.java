package dev.sojourn.express;

import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * Wraps a store of Express's records so that the store contract can run on it. The contract chooses versions, bytes and
 * subjects freely. Express's layouts keep one JSON text and derive the version from it. So the contract's records are wrapped
 * in such a text, and each change names the version that the store derived from the loaded text. The store alone decides
 * whether a change happens and which one wins a race.
 */
record WrappingStore(SessionStore store, VersionDigest digest) implements SessionStore {
    @Override
    public Optional<StoredSession> load(StoreKey key) {
        return store.load(key).map(this::unwrap);
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        return store.create(key, wrap(session));
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        while (true) {
            Optional<StoredSession> current = store.load(key);
            if (current.isEmpty() || unwrap(current.get()).version() != expected) {
                return new Outcome.Lost(current.map(this::unwrap));
            }
            Outcome outcome = store.compareAndSet(key, current.get().version(), wrap(replacement));
            if (outcome instanceof Outcome.Done || isDecided((Outcome.Lost) outcome, expected)) {
                return unwrap(outcome);
            }
        }
    }

    /** A touch keeps the bytes, so a touch that changes the contract's version becomes a compareAndSet. */
    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        Optional<StoredSession> current = store.load(key);
        if (current.isEmpty() || unwrap(current.get()).version() != expected) {
            return false;
        }
        if (version == expected) {
            return store.touch(key, current.get().version(), current.get().version(), expiresAt);
        }
        StoredSession previous = unwrap(current.get());
        StoredSession touched = new StoredSession(previous.payload(), version, expiresAt, previous.subject());
        return compareAndSet(key, expected, touched) instanceof Outcome.Done;
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        while (true) {
            Optional<StoredSession> current = store.load(key);
            if (current.isEmpty() || unwrap(current.get()).version() != expected) {
                return new Outcome.Lost(current.map(this::unwrap));
            }
            Outcome outcome = store.delete(key, current.get().version());
            if (outcome instanceof Outcome.Done || isDecided((Outcome.Lost) outcome, expected)) {
                return unwrap(outcome);
            }
        }
    }

    private boolean isDecided(Outcome.Lost lost, long expected) {
        return lost.current()
                .map(this::unwrap)
                .filter(each -> each.version() == expected)
                .isEmpty();
    }

    private Outcome unwrap(Outcome outcome) {
        return outcome instanceof Outcome.Lost lost
                ? new Outcome.Lost(lost.current().map(this::unwrap))
                : outcome;
    }

    private StoredSession wrap(StoredSession session) {
        String subject = session.subject() == null ? "null" : Json.quoted(session.subject());
        byte[] text = Json.utf8("{\"cookie\":{},\"version\":\"" + session.version() + "\",\"subject\":" + subject
                + ",\"payload\":\"" + Base64.getEncoder().encodeToString(session.payload()) + "\"}");
        return new StoredSession(text, digest.version(text), session.expiresAt(), null);
    }

    private StoredSession unwrap(StoredSession stored) {
        if (digest.version(stored.payload()) != stored.version()) {
            throw new AssertionError("the store derived another version than the format does");
        }
        JsonMembers members = Json.members(stored.payload());
        return new StoredSession(
                Base64.getDecoder().decode(text(members, "payload").getBytes(StandardCharsets.US_ASCII)),
                Long.parseLong(text(members, "version")),
                stored.expiresAt(),
                Json.text(members.get("subject")));
    }

    private static String text(JsonMembers members, String name) {
        String text = Json.text(members.get(name));
        if (text == null) {
            throw new AssertionError("the record lost its " + name);
        }
        return text;
    }

    @Override
    public void close() {
        store.close();
    }
}
