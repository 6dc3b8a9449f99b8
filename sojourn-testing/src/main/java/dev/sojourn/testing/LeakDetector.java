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
 * A store that records every key and byte that it is given, so that an application's test can check that tokens,
 * passwords and cookies are not among them. The test adds other visible texts with {@link #add(String)}, and log lines
 * with {@link CapturedLogs}. All calls are passed on to a real store. Thread-safe.
 */
public final class LeakDetector extends ForwardingStore {
    private final SessionStore store;
    private final ByteArrayOutputStream recorded = new ByteArrayOutputStream();

    /**
     * Creates a detector for what a store keeps.
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
     * Adds a text to search: the body of a response, a header, the text of an object.
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
     * Adds an exception to search: its message, its stack trace, and those of its causes.
     *
     * @param problem the exception
     */
    public void add(Throwable problem) {
        StringWriter trace = new StringWriter();
        problem.printStackTrace(new PrintWriter(trace, true));
        add(trace.toString());
    }

    synchronized void append(byte[] bytes, int offset, int length) {
        recorded.write(bytes, offset, length);
    }

    /**
     * Finds secrets of a client in what was recorded: raw, in hexadecimal and in base64. Of a session's token the id and
     * the signature are searched too.
     *
     * @param secrets tokens of sessions, and any other texts of at least 8 characters
     * @return the names of the encodings that were found, without the secrets; empty if nothing leaked
     * @throws IllegalArgumentException if a secret has fewer than 8 characters
     */
    public Set<String> findLeaks(String... secrets) {
        List<SecretEncoding> wanted = new ArrayList<>();
        Stream.of(secrets).forEach(each -> wanted.addAll(SecretEncoding.ofSecret(each)));
        return new ByteSearch(bytes())
                .find(wanted).stream().map(SecretEncoding::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private synchronized byte[] bytes() {
        return recorded.toByteArray();
    }

    /** Returns how much was recorded, and none of it. */
    @Override
    public synchronized String toString() {
        return "LeakDetector[" + recorded.size() + " bytes]";
    }
}
