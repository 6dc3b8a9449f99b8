package dev.sojourn.demo;

import dev.sojourn.MemoryStore;
import dev.sojourn.demo.api.Api;
import dev.sojourn.demo.journal.Journal;
import dev.sojourn.demo.journal.Recorder;
import dev.sojourn.demo.journal.StoreCalls;
import dev.sojourn.demo.pages.StatusEndpoint;
import dev.sojourn.demo.servers.Adapter;
import dev.sojourn.demo.servers.DemoContent;
import dev.sojourn.demo.servers.RunningServer;
import dev.sojourn.demo.store.DemoStore;
import dev.sojourn.demo.web.Assets;
import dev.sojourn.demo.web.Dispatcher;
import dev.sojourn.demo.web.HealthCheck;
import dev.sojourn.demo.web.SessionlessPaths;
import java.io.IOException;
import java.time.Clock;

/** The running demo: an HTTP server and the content that it serves. */
final class DemoServer implements AutoCloseable {
    private final RunningServer running;
    private final ForeignPage foreignPage;

    private DemoServer(RunningServer running, ForeignPage foreignPage) {
        this.running = running;
        this.foreignPage = foreignPage;
        foreignPage.target(address());
    }

    /** Starts the demo with stores in memory. */
    static DemoServer start(Adapter adapter, int port, String secret, Clock clock) throws IOException {
        MemoryStore sessions = MemoryStore.builder().clock(clock).build();
        MemoryStore revocations = MemoryStore.builder().clock(clock).build();
        return start(adapter, port, secret, clock, DemoStore.of("memory", sessions, revocations));
    }

    /**
     * Starts the demo.
     *
     * @param adapter the HTTP server
     * @param store the stores; the caller closes them
     */
    static DemoServer start(Adapter adapter, int port, String secret, Clock clock, DemoStore store) throws IOException {
        StoreCalls calls = new StoreCalls(adapter.slot());
        Journal journal = new Journal();
        ForeignPage foreignPage = ForeignPage.start();
        try {
            MountedSite mounted = new DemoSessions(secret, clock, store, calls, journal, foreignPage.address()).mount();
            DemoContent content = new DemoContent(
                    mounted.sessions(),
                    new SessionlessPaths(new Assets(), new HealthCheck(mounted.health(), store.name())),
                    new Dispatcher(mounted.site()),
                    new Recorder(
                            journal,
                            calls,
                            request -> Api.contains(request.target()),
                            request -> request.target().equals(StatusEndpoint.PATH)));
            return new DemoServer(adapter.start(port, content), foreignPage);
        } catch (IOException | RuntimeException e) {
            foreignPage.close();
            throw e;
        }
    }

    /** Returns the address to open in a browser. */
    String address() {
        return "http://localhost:" + running.port();
    }

    /** Waits for running requests, then stops. Close the store afterwards. */
    @Override
    public void close() {
        running.close();
        foreignPage.close();
    }
}
