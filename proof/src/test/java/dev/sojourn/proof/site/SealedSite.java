package dev.sojourn.proof.site;

import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.SealedSession;
import dev.sojourn.SealedSessions;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jwt.Jwe;
import dev.sojourn.testing.SettableClock;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One node of a web site with sealed sessions on the JDK's HTTP server, with methods that send requests to it. */
public final class SealedSite implements AutoCloseable {
    private final SettableClock clock;
    private final RecordingListener listener = new RecordingListener();
    private final SealedSessions sessions;
    private final SiteServer server;
    private final Map<String, Page> pages = new ConcurrentHashMap<>();

    /** The handler of a page. */
    @FunctionalInterface
    public interface Page {
        /** Returns the response body; null if the page has sent its response. */
        @Nullable
        String respond(SealedSession session, HttpExchange exchange) throws IOException;
    }

    /** Creates a site with a stopped clock, the usual secret and no revocations, and these options. */
    public SealedSite(Consumer<SealedSessions.Config> options) {
        this(new SettableClock(), c -> {
            c.logoutOnlyClearsTheCookie();
            options.accept(c);
        });
    }

    /** Creates one of several nodes with the usual secret; the options decide about logout. */
    public SealedSite(SettableClock clock, Consumer<SealedSessions.Config> options) {
        this.clock = clock;
        this.sessions = SealedSessions.create(c -> {
            c.seal(Jwe.secret(Site.SECRET)).clock(clock).listener(listener);
            options.accept(c);
        });
        addDefaultPages();
        this.server = new SiteServer(sessions, this::handle);
    }

    private void addDefaultPages() {
        addPage("/untouched", (session, exchange) -> "ok");
        addPage("/read", (session, exchange) -> String.valueOf(session.get("a", Object.class)));
        addPage("/set", (session, exchange) -> {
            session.set("a", Site.query(exchange));
            return "ok";
        });
        addPage("/subject", (session, exchange) -> String.valueOf(session.subject()));
        addPage("/public-id", (session, exchange) -> session.publicId());
        addPage("/login", (session, exchange) -> {
            session.login(Site.query(exchange));
            return "ok";
        });
        addPage("/logout", (session, exchange) -> {
            session.destroy();
            return "ok";
        });
        addPage("/regenerate", (session, exchange) -> {
            session.regenerate();
            return "ok";
        });
    }

    /** Adds a page. */
    public SealedSite addPage(String path, Page page) {
        pages.put(path, page);
        return this;
    }

    private void handle(HttpExchange exchange) throws IOException {
        Page page = pages.get(exchange.getRequestURI().getPath());
        if (page == null) {
            SiteServer.respondNotFound(exchange);
            return;
        }
        String text = page.respond(Sojourn.sealed(exchange), exchange);
        if (text != null) {
            SiteServer.respond(exchange, 200, text);
        }
    }

    // ---- requests

    /** Sends a GET request with these header lines and waits until the server has finished it. */
    public RawResponse get(String path, String... headers) {
        return server.get(path, headers);
    }

    /** Sends a GET request with this text in the default cookie and waits until the server has finished it. */
    public RawResponse getAs(String text, String path) {
        return get(path, Site.cookie(text));
    }

    /** Sends a GET request to this host without waiting for the end of running requests. */
    public RawResponse sendTo(String host, String path, String... headers) {
        return server.sendRaw(RawHttp.request("GET", path, host, headers));
    }

    /** Sends a GET request without waiting for the end of running requests. */
    public RawResponse send(String path, String... headers) {
        return sendTo(server.host(), path, headers);
    }

    // ---- parts

    /** Returns the clock. */
    public SettableClock clock() {
        return clock;
    }

    /** Returns the listener. */
    public RecordingListener listener() {
        return listener;
    }

    /** Returns the sessions. */
    public SealedSessions sessions() {
        return sessions;
    }

    @Override
    public void close() {
        server.close();
    }
}
