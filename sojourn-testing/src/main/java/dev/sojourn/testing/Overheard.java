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
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Everything that a store is told and that is logged while it is open, and what a test adds. */
final class Overheard extends ForwardingStore {
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    private final Logger ours = Logger.getLogger("dev.sojourn");
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord logged) {
            add(String.valueOf(logged.getMessage()) + Arrays.toString(logged.getParameters()));
            if (logged.getThrown() != null) {
                StringWriter trace = new StringWriter();
                logged.getThrown().printStackTrace(new PrintWriter(trace));
                add(trace.toString());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private final SessionStore store;

    Overheard(SessionStore store) {
        this.store = store;
        handler.setLevel(Level.ALL);
        ours.addHandler(handler);
    }

    @Override
    protected SessionStore store() {
        return store;
    }

    void add(String text) {
        all.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private void add(StoreKey key, StoredSession session) {
        add(key.text());
        all.writeBytes(session.payload());
        add(session + " " + session.subject());
    }

    /** Which of these spellings came by. */
    Set<Spelling> found(List<Spelling> spellings) {
        return new Haystack(all.toByteArray()).found(spellings);
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
    public void close() {
        ours.removeHandler(handler);
    }
}
