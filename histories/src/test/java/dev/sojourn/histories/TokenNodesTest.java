package dev.sojourn.histories;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariDataSource;
import dev.sojourn.IssuedTokens;
import dev.sojourn.Revocations;
import dev.sojourn.Session;
import dev.sojourn.TokenSessions;
import dev.sojourn.UserSession;
import dev.sojourn.jdbc.JdbcStore;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.redis.RedisStore;
import dev.sojourn.servers.PostgresServer;
import dev.sojourn.servers.RedisServer;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.SettableClock;
import dev.sojourn.testing.TestTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Two nodes of an API that share keys and a real store: what one issues the other refreshes, and what one ends the other refuses
 * within the delay of their revocations. The nodes' clock is set by the tests.
 */
class TokenNodesTest {
    private static final Duration DELAY = Duration.ofMinutes(1);
    private static final Duration LATER = Duration.ofMinutes(4);

    private final SettableClock clock = new SettableClock();
    private final TestTokens format = new TestTokens();

    @Test
    void two_nodes_over_redis_act_as_one() throws Exception {
        try (RedisServer redis = RedisServer.start7()) {
            check(name ->
                    RedisStore.builder().uri(redis.uri()).keyPrefix(name + ":").build());
        }
    }

    @Test
    void two_nodes_over_postgresql_act_as_one() throws Exception {
        try (PostgresServer postgres = PostgresServer.start18();
                HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(postgres.jdbcUrl());
            pool.setUsername(postgres.user());
            pool.setPassword(postgres.password());
            check(name ->
                    JdbcStore.builder(pool).table(name).createTableIfMissing().build());
        }
    }

    /** @param stores opens a store of its own for each call; those of one name have the same records */
    private void check(Function<String, SessionStore> stores) throws Exception {
        try (Node one = new Node(stores);
                Node other = new Node(stores)) {
            checkRefreshes(one, other);
            checkLogout(one, other);
            checkRevocation(one, other);
            checkEndAll(one, other);
        }
    }

    private void checkRefreshes(Node one, Node other) throws Exception {
        Pair first = one.login("alice");
        assertThat(other.as(first.access, "/view").body()).isEqualTo("alice");
        assertThat(other.as(first.access, "/count").body()).isEqualTo("1");
        clock.advance(LATER);

        Pair second = other.refresh(first.refresh);
        assertThat(one.refresh(first.refresh).refresh)
                .as("a lost response, repeated on the other node")
                .isEqualTo(second.refresh);
        assertThat(one.as(second.access, "/count").body()).isEqualTo("2");
        clock.advance(LATER);
        Pair third = one.refresh(second.refresh);
        assertThat(other.as(third.access, "/session").body()).isEqualTo("alice");

        assertThat(other.get("/refresh", "Refresh", first.refresh).statusCode())
                .as("a token that was replaced long ago")
                .isEqualTo(401);
        assertThat(one.get("/refresh", "Refresh", third.refresh).statusCode())
                .as("its family has ended")
                .isEqualTo(401);
    }

    private void checkLogout(Node one, Node other) throws Exception {
        Pair tokens = one.login("bob");
        assertThat(other.as(tokens.access, "/view").body()).isEqualTo("bob");

        assertThat(one.as(tokens.access, "/logout").statusCode()).isEqualTo(200);

        assertThat(one.as(tokens.access, "/view").statusCode()).isEqualTo(401);
        assertThat(other.as(tokens.access, "/session").statusCode())
                .as("not in the store")
                .isEqualTo(401);
        clock.advance(DELAY.plusMillis(1));
        assertThat(other.as(tokens.access, "/view").statusCode()).isEqualTo(401);
        assertThat(other.get("/refresh", "Refresh", tokens.refresh).statusCode())
                .isEqualTo(401);
    }

    private void checkRevocation(Node one, Node other) throws Exception {
        Pair tokens = one.login("bob");
        assertThat(one.as(tokens.access, "/view").body()).isEqualTo("bob");

        assertThat(other.get("/revoke", "Refresh", tokens.refresh).statusCode()).isEqualTo(200);

        assertThat(other.as(tokens.access, "/view").statusCode()).isEqualTo(401);
        clock.advance(DELAY.plusMillis(1));
        assertThat(one.as(tokens.access, "/view").statusCode()).isEqualTo(401);
    }

    private void checkEndAll(Node one, Node other) throws Exception {
        Pair phone = one.login("carol");
        Pair laptop = other.login("carol");
        Pair dave = other.login("dave");
        for (Node node : List.of(one, other)) {
            List<UserSession> devices = node.tokens.of("carol").list();
            assertThat(devices).hasSize(2);
            assertThat(devices)
                    .extracting(UserSession::publicId)
                    .contains(node.as(phone.access, "/public-id").body());
            assertThat(node.as(laptop.access, "/view").body()).isEqualTo("carol");
        }

        assertThat(one.tokens.of("carol").endAll()).isEqualTo(2);

        clock.advance(DELAY.plusMillis(1));
        for (Node node : List.of(one, other)) {
            for (Pair each : List.of(phone, laptop)) {
                assertThat(node.as(each.access, "/view").statusCode()).isEqualTo(401);
                assertThat(node.as(each.access, "/session").statusCode()).isEqualTo(401);
                assertThat(node.get("/refresh", "Refresh", each.refresh).statusCode())
                        .isEqualTo(401);
            }
            assertThat(node.tokens.of("carol").list()).isEmpty();
            assertThat(node.as(dave.access, "/session").body()).isEqualTo("dave");
        }
    }

    /** An access token and a refresh token. */
    private record Pair(String access, String refresh) {
        static Pair of(HttpResponse<String> response) {
            assertThat(response.statusCode()).isEqualTo(200);
            String[] tokens = response.body().split(" ", -1);
            return new Pair(tokens[0], tokens[1]);
        }
    }

    private final class Node implements AutoCloseable {
        private final SessionStore store;
        private final SessionStore revoked;
        private final TokenSessions tokens;
        private final HttpServer server;
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final HttpClient client = HttpClient.newHttpClient();

        Node(Function<String, SessionStore> stores) throws IOException {
            store = stores.apply("family");
            revoked = stores.apply("revoked");
            Revocations revocations =
                    Revocations.in(revoked, c -> c.clock(clock).delay(DELAY));
            tokens = TokenSessions.create(c -> {
                c.secret("nodes-of-a-test-share-this-secret-1234567890");
                c.access(format).revocations(revocations).store(store).clock(clock);
            });
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::handle).getFilters().add(new SojournFilter(tokens));
            server.setExecutor(threads);
            server.start();
        }

        private void handle(HttpExchange exchange) throws IOException {
            byte[] body = respond(exchange).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        }

        private String respond(HttpExchange exchange) {
            String refreshToken = exchange.getRequestHeaders().getFirst("Refresh");
            switch (exchange.getRequestURI().getPath()) {
                case "/login" -> {
                    Session session = Sojourn.session(exchange);
                    session.login(exchange.getRequestURI().getQuery());
                    return text(tokens.issue(session));
                }
                case "/refresh" -> {
                    return text(tokens.refresh(refreshToken));
                }
                case "/revoke" -> tokens.revoke(refreshToken);
                case "/logout" -> Sojourn.session(exchange).destroy();
                case "/view" -> {
                    return String.valueOf(Sojourn.view(exchange).subject());
                }
                case "/session" -> {
                    return String.valueOf(Sojourn.session(exchange).subject());
                }
                case "/public-id" -> {
                    return Sojourn.view(exchange).publicId();
                }
                case "/count" -> {
                    return String.valueOf(
                            Sojourn.session(exchange).update("n", Integer.class, n -> n == null ? 1 : n + 1));
                }
                default -> throw new AssertionError(exchange.getRequestURI());
            }
            return "ok";
        }

        private String text(IssuedTokens issued) {
            return issued.accessToken() + " " + issued.refreshToken();
        }

        HttpResponse<String> get(String path, String... header) throws Exception {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path));
            if (header.length > 0) {
                request.headers(header);
            }
            return client.send(request.build(), BodyHandlers.ofString());
        }

        HttpResponse<String> as(String accessToken, String path) throws Exception {
            return get(path, "Authorization", "Bearer " + accessToken);
        }

        Pair login(String user) throws Exception {
            return Pair.of(get("/login?" + user));
        }

        Pair refresh(String refreshToken) throws Exception {
            return Pair.of(get("/refresh", "Refresh", refreshToken));
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
            store.close();
            revoked.close();
        }
    }
}
