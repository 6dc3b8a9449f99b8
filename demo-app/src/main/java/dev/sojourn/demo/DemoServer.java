package dev.sojourn.demo;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.demo.journal.Journal;
import dev.sojourn.demo.journal.Recorder;
import dev.sojourn.demo.journal.RecordingStore;
import dev.sojourn.demo.journal.StoreCalls;
import dev.sojourn.demo.pages.Lifetimes;
import dev.sojourn.demo.pages.Site;
import dev.sojourn.demo.servers.Adapter;
import dev.sojourn.demo.servers.DemoContent;
import dev.sojourn.demo.servers.RunningServer;
import dev.sojourn.demo.web.Assets;
import dev.sojourn.demo.web.Dispatcher;
import dev.sojourn.demo.web.HealthCheck;
import dev.sojourn.demo.web.SessionlessPaths;
import dev.sojourn.spi.SessionStore;
import java.io.IOException;
import java.time.Clock;

/** The running demo: an HTTP server and the content that it serves. */
final class DemoServer implements AutoCloseable {
    private final RunningServer running;

    private DemoServer(RunningServer running) {
        this.running = running;
    }

    static DemoServer start(Adapter adapter, int port, String secret, Clock clock) throws IOException {
        return start(
                adapter, port, secret, clock, MemoryStore.builder().clock(clock).build(), "memory");
    }

    /**
     * Starts the demo.
     *
     * @param adapter the HTTP server
     * @param storeName the store's name on the pages
     */
    static DemoServer start(Adapter adapter, int port, String secret, Clock clock, SessionStore store, String storeName)
            throws IOException {
        StoreCalls calls = new StoreCalls(adapter.slot());
        Sessions sessions = sessions(secret, clock, new RecordingStore(store, calls));
        Journal journal = new Journal();
        DemoContent content = new DemoContent(
                sessions,
                new SessionlessPaths(new Assets(), new HealthCheck(sessions, storeName)),
                new Dispatcher(new Site(sessions, clock, journal, storeName)),
                new Recorder(journal, calls));
        return new DemoServer(adapter.start(port, content));
    }

    private static Sessions sessions(String secret, Clock clock, SessionStore store) {
        return Sessions.create(c -> c.secret(secret)
                .store(store)
                .clock(clock)
                .idleTimeout(Lifetimes.IDLE)
                .absoluteTimeout(Lifetimes.ABSOLUTE)
                .touchInterval(Lifetimes.TOUCH_INTERVAL));
    }

    /** Returns the address to open in a browser. */
    String address() {
        return "http://localhost:" + running.port();
    }

    /** Waits for running requests, then stops. Close the store afterwards. */
    @Override
    public void close() {
        running.close();
    }
}
