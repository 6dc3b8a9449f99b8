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
 * Lets the contract of stores run over records of Express. The contract chooses versions, bytes and users as it likes;
 * Express's layouts keep one JSON text and derive the version from it. So what the contract wants kept is written into such
 * a text, and each change names the version that the store derived from what it loaded. Whether a change happens is decided
 * by the store alone, and so is every race.
 */
record Enveloped(SessionStore store, VersionDigest digest) implements SessionStore {
    @Override
    public Optional<StoredSession> load(StoreKey key) {
        return store.load(key).map(this::opened);
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        return store.create(key, sealed(session));
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        while (true) {
            Optional<StoredSession> stands = store.load(key);
            if (stands.isEmpty() || opened(stands.get()).version() != expected) {
                return new Outcome.Lost(stands.map(this::opened));
            }
            Outcome outcome = store.compareAndSet(key, stands.get().version(), sealed(replacement));
            if (outcome instanceof Outcome.Done || isDecided((Outcome.Lost) outcome, expected)) {
                return opened(outcome);
            }
        }
    }

    /** A touch keeps the bytes, so one that is to change the version the contract sees is a replacement. */
    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        Optional<StoredSession> stands = store.load(key);
        if (stands.isEmpty() || opened(stands.get()).version() != expected) {
            return false;
        }
        if (version == expected) {
            return store.touch(key, stands.get().version(), stands.get().version(), expiresAt);
        }
        StoredSession was = opened(stands.get());
        StoredSession touched = new StoredSession(was.payload(), version, expiresAt, was.subject());
        return compareAndSet(key, expected, touched) instanceof Outcome.Done;
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        while (true) {
            Optional<StoredSession> stands = store.load(key);
            if (stands.isEmpty() || opened(stands.get()).version() != expected) {
                return new Outcome.Lost(stands.map(this::opened));
            }
            Outcome outcome = store.delete(key, stands.get().version());
            if (outcome instanceof Outcome.Done || isDecided((Outcome.Lost) outcome, expected)) {
                return opened(outcome);
            }
        }
    }

    private boolean isDecided(Outcome.Lost lost, long expected) {
        return lost.current()
                .map(this::opened)
                .filter(each -> each.version() == expected)
                .isEmpty();
    }

    private Outcome opened(Outcome outcome) {
        return outcome instanceof Outcome.Lost lost
                ? new Outcome.Lost(lost.current().map(this::opened))
                : outcome;
    }

    private StoredSession sealed(StoredSession session) {
        String subject = session.subject() == null ? "null" : Json.quoted(session.subject());
        byte[] text = Json.utf8("{\"cookie\":{},\"version\":\"" + session.version() + "\",\"subject\":" + subject
                + ",\"payload\":\"" + Base64.getEncoder().encodeToString(session.payload()) + "\"}");
        return new StoredSession(text, digest.version(text), session.expiresAt(), null);
    }

    private StoredSession opened(StoredSession stored) {
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
