package dev.sojourn.express.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sojourn.Session;
import dev.sojourn.SessionListener;
import dev.sojourn.Sessions;
import dev.sojourn.Transports;
import dev.sojourn.express.Express;
import dev.sojourn.express.ExpressMove;
import dev.sojourn.express.ExpressOptions;
import dev.sojourn.express.ExpressPostgresStore;
import dev.sojourn.express.ExpressRedisStore;
import dev.sojourn.express.SharedServers;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.redis.RedisStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.TokenFormat;
import dev.sojourn.tools.Quotation;
import example.Shop;
import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** "Migrate route by route" of docs/guide/express.md, run with one browser. */
@ExtendWith(SharedServers.class)
@Tag("programs")
class MigrationGuideTest {
    static final String BETTER = "Qf3vTz8mKc1xLr6yWd9pHs2bNg7jUe4a";

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final CookieManager jar = new CookieManager();
    private final HttpClient browser = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .cookieHandler(jar)
            .build();
    private final ExpressRedisStore express =
            closeLater(ExpressRedisStore.connect(SharedServers.redis7().uri()));
    private final RedisStore own =
            closeLater(RedisStore.connect(SharedServers.redis7().uri()));

    @BeforeEach
    void start() {
        SharedServers.redis7().command("FLUSHALL");
    }

    @AfterEach
    void stop() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @Test
    void all_code_of_the_guide_runs_in_this_test() throws IOException {
        String guide =
                chapter(Files.readString(Path.of("../docs/guide/express.md"))) + Files.readString(Path.of("README.md"));
        String code = Quotation.withoutWhitespace(Files.readString(Path.of("src/test/java/example/Shop.java"))
                + Files.readString(Path.of("src/test/node/shop.mjs"))
                + Files.readString(Path.of("src/test/java/dev/sojourn/express/interop/MigrationGuideTest.java")));

        assertThat(Pattern.compile("```(?:java|js)\\n(.*?)```", Pattern.DOTALL)
                        .matcher(guide)
                        .results()
                        .map((MatchResult block) -> Quotation.withoutWhitespace(block.group(1)))
                        .toList())
                .hasSizeGreaterThan(4)
                .allSatisfy(block -> assertThat(code).contains(block));
    }

    private static String chapter(String page) {
        int from = page.indexOf("## Migrate route by route");
        return page.substring(from, page.indexOf("\n## ", from + 1));
    }

    @Test
    void a_user_stays_signed_in_from_node_to_java_and_back() throws Exception {
        NodeApp node = closeLater(NodeApp.start("shop.mjs"));
        assertThat(post(node.port(), "/login", "user=alice")).isEqualTo("Node: hello alice, views: 1\n");
        assertThat(post(node.port(), "/cart", "item=tea")).isEqualTo("{\"tea\":1}");

        int java = shop(step("share"));
        assertThat(get(java, "/")).isEqualTo("Java: hello alice, views: 2\n");
        assertThat(post(java, "/cart", "item=tea")).isEqualTo("{\"tea\":2}");
        assertThat(get(node.port(), "/cart")).isEqualTo("{\"tea\":2}");
        assertThat(get(node.port(), "/")).isEqualTo("Node: hello alice, views: 3\n");
        assertThat(get(java, "/logout")).isEqualTo(get(node.port(), "/")).isEqualTo("please sign in");
        assertThat(post(java, "/login", "user=alice")).isEqualTo("Java: hello alice, views: 1\n");
        assertThat(post(node.port(), "/cart", "item=tea")).isEqualTo("{\"tea\":1}");
        String cookie = cookie();

        java = shop(step("prepare"));
        assertThat(get(java, "/")).isEqualTo("Java: hello alice, views: 2\n");
        assertThat(get(node.port(), "/")).isEqualTo("Node: hello alice, views: 3\n");
        assertThat(keys()).contains("sess:").doesNotContain("sojourn:");
        node.close();

        java = shop(step("move"));
        assertThat(get(java, "/")).isEqualTo("Java: hello alice, views: 4\n");
        assertThat(keys()).contains("sojourn:").doesNotContain("sess:");

        java = shop(step("finish"));
        assertThat(get(java, "/")).isEqualTo("Java: hello alice, views: 5\n");
        assertThat(get(java, "/cart")).isEqualTo("{\"tea\":1}");
        assertThat(get(java, "/devices")).contains(" since ");

        java = shop(step("prepareReturn"));
        assertThat(get(java, "/")).isEqualTo("Java: hello alice, views: 6\n");
        java = shop(step("moveBack"));
        assertThat(get(java, "/")).isEqualTo("Java: hello alice, views: 7\n");
        NodeApp again = closeLater(NodeApp.start("shop.mjs"));
        assertThat(get(again.port(), "/")).isEqualTo("Node: hello alice, views: 8\n");
        assertThat(get(again.port(), "/cart")).isEqualTo("{\"tea\":1}");
        assertThat(cookie()).isEqualTo(cookie);
    }

    static Consumer<Sessions.Config> bothCookies(ExpressMove move, String secret) {
        return move.finish()
                .andThen(c -> c.alsoAccept(Transports.cookie(k -> k.insecureHttp()), Sessions.tokenFormat(secret)));
    }

    static Consumer<Sessions.Config> ownCookie(SessionStore own, String secret, TokenFormat formatInNode) {
        return c -> c.secret(secret)
                .store(own)
                .idleTimeout(Duration.ofDays(1))
                .absoluteTimeout(Duration.ofDays(30))
                .cookie(k -> k.insecureHttp())
                .alsoAccept(Transports.cookie(k -> k.name("connect.sid").insecureHttp()), formatInNode);
    }

    @Test
    void a_user_of_node_gets_the_cookie_of_sojourn_in_the_last_step_and_stays_signed_in() throws Exception {
        NodeApp node = closeLater(NodeApp.start("shop.mjs"));
        assertThat(post(node.port(), "/login", "user=alice")).isEqualTo("Node: hello alice, views: 1\n");
        Consumer<ExpressOptions> asInNode =
                e -> e.existingWeakSecret("keyboard cat").insecureHttp();
        int java = shop(step("move"));
        assertThat(get(java, "/")).isEqualTo("Java: hello alice, views: 2\n");
        HttpCookie nodeCookie = jar.getCookieStore().getCookies().get(0);

        java = shop(bothCookies(Express.move(express, own, asInNode), BETTER));
        assertThat(get(java, "/")).isEqualTo("Java: hello alice, views: 3\n");
        assertThat(cookie()).as("no new cookie until every node accepts it").isEqualTo(nodeCookie.getValue());

        int last = shop(ownCookie(own, BETTER, Express.tokenFormat(asInNode)));
        assertThat(get(last, "/")).isEqualTo("Java: hello alice, views: 4\n");
        assertThat(jar.getCookieStore().getCookies())
                .extracting(HttpCookie::getName)
                .containsExactly("id");
        assertThat(get(java, "/")).as("a node of the previous step").isEqualTo("Java: hello alice, views: 5\n");
        assertThat(get(last, "/")).isEqualTo("Java: hello alice, views: 6\n");

        assertThat(get(last, "/logout")).isEqualTo("please sign in");
        assertThat(jar.getCookieStore().getCookies()).isEmpty();
        jar.getCookieStore().add(null, nodeCookie);
        assertThat(get(last, "/")).isEqualTo("please sign in");
    }

    @Test
    void a_better_first_secret_signs_every_cookie_again() throws Exception {
        NodeApp node = closeLater(NodeApp.start("shop.mjs"));
        post(node.port(), "/login", "user=alice");
        String before = cookie();
        Consumer<ExpressOptions> options =
                e -> e.secret(BETTER).existingWeakSecret("keyboard cat").insecureHttp();

        int java = shop(Express.compatible(express, options));
        assertThat(get(java, "/")).isEqualTo("Java: hello alice, views: 2\n");

        assertThat(cookie()).isNotEqualTo(before);
        assertThat(Browser.id(cookie())).isEqualTo(Browser.id(before));
        assertThat(get(node.port(), "/")).isEqualTo("please sign in"); // so configure the same list in Node first
    }

    @Test
    void a_user_of_passport_is_signed_in() throws Exception {
        NodeApp node = closeLater(NodeApp.start("shop.mjs"));
        post(node.port(), "/login", "user=alice");
        assertThat(post(node.port(), "/passport", "user=alice")).isEqualTo("signed in");
        Consumer<ExpressOptions> options =
                e -> e.existingWeakSecret("keyboard cat").insecureHttp().userAttribute("passport", "user");

        assertThat(get(servePassport(Sessions.create(Express.compatible(express, options))), "/"))
                .isEqualTo("alice, subject alice");
        node.close();
        ExpressMove move = Express.move(express, own, options);
        assertThat(get(servePassport(Sessions.create(move.move())), "/")).isEqualTo("alice, subject alice");
        Sessions finish = Sessions.create(move.finish());
        assertThat(get(servePassport(finish), "/")).isEqualTo("alice, subject alice");
        assertThat(finish.of("alice").list()).hasSize(1);
    }

    // The first examples of the README, which connect to servers of the reader.
    static Sessions inRedis() {
        ExpressRedisStore store = ExpressRedisStore.connect("redis://localhost"); // connect-redis: sess:<id>
        Sessions sessions = Sessions.create(Express.compatible(store, e -> e.secret(System.getenv("SOJOURN_SECRET"))));
        return sessions;
    }

    static Sessions inPostgres(DataSource dataSource, SessionListener listener) {
        ExpressPostgresStore store = ExpressPostgresStore.over(dataSource); // connect-pg-simple: table "session"
        Sessions sessions = Sessions.create(Express.compatible(store, e -> e.secret(System.getenv("SOJOURN_SECRET")))
                .andThen(c -> c.listener(listener)));
        return sessions;
    }

    private record Passport(String user) {}

    private int servePassport(Sessions sessions) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        open.push(() -> server.stop(0));
        server.createContext("/", exchange -> {
                    Session session = Sojourn.session(exchange);
                    session.update("seen", Integer.class, n -> n == null ? 1 : n + 1);
                    Passport passport = session.get("passport", Passport.class);
                    String who = (passport == null ? "none" : passport.user()) + ", subject " + session.subject();
                    byte[] body = who.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                })
                .getFilters()
                .add(new SojournFilter(sessions));
        server.start();
        return server.getAddress().getPort();
    }

    private Consumer<Sessions.Config> step(String step) {
        return Shop.step(step, express, own);
    }

    private int shop(Consumer<Sessions.Config> step) throws IOException {
        HttpServer server = Shop.serve(Sessions.create(step), 0);
        open.push(() -> server.stop(0));
        return server.getAddress().getPort();
    }

    private <T extends AutoCloseable> T closeLater(T each) {
        open.push(each);
        return each;
    }

    private String get(int port, String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(at(port, path)));
    }

    private String post(int port, String path, String form) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(at(port, path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return browser.send(request.build(), BodyHandlers.ofString()).body();
    }

    private static URI at(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private String cookie() {
        return jar.getCookieStore().getCookies().get(0).getValue();
    }

    private static String keys() {
        return String.valueOf(SharedServers.redis7().command("KEYS", "*"));
    }
}
