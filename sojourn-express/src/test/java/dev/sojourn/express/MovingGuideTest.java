package dev.sojourn.express;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.Transports;
import dev.sojourn.jdbc.JdbcStore;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.move.MovingStore;
import dev.sojourn.redis.RedisStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.TokenFormat;
import dev.sojourn.spi.TokenTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The code of docs/guide/moving.md: one client stays signed in through all steps. */
@ExtendWith(SharedServers.class)
class MovingGuideTest {
    private final String secret = "Qf3vTz8mKc1xLr6yWd9pHs2bNg7jUe4a";
    private final String redisUri = SharedServers.redis7().uri();
    private final HttpClient client = HttpClient.newHttpClient();
    private String cookie = "";

    @BeforeEach
    void start() {
        SharedServers.redis7().command("FLUSHALL");
    }

    @Test
    void sessions_move_to_another_store() throws Exception {
        DataSource dataSource = SharedServers.pool18();
        JdbcStore.builder(dataSource).createTableIfMissing().build();
        SessionStore old = JdbcStore.over(dataSource);
        SessionStore next = RedisStore.connect(redisUri);

        MovingStore prepare = MovingStore.from(old).preparingFor(next); // 1. deploy this on every node
        MovingStore move = MovingStore.from(old).to(next); // 2. then this, on every node; 3. then next alone

        assertStaysSignedIn(sessionsOn(old), sessionsOn(prepare), sessionsOn(move), sessionsOn(next));
        assertThat(move.progress().moved()).isEqualTo(1);
        next.close();
    }

    @Test
    void sessions_move_from_express() throws Exception {
        ExpressRedisStore expressStore = ExpressRedisStore.connect(redisUri);
        SessionStore next = RedisStore.connect(redisUri);

        ExpressMove move = Express.move(expressStore, next, e -> e.secret(secret)); // the options of Express.compatible

        Sessions prepare =
                Sessions.create(move.prepare()); // 1. on every node; Node may still serve. Then switch Node off
        Sessions moving = Sessions.create(move.move()); // 2. on every node: a session moves when it changes
        Sessions finish = Sessions.create(move.finish()); // 3. Sojourn's own records alone

        assertStaysSignedIn(
                Sessions.create(Express.compatible(expressStore, e -> e.secret(secret))), prepare, moving, finish);
        assertThat(cookie).startsWith("connect.sid=");
        next.close();
        expressStore.close();
    }

    @Test
    void clients_move_to_another_cookie() throws Exception {
        SessionStore store = new MemoryStore();

        TokenTransport old = Transports.cookie(k -> k.name("sid"));
        TokenTransport next = Transports.cookie();
        TokenFormat format = Sessions.tokenFormat(secret);

        Sessions prepare = Sessions.create(
                c -> c.secret(secret).store(store).transport(old).alsoAccept(next, format)); // 1.
        Sessions change = Sessions.create(
                c -> c.secret(secret).store(store).transport(next).alsoAccept(old, format)); // 2.
        Sessions finish = Sessions.create(c -> c.secret(secret).store(store).transport(next)); // 3.

        assertStaysSignedIn(
                Sessions.create(c -> c.secret(secret).store(store).transport(old)), prepare, change, finish);
        assertThat(cookie).startsWith("__Host-id=");
    }

    private Sessions sessionsOn(SessionStore store) {
        return Sessions.create(c -> c.secret(secret).store(store));
    }

    /** Sends one request in each step, with the cookie of the previous response. */
    private void assertStaysSignedIn(Sessions... steps) throws IOException, InterruptedException {
        for (int i = 0; i < steps.length; i++) {
            assertThat(request(steps[i])).as("step %s", i).isEqualTo("alice, views: " + (i + 1));
        }
    }

    private String request(Sessions sessions) throws IOException, InterruptedException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", MovingGuideTest::count).getFilters().add(new SojournFilter(sessions));
        server.start();
        try {
            URI url = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
            HttpRequest.Builder builder = HttpRequest.newBuilder(url);
            if (!cookie.isEmpty()) {
                builder.header("Cookie", cookie);
            }
            HttpResponse<String> response = client.send(builder.build(), BodyHandlers.ofString());
            for (String each : response.headers().allValues("Set-Cookie")) {
                cookie = each.contains("Max-Age=0") ? cookie : each.split(";", 2)[0];
            }
            return response.body();
        } finally {
            server.stop(0);
        }
    }

    private static void count(HttpExchange exchange) throws IOException {
        var session = Sojourn.session(exchange);
        if (session.isNew()) {
            session.login("alice");
        }
        Integer views = session.update("views", Integer.class, n -> n == null ? 1 : n + 1);
        byte[] body = (session.subject() + ", views: " + views).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
