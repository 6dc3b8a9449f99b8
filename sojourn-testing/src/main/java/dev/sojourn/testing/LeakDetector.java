package dev.sojourn.testing;

import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store that notes every key and every byte it is given, so that a test of an application can prove what is not among
 * them: tokens, passwords, cookies. The test adds what else may be seen from outside with {@link #add(String)}, and log
 * lines with {@link CapturedLogs}. All calls go on to a real store. Thread-safe.
 */
public final class LeakDetector extends ForwardingStore {
    private final SessionStore store;
    private final ByteArrayOutputStream noted = new ByteArrayOutputStream();

    /**
     * A transcript of what this store keeps.
     *
     * @param store the store; closed with this
     */
    public LeakDetector(SessionStore store) {
        this.store = Objects.requireNonNull(store, "store");
    }

    @Override
    protected SessionStore store() {
        return store;
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        add(key, session);
        return super.create(key, session);
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        add(key, replacement);
        return super.compareAndSet(key, expected, replacement);
    }

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        add(key.text());
        return super.load(key);
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        add(key.text());
        return super.touch(key, expected, version, expiresAt);
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        add(key.text());
        return super.delete(key, expected);
    }

    private synchronized void add(StoreKey key, StoredSession session) {
        add(key + " " + key.text());
        append(session.payload(), 0, session.payload().length);
        add(session + " " + session.subject());
    }

    /**
     * Adds what else may be seen: the body of an answer, a header, the text of an object.
     *
     * @param text the text; null adds nothing
     */
    public void add(@Nullable String text) {
        if (text != null) {
            byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
            append(bytes, 0, bytes.length);
        }
    }

    /**
     * Adds an exception: its message, its stack trace, and those of its causes.
     *
     * @param problem the exception
     */
    public void add(Throwable problem) {
        StringWriter trace = new StringWriter();
        problem.printStackTrace(new PrintWriter(trace, true));
        add(trace.toString());
    }

    synchronized void append(byte[] bytes, int offset, int length) {
        noted.write(bytes, offset, length);
    }

    /**
     * Returns how secrets of a client were found in what was noted: as they are, in hexadecimal, in base64; for a session's
     * token also its id and its signature.
     *
     * @param secrets what a client holds: tokens of sessions, and any other texts of at least 8 characters
     * @return the spellings that were found, for the message of an assertion; empty if nothing leaked
     * @throws IllegalArgumentException if a secret is too short to tell anything
     */
    public Set<String> findLeaks(String... secrets) {
        List<SecretEncoding> wanted = new ArrayList<>();
        Stream.of(secrets).forEach(each -> wanted.addAll(SecretEncoding.ofSecret(each)));
        return new ByteSearch(bytes())
                .found(wanted).stream().map(SecretEncoding::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private synchronized byte[] bytes() {
        return noted.toByteArray();
    }

    /** Says how much, and never what. */
    @Override
    public synchronized String toString() {
        return "LeakDetector[" + noted.size() + " bytes]";
    }
}
