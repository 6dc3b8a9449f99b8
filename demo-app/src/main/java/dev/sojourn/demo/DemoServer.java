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
import dev.sojourn.demo.servers.Running;
import dev.sojourn.demo.servers.Served;
import dev.sojourn.demo.web.Assets;
import dev.sojourn.demo.web.Dispatcher;
import dev.sojourn.demo.web.HealthCheck;
import dev.sojourn.demo.web.Outside;
import dev.sojourn.spi.SessionStore;
import java.io.IOException;
import java.time.Clock;

/** The running demo: everything that any of its servers serves, and the server. */
final class DemoServer implements AutoCloseable {
    private final Running running;

    private DemoServer(Running running) {
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
     * @param storeName what pages call the store
     */
    static DemoServer start(Adapter adapter, int port, String secret, Clock clock, SessionStore store, String storeName)
            throws IOException {
        StoreCalls calls = new StoreCalls(adapter.slot());
        Sessions sessions = sessions(secret, clock, new RecordingStore(store, calls));
        Journal journal = new Journal();
        Served served = new Served(
                sessions,
                new Outside(new Assets(), new HealthCheck(sessions, storeName)),
                new Dispatcher(new Site(sessions, clock, journal, storeName)),
                new Recorder(journal, calls));
        return new DemoServer(adapter.start(port, served));
    }

    private static Sessions sessions(String secret, Clock clock, SessionStore store) {
        return Sessions.create(c -> c.secret(secret)
                .store(store)
                .clock(clock)
                .idleTimeout(Lifetimes.IDLE)
                .absoluteTimeout(Lifetimes.ABSOLUTE)
                .touchInterval(Lifetimes.TOUCH));
    }

    /** The address for people. */
    String address() {
        return "http://localhost:" + running.port();
    }

    /** Lets requests that are under way come to their end; the store is closed after this. */
    @Override
    public void close() {
        running.close();
    }
}
