package dev.sojourn.testing;

import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A store that notes every byte it is given to keep, so that a test of an application can prove what is not among them:
 * tokens, passwords, cookies. Everything else goes to a real store. Thread-safe.
 */
public final class Transcript extends ForwardingStore {
    private final SessionStore store;
    private final ByteArrayOutputStream noted = new ByteArrayOutputStream();

    /**
     * A transcript of what this store keeps.
     *
     * @param store the store; closed with this
     */
    public Transcript(SessionStore store) {
        this.store = Objects.requireNonNull(store, "store");
    }

    @Override
    protected SessionStore store() {
        return store;
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        note(key, session);
        return super.create(key, session);
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        note(key, replacement);
        return super.compareAndSet(key, expected, replacement);
    }

    private synchronized void note(StoreKey key, StoredSession session) {
        noted.writeBytes(key.text().getBytes(StandardCharsets.UTF_8));
        noted.write('\n');
        noted.writeBytes(session.payload());
        noted.write('\n');
        noted.writeBytes(Objects.requireNonNullElse(session.subject(), "").getBytes(StandardCharsets.UTF_8));
        noted.write('\n');
    }

    /**
     * Returns how secrets of a client were found in what was kept: as they are, in hexadecimal, in base64; for a session's
     * token also its id and its signature.
     *
     * @param secrets what a client holds: tokens of sessions, and any other texts of at least 8 characters
     * @return the spellings that were found, for the message of an assertion; empty if nothing leaked
     * @throws IllegalArgumentException if a secret is too short to tell anything
     */
    public Set<String> spellingsOf(String... secrets) {
        List<Spelling> wanted = new ArrayList<>();
        Stream.of(secrets).forEach(each -> wanted.addAll(Spelling.ofSecret(each)));
        return new Haystack(bytes())
                .found(wanted).stream().map(Spelling::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private synchronized byte[] bytes() {
        return noted.toByteArray();
    }

    /** Says how much, and never what. */
    @Override
    public synchronized String toString() {
        return "Transcript[" + noted.size() + " bytes]";
    }
}
