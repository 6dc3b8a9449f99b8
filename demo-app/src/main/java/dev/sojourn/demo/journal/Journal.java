package dev.sojourn.demo.journal;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The last requests of each visitor, newest first. Bounded in both directions: the visitor who was away longest is
 * forgotten first. Thread-safe.
 */
public final class Journal {
    /** The cookie that says whose journal it is. Apart from the session on purpose: it outlives every one of them. */
    public static final String COOKIE = "__Host-demo-journal";

    private static final int VISITORS = 1_000;
    private static final int REQUESTS = 20;
    private static final int ID_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Deque<Entry>> visitors = new LinkedHashMap<>(16, 0.75f, true);

    /** An empty journal. */
    public Journal() {}

    /** Whether this is a visitor whom this journal named: a name that somebody made up is not taken over. */
    boolean knows(String visitor) {
        lock.lock();
        try {
            return visitors.containsKey(visitor);
        } finally {
            lock.unlock();
        }
    }

    String newVisitor() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String visitor = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        lock.lock();
        try {
            visitors.put(visitor, new ArrayDeque<>());
            if (visitors.size() > VISITORS) {
                visitors.remove(visitors.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
        return visitor;
    }

    void add(String visitor, Entry entry) {
        lock.lock();
        try {
            Deque<Entry> entries = visitors.get(visitor);
            if (entries != null) {
                entries.addFirst(entry);
                if (entries.size() > REQUESTS) {
                    entries.removeLast();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * What a visitor did last.
     *
     * @param visitor the visitor's name, as the cookie has it
     * @return newest first; empty for somebody unknown
     */
    public List<Entry> of(String visitor) {
        lock.lock();
        try {
            Deque<Entry> entries = visitors.get(visitor);
            return entries == null ? List.of() : List.copyOf(entries);
        } finally {
            lock.unlock();
        }
    }
}
