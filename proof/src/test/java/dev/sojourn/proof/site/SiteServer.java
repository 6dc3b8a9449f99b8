package dev.sojourn.proof.site;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.spi.SessionSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The JDK's HTTP server with a {@link SojournFilter}, and requests to it. Most wait until the server has finished all of its
 * requests, because listeners are called after the response has been sent.
 */
final class SiteServer implements AutoCloseable {
    static final long TIMEOUT_SECONDS = 30;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition requestDone = lock.newCondition();
    private int activeRequests;

    /** Starts a server whose handler gets the requests of all paths. */
    SiteServer(SessionSource sessions, HttpHandler handler) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        HttpContext context = server.createContext("/", handler);
        context.getFilters().add(new RequestCounter());
        context.getFilters().add(new SojournFilter(sessions));
        server.setExecutor(threads);
        server.start();
    }

    private final class RequestCounter extends Filter {
        @Override
        public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
            addActiveRequests(1);
            try {
                chain.doFilter(exchange);
            } finally {
                addActiveRequests(-1);
            }
        }

        @Override
        public String description() {
            return "request counter";
        }
    }

    private void addActiveRequests(int change) {
        lock.lock();
        try {
            activeRequests += change;
            requestDone.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no request is running. */
    void awaitIdle() {
        lock.lock();
        try {
            while (activeRequests > 0) {
                if (!requestDone.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError("a request did not end in time");
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            lock.unlock();
        }
    }

    // ---- requests

    int port() {
        return server.getAddress().getPort();
    }

    /** Returns the host of the server's URL. */
    String host() {
        return "localhost:" + port();
    }

    /** Sends a GET request with these header lines and waits until the server has finished all requests. */
    RawResponse get(String path, String... headers) {
        return request("GET", path, host(), headers);
    }

    /** Sends a request with this method and host name and waits until the server has finished all requests. */
    RawResponse request(String method, String path, String host, String... headers) {
        RawResponse response = sendRaw(RawHttp.request(method, path, host, headers));
        awaitIdle();
        return response;
    }

    /** Sends the bytes of a request without waiting for the end of running requests. */
    RawResponse sendRaw(String request) {
        return RawHttp.send(port(), request);
    }

    // ---- responses

    /** Responds with a text. */
    static void respond(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Responds to a request for a page that the site does not have. */
    static void respondNotFound(HttpExchange exchange) throws IOException {
        respond(exchange, 404, "no such page");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
