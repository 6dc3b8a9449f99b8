package dev.sojourn.springboot3;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A memory store that records everything that is written to it. */
final class RecordingStore extends ForwardingStore {
    private static final Pattern SERIALIZED = Pattern.compile("\"@java\":\"([^\"]*)\"");

    private final MemoryStore memory = new MemoryStore();
    private final List<String> written = new CopyOnWriteArrayList<>();

    @Override
    protected SessionStore store() {
        return memory;
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        record(key, session);
        return super.create(key, session);
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        record(key, replacement);
        return super.compareAndSet(key, expected, replacement);
    }

    private void record(StoreKey key, StoredSession session) {
        written.add(key.text());
        String record = new String(session.payload(), StandardCharsets.UTF_8);
        written.add(record);
        for (Matcher value = SERIALIZED.matcher(record); value.find(); ) {
            written.add(new String(Base64.getDecoder().decode(value.group(1)), StandardCharsets.ISO_8859_1));
        }
    }

    /** Returns all keys and records as text, including the bytes of serialized values. */
    String allText() {
        return String.join("\n", written);
    }
}
