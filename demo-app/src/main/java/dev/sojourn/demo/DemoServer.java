package dev.sojourn.demo;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.demo.journal.Journal;
import dev.sojourn.demo.journal.JournalFilter;
import dev.sojourn.demo.journal.RecordingStore;
import dev.sojourn.demo.journal.StoreCalls;
import dev.sojourn.demo.pages.Lifetimes;
import dev.sojourn.demo.pages.Site;
import dev.sojourn.demo.web.Assets;
import dev.sojourn.demo.web.Dispatcher;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.spi.SessionStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The running demo: a server on this machine's loopback address, with everything mounted. */
final class DemoServer implements AutoCloseable {
    private static final int THREADS = 16;

    private final HttpServer http;
    private final ExecutorService threads;

    private DemoServer(HttpServer http, ExecutorService threads) {
        this.http = http;
        this.threads = threads;
    }

    static DemoServer start(int port, String secret, Clock clock) throws IOException {
        return start(port, secret, clock, MemoryStore.builder().clock(clock).build());
    }

    static DemoServer start(int port, String secret, Clock clock, SessionStore store) throws IOException {
        StoreCalls calls = new StoreCalls();
        Sessions sessions = sessions(secret, clock, new RecordingStore(store, calls));
        Journal journal = new Journal();

        // Only this machine: browsers take a Secure cookie over plain http from localhost alone.
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        http.setExecutor(threads);
        http.createContext("/assets/", new Assets());
        HttpContext pages = http.createContext("/", new Dispatcher(new Site(clock, journal)));
        pages.getFilters().add(new JournalFilter(journal, calls));
        pages.getFilters().add(new SojournFilter(sessions));
        http.start();
        return new DemoServer(http, threads);
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
        return "http://localhost:" + http.getAddress().getPort();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
