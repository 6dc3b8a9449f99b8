package dev.sojourn.proof.site;

import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.Key;
import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.Session;
import dev.sojourn.TokenSessions;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jwt.AccessTokens;
import dev.sojourn.jwt.Jwe;
import dev.sojourn.testing.SettableClock;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One node of an API on the JDK's HTTP server, with methods that send requests to it. Its clock stands still; its store and its
 * revocations may be shared with other nodes.
 */
public final class TokenSite implements AutoCloseable {
    /** The attribute that is a claim of access tokens. */
    public static final Key<String> ROLE = Key.of("role", String.class);

    /** The request header in which the page {@code /refresh} expects a refresh token. */
    private static final String REFRESH = "Refresh";

    private final SettableClock clock;
    private final SpyStore store;
    private final SpyStore revoked;
    private final RecordingListener listener = new RecordingListener();
    private final TokenSessions tokens;
    private final SiteServer server;
    private final Map<String, Page> pages = new ConcurrentHashMap<>();

    /** The handler of a page. */
    @FunctionalInterface
    public interface Page {
        /** Returns the response's body. */
        String respond(HttpExchange exchange);
    }

    /**
     * The tokens in a response.
     *
     * @param access the access token
     * @param refresh the refresh token; null if the body has none
     */
    public record Tokens(String access, @Nullable String refresh) {
        private static final Pattern BODY =
                Pattern.compile("\\{\"access_token\":\"([^\"]+)\",\"token_type\":\"Bearer\",\"expires_in\":[0-9]+"
                        + "(?:,\"refresh_token\":\"([^\"]+)\")?\\}");

        /** Reads the tokens of a successful response. */
        public static Tokens of(RawResponse response) {
            Matcher body = BODY.matcher(response.body());
            if (response.status() != 200 || !body.matches()) {
                throw new AssertionError("no tokens in " + response);
            }
            return new Tokens(body.group(1), body.group(2));
        }

        /** Returns the refresh token, which must be in the body. */
        public String refreshToken() {
            return Objects.requireNonNull(refresh, "refresh token");
        }
    }

    /** Creates a node of its own. */
    public TokenSite() {
        this(c -> {});
    }

    /** Creates a node of its own, with these options. */
    public TokenSite(Consumer<TokenSessions.Config> options) {
        this(stopped(), options);
    }

    private TokenSite(SettableClock clock, Consumer<TokenSessions.Config> options) {
        this(clock, memory(clock), memory(clock), options);
    }

    /** Creates a node that shares clock and stores with another one. */
    public TokenSite(TokenSite other, Consumer<TokenSessions.Config> options) {
        this(other.clock, other.store, other.revoked, options);
    }

    private TokenSite(SettableClock clock, SpyStore store, SpyStore revoked, Consumer<TokenSessions.Config> options) {
        this.clock = clock;
        this.store = store;
        this.revoked = revoked;
        Revocations revocations = Revocations.in(revoked, c -> c.clock(clock));
        this.tokens = TokenSessions.create(c -> {
            c.secret(Site.SECRET)
                    .access(AccessTokens.sealed(Jwe.secret(Site.SECRET).application("proof")));
            c.revocations(revocations).claims(ROLE).store(store).clock(clock).listener(listener);
            options.accept(c);
        });
        addPages();
        this.server = new SiteServer(tokens, this::handle);
    }

    private static SettableClock stopped() {
        SettableClock clock = new SettableClock();
        clock.set(clock.instant().truncatedTo(ChronoUnit.SECONDS));
        return clock;
    }

    private static SpyStore memory(SettableClock clock) {
        return new SpyStore(MemoryStore.builder().clock(clock).build());
    }

    private void addPages() {
        addPage("/login", exchange -> tokens.issue(signIn(exchange)).toJson());
        addPage(
                "/login-in-cookie",
                exchange -> tokens.issueInCookie(signIn(exchange)).toJson());
        addPage("/login-without-tokens", exchange -> {
            signIn(exchange);
            return "ok";
        });
        addPage("/issue", exchange -> tokens.issue(Sojourn.session(exchange)).toJson());
        addPage(
                "/refresh",
                exchange -> tokens.refresh(exchange.getRequestHeaders().getFirst(REFRESH))
                        .toJson());
        addPage(
                "/refresh-from-cookie",
                exchange -> tokens.refreshFromCookie(Sojourn.session(exchange)).toJson());
        addPage("/revoke", exchange -> {
            tokens.revoke(exchange.getRequestHeaders().getFirst(REFRESH));
            return "ok";
        });
        addPage("/logout", exchange -> {
            Sojourn.session(exchange).destroy();
            return "ok";
        });
        addPage(
                "/view",
                exchange -> Sojourn.view(exchange).subject() + " "
                        + Sojourn.view(exchange).get(ROLE));
        addPage("/session", exchange -> String.valueOf(Sojourn.session(exchange).subject()));
        addPage(
                "/count",
                exchange -> String.valueOf(
                        Sojourn.session(exchange).update("n", Integer.class, n -> n == null ? 1 : n + 1)));
        addPage("/set-role", exchange -> {
            Sojourn.session(exchange).set(ROLE, Site.query(exchange));
            return "ok";
        });
        addPage(
                "/devices",
                exchange -> String.valueOf(tokens.of("alice").list(Sojourn.session(exchange)).stream()
                        .filter(each -> each.current())
                        .map(each -> each.publicId())
                        .toList()));
    }

    private static Session signIn(HttpExchange exchange) {
        Session session = Sojourn.session(exchange);
        session.set(ROLE, "user");
        session.login(Site.query(exchange));
        return session;
    }

    /** Adds a page. */
    public TokenSite addPage(String path, Page page) {
        pages.put(path, page);
        return this;
    }

    private void handle(HttpExchange exchange) throws IOException {
        Page page = pages.get(exchange.getRequestURI().getPath());
        if (page == null) {
            SiteServer.respondNotFound(exchange);
        } else {
            SiteServer.respond(exchange, 200, page.respond(exchange));
        }
    }

    // ---- requests

    /** Sends a GET request with these header lines, and waits until the server has finished all requests. */
    public RawResponse get(String path, String... headers) {
        return server.get(path, headers);
    }

    /** Sends a POST request with this body. */
    public RawResponse post(String path, String body) {
        return server.sendRaw(RawHttp.request("POST", path, server.host(), "Content-Length: " + body.length()) + body);
    }

    /** Sends a GET request with this access token. */
    public RawResponse getAs(String accessToken, String path) {
        return get(path, ViewSite.bearer(accessToken));
    }

    /** Signs a user in, and returns the tokens. */
    public Tokens login(String user) {
        return Tokens.of(get("/login?" + user));
    }

    /** Sends a refresh token. */
    public RawResponse refresh(String refreshToken) {
        return get("/refresh", REFRESH + ": " + refreshToken);
    }

    /** Sends a refresh token, and returns the next tokens. */
    public Tokens refreshed(String refreshToken) {
        return Tokens.of(refresh(refreshToken));
    }

    /** Sends a token to the revocation endpoint. */
    public RawResponse revoke(String token) {
        return get("/revoke", REFRESH + ": " + token);
    }

    /** Returns the header line with this refresh token in the default cookie. */
    public static String cookie(String refreshToken) {
        return "Cookie: __Host-refresh=" + refreshToken;
    }

    // ---- parts

    /** Returns the clock. */
    public SettableClock clock() {
        return clock;
    }

    /** Returns the sessions' store. */
    public SpyStore store() {
        return store;
    }

    /** Returns the revocations' store. */
    public SpyStore revoked() {
        return revoked;
    }

    /** Returns the listener. */
    public RecordingListener listener() {
        return listener;
    }

    /** Returns the sessions. */
    public TokenSessions tokens() {
        return tokens;
    }

    @Override
    public void close() {
        server.close();
    }
}
