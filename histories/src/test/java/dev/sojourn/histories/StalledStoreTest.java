package dev.sojourn.histories;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.sojourn.Session;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.Sessions;
import dev.sojourn.jdbc.JdbcStore;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.redis.RedisStore;
import dev.sojourn.servers.FaultyProxy;
import dev.sojourn.servers.PostgresServer;
import dev.sojourn.servers.RedisServer;
import dev.sojourn.spi.SessionStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real stores that hang for one session or for all, and the effect on the requests of other sessions. */
class StalledStoreTest {
    private static final int CONNECTIONS = 8;
    private static final int OTHER_SESSIONS = 100;
    private static final int EACH = 5;
    private static final int MAX_HUNG = 4;
    private static final int TIMEOUT_SECONDS = 90;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<HttpServer> servers = new ArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
        threads.shutdownNow();
    }

    /** Starts a server that increments a counter, and responds with the message of an unavailable session. */
    private int startServer(SessionStore store) throws IOException {
        Sessions sessions = Sessions.create(c -> c.secret("Vh0yS3nX6bQ9tW2eR5uK8oZ1cF4gJ7mL0pA3dN6s")
                .store(store)
                .maxHungStoreCalls(MAX_HUNG)
                .cookie(k -> k.insecureHttp()));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
        HttpContext context = server.createContext("/", StalledStoreTest::respond);
        context.getFilters().add(new SojournFilter(sessions));
        server.setExecutor(threads);
        server.start();
        servers.add(server);
        return server.getAddress().getPort();
    }

    private static void respond(HttpExchange exchange) throws IOException {
        String text = "ok";
        if (exchange.getRequestURI().getPath().equals("/count")) {
            text = increment(Sojourn.session(exchange));
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String increment(Session session) {
        try {
            return String.valueOf(session.update("n", Integer.class, n -> n == null ? 1 : n + 1));
        } catch (SessionUnavailableException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String startSession(int port) throws IOException {
        String cookie =
                Http.send(port, "GET", "/count", null).values("Set-Cookie").get(0);
        return cookie.substring(0, cookie.indexOf(';'));
    }

    private static String count(int port, String cookie) throws IOException {
        return Http.send(port, "GET", "/count", cookie).body();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private Future<String> start(Callable<String> work) {
        return threads.submit(work);
    }

    private static HikariDataSource pool(PostgresServer server, int port, int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:postgresql://127.0.0.1:" + port + "/"
                + server.jdbcUrl().substring(server.jdbcUrl().lastIndexOf('/') + 1));
        config.setUsername(server.user());
        config.setPassword(server.password());
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(Duration.ofSeconds(2).toMillis());
        return new HikariDataSource(config);
    }

    private static int port(PostgresServer server) {
        String url = server.jdbcUrl();
        return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1, url.lastIndexOf('/')));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** One row is locked. As many requests write it as there are connections, and other sessions need connections, too. */
    @Test
    void other_sessions_are_served_while_the_row_of_one_session_is_locked() throws Exception {
        try (PostgresServer server = PostgresServer.start18();
                HikariDataSource pool = pool(server, port(server), CONNECTIONS);
                HikariDataSource other = pool(server, port(server), 1);
                Connection locking = other.getConnection()) {
            SessionStore store = JdbcStore.builder(pool)
                    .createTableIfMissing()
                    .timeout(Duration.ofSeconds(TIMEOUT_SECONDS))
                    .build();
            int port = startServer(store);
            String locked = startSession(port);
            locking.setAutoCommit(false);
            execute(locking, "SELECT * FROM sojourn_session FOR UPDATE");
            List<Future<String>> blocked = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                blocked.add(start(() -> count(port, locked)));
            }

            List<Future<String>> others = new ArrayList<>();
            for (int i = 0; i < OTHER_SESSIONS; i++) {
                others.add(start(() -> {
                    String cookie = startSession(port);
                    for (int n = 1; n < EACH; n++) {
                        count(port, cookie);
                    }
                    return count(port, cookie);
                }));
            }
            for (Future<String> each : others) {
                assertThat(await(each)).isEqualTo(String.valueOf(EACH + 1));
            }

            locking.rollback();
            long saved = 0;
            for (Future<String> each : blocked) {
                saved += await(each).matches("[0-9]+") ? 1 : 0;
            }
            assertThat(saved).as("at least the request whose write hung").isPositive();
            assertThat(count(port, locked)).isEqualTo(String.valueOf(saved + 2));
        }
    }

    @Test
    void a_hung_postgresql_gets_a_limited_number_of_calls_and_is_used_again_when_it_recovers() throws Exception {
        try (PostgresServer server = PostgresServer.start18();
                FaultyProxy proxy = FaultyProxy.to("127.0.0.1", port(server));
                HikariDataSource pool = pool(server, proxy.port(), CONNECTIONS)) {
            assertLimitedWhileHung(
                    proxy, JdbcStore.builder(pool).createTableIfMissing().build());
        }
    }

    @Test
    void a_hung_redis_gets_a_limited_number_of_calls_and_is_used_again_when_it_recovers() throws Exception {
        try (RedisServer server = RedisServer.start7();
                FaultyProxy proxy = FaultyProxy.to(server.host(), server.port());
                RedisStore store = RedisStore.builder()
                        .uri("redis://127.0.0.1:" + proxy.port())
                        .timeout(Duration.ofSeconds(10))
                        .build()) {
            assertLimitedWhileHung(proxy, store);
        }
    }

    private void assertLimitedWhileHung(FaultyProxy proxy, SessionStore store) throws Exception {
        int port = startServer(store);
        String cookie = startSession(port);
        proxy.blackhole();

        List<Future<String>> pending = new ArrayList<>();
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (!anyRefused(pending)) {
            assertThat(System.nanoTime()).as("no request is refused").isLessThan(giveUp);
            pending.add(start(() -> count(port, cookie)));
            for (int i = 0; i < 20; i++) {
                assertThat(Http.send(port, "GET", "/", cookie).body()).isEqualTo("ok");
            }
        }

        proxy.pass();
        for (Future<String> each : pending) {
            await(each);
        }
        String response = count(port, cookie);
        while (!response.matches("[0-9]+")) {
            assertThat(System.nanoTime()).as(response).isLessThan(giveUp);
            response = count(port, cookie);
        }
    }

    private static boolean anyRefused(List<Future<String>> pending) throws Exception {
        for (Future<String> each : pending) {
            if (each.isDone() && each.get().contains("maxHungStoreCalls")) {
                return true;
            }
        }
        return false;
    }
}
