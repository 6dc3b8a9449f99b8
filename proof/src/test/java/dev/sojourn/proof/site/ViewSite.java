package dev.sojourn.proof.site;

import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.SessionView;
import dev.sojourn.TokenViews;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.spi.TokenVerifier;
import dev.sojourn.testing.SettableClock;
import dev.sojourn.testing.TestTokens;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A service on the JDK's HTTP server that reads access tokens of others, with methods that send requests to it. */
public final class ViewSite implements AutoCloseable {
    private final SettableClock clock = new SettableClock();
    private final RecordingListener listener = new RecordingListener();
    private final TestTokens tokens = new TestTokens();
    private final SiteServer server;
    private final Map<String, Function<SessionView, String>> pages = new ConcurrentHashMap<>();

    /** Creates a service that accepts the tokens of its {@link #tokens()}, with these options. */
    public ViewSite(Consumer<TokenViews.Config> options) {
        clock.set(clock.instant().truncatedTo(ChronoUnit.SECONDS));
        TokenViews views = TokenViews.create(c -> {
            c.trust(tokens).clock(clock).listener(listener);
            options.accept(c);
        });
        addPage("/subject", view -> String.valueOf(view.subject()));
        addPage("/members-only", SessionView::requireSubject);
        addPage("/unused", view -> "ok");
        this.server = new SiteServer(views, this::handle);
    }

    /** Creates a service that accepts what these verifiers accept. */
    public static ViewSite trusting(TokenVerifier first, TokenVerifier... others) {
        return new ViewSite(c -> c.trust(first, others));
    }

    /** Adds a page that responds with the text of a function. */
    public ViewSite addPage(String path, Function<SessionView, String> page) {
        pages.put(path, page);
        return this;
    }

    private void handle(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        Function<SessionView, String> page = pages.get(exchange.getRequestURI().getPath());
        if (page == null) {
            SiteServer.respondNotFound(exchange);
        } else {
            SiteServer.respond(exchange, 200, page.apply(Sojourn.view(exchange)));
        }
    }

    // ---- requests

    /** Sends a GET request with these header lines. */
    public RawResponse get(String path, String... headers) {
        return request("GET", path, headers);
    }

    /** Sends a GET request with this token; null for none. */
    public RawResponse getAs(@Nullable String token, String path) {
        return token == null ? get(path) : get(path, bearer(token));
    }

    /** Sends a request with this method and these header lines. */
    public RawResponse request(String method, String path, String... headers) {
        return server.request(method, path, server.host(), headers);
    }

    /** Sends a POST request with a form. */
    public RawResponse post(String path, String form) {
        String head = RawHttp.request(
                "POST",
                path,
                server.host(),
                "Content-Type: application/x-www-form-urlencoded",
                "Content-Length: " + form.length());
        return server.sendRaw(head + form);
    }

    /** Returns the header line with this token. */
    public static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    /** Issues a token for a user. */
    public String tokenOf(String subject) {
        return tokens.issue(subject, clock.instant(), Map.of());
    }

    // ---- parts

    /** Returns the issuer. */
    public TestTokens tokens() {
        return tokens;
    }

    /** Returns the clock. */
    public SettableClock clock() {
        return clock;
    }

    /** Returns the listener. */
    public RecordingListener listener() {
        return listener;
    }

    @Override
    public void close() {
        server.close();
    }
}
