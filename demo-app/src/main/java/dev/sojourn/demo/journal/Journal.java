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
 * The last requests of each client, newest first. Keeps at most 20 requests of at most 1,000 clients; the least
 * recently active client is removed first. Thread-safe.
 */
public final class Journal {
    /**
     * The cookie that identifies a client's journal. Independent of the session, because it must outlive every session.
     */
    public static final String COOKIE = "__Host-demo-journal";

    private static final int MAX_CLIENTS = 1_000;
    private static final int MAX_REQUESTS = 20;
    private static final int ID_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Deque<JournalEntry>> clients = new LinkedHashMap<>(16, 0.75f, true);

    /** Creates an empty journal. */
    public Journal() {}

    /** Returns whether this journal issued the client id. Other ids are not accepted. */
    boolean hasClient(String client) {
        lock.lock();
        try {
            return clients.containsKey(client);
        } finally {
            lock.unlock();
        }
    }

    String addClient() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String client = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        lock.lock();
        try {
            clients.put(client, new ArrayDeque<>());
            if (clients.size() > MAX_CLIENTS) {
                clients.remove(clients.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
        return client;
    }

    void add(String client, JournalEntry entry) {
        lock.lock();
        try {
            Deque<JournalEntry> entries = clients.get(client);
            if (entries != null) {
                entries.addFirst(entry);
                if (entries.size() > MAX_REQUESTS) {
                    entries.removeLast();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns a client's last requests.
     *
     * @param client the client id from the cookie
     * @return the requests, newest first; empty for an unknown client
     */
    public List<JournalEntry> of(String client) {
        lock.lock();
        try {
            Deque<JournalEntry> entries = clients.get(client);
            return entries == null ? List.of() : List.copyOf(entries);
        } finally {
            lock.unlock();
        }
    }
}
