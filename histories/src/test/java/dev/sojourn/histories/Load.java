package dev.sojourn.histories;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Threads that click in browsers, several in each, until they are told to end. */
final class Load implements AutoCloseable {
    private static final int THREADS = 16;
    private static final int BROWSERS = 4;
    private static final int USERS = 2;
    private static final int LONGEST_PAUSE_MILLIS = 8;
    private static final int LONGEST_PAUSE_AFTER_A_FAILURE_MILLIS = 100;

    private final List<Browser> browsers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ending;

    private Load() {}

    static Load start(Client client, long seed) {
        Load load = new Load();
        for (int i = 0; i < BROWSERS; i++) {
            load.browsers.add(new Browser("browser" + i, "user" + i % USERS, client));
        }
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(seed * 31 + i);
            Thread thread = new Thread(() -> load.clicking(random), "client-" + i);
            thread.setDaemon(true);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    private void clicking(Random random) {
        while (!ending) {
            boolean happy = browsers.get(random.nextInt(browsers.size())).click(random);
            Waiting.pause(random.nextInt(happy ? LONGEST_PAUSE_MILLIS : LONGEST_PAUSE_AFTER_A_FAILURE_MILLIS));
        }
    }

    /** Ends when every request under way has its answer or has given up. */
    @Override
    public void close() {
        ending = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
