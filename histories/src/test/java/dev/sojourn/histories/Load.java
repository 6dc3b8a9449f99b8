package dev.sojourn.histories;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The load: threads that use browsers at random until it is closed. */
final class Load implements AutoCloseable {
    private static final int THREADS = 16;
    private static final int BROWSERS = 4;
    private static final int USERS = 2;
    private static final int MAX_PAUSE_MILLIS = 8;
    private static final int MAX_PAUSE_AFTER_FAILURE_MILLIS = 100;

    private final List<? extends User> users;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    /** Sends requests. Several threads use it concurrently. */
    interface User {
        /**
         * Sends one random request.
         *
         * @return whether a node responded with a result; if not, the caller pauses before the next request
         */
        boolean sendRandomRequest(Random random);
    }

    private Load(List<? extends User> users) {
        this.users = users;
    }

    static Load start(Client client, long seed) {
        List<Browser> browsers = new ArrayList<>();
        for (int i = 0; i < BROWSERS; i++) {
            browsers.add(new Browser("browser" + i, "user" + i % USERS, client));
        }
        return start(browsers, seed);
    }

    static Load start(List<? extends User> users, long seed) {
        Load load = new Load(users);
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(seed * 31 + i);
            Thread thread = new Thread(() -> load.sendRequests(random), "client-" + i);
            thread.setDaemon(true);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    private void sendRequests(Random random) {
        while (!closed) {
            boolean successful = users.get(random.nextInt(users.size())).sendRandomRequest(random);
            TimedWait.pause(random.nextInt(successful ? MAX_PAUSE_MILLIS : MAX_PAUSE_AFTER_FAILURE_MILLIS));
        }
    }

    /** Stops the threads and waits until every running request has a response or has given up. */
    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
