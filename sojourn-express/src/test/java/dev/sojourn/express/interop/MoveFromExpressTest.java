package dev.sojourn.express.interop;

import static dev.sojourn.express.interop.Browser.describe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Sessions;
import dev.sojourn.UserSessions;
import dev.sojourn.express.Express;
import dev.sojourn.express.ExpressMove;
import dev.sojourn.express.ExpressPostgresStore;
import dev.sojourn.express.ExpressRedisStore;
import dev.sojourn.express.SharedServers;
import dev.sojourn.jdbc.JdbcStore;
import dev.sojourn.redis.RedisStore;
import dev.sojourn.spi.SessionStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that sessions created by the real Express move to Sojourn's own records and back, with one cookie jar: from
 * connect-redis to a {@link RedisStore}, and from connect-pg-simple to a {@link JdbcStore}. Each step runs as a separate site,
 * as on different nodes.
 */
@ExtendWith(SharedServers.class)
@Tag("programs")
class MoveFromExpressTest {
    private static final long SEED = Long.getLong("sojourn.express.seed", 20_261_129L);
    private static final int SEQUENCES = Integer.getInteger("sojourn.express.moves", 60);
    /** The number of requests in each step. */
    private static final int LENGTH = 8;

    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();
    private static final Map<String, Sessions> FINISHED = new HashMap<>();
    private static NodeApp express;
    private static JavaApp java;

    @BeforeAll
    static void start() throws Exception {
        SharedServers.redis7().command("FLUSHALL");
        NodeApp.renewTables();
        try (Connection connection = SharedServers.pool18().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS public.sojourn_session");
        }
        express = open(NodeApp.start());
        java = open(new JavaApp());
        Duration timeout = Duration.ofSeconds(20);
        serve(
                "redis",
                open(ExpressRedisStore.connect(
                        c -> c.uri(SharedServers.redis7().uri()).timeout(timeout))),
                open(RedisStore.builder()
                        .uri(SharedServers.redis7().uri())
                        .timeout(timeout)
                        .build()));
        serve(
                "pg",
                ExpressPostgresStore.builder(SharedServers.pool18())
                        .schema("public")
                        .timeout(timeout)
                        .build(),
                JdbcStore.builder(SharedServers.pool18())
                        .createTableIfMissing()
                        .timeout(timeout)
                        .build());
    }

    private static <T extends AutoCloseable> T open(T resource) {
        OPEN.push(resource);
        return resource;
    }

    private static void serve(String name, SessionStore express, SessionStore own) {
        Map<String, Consumer<Sessions.Config>> steps = Map.of(
                "prepare", move(express, own).prepare(),
                "move", move(express, own).move(),
                "finish", move(express, own).finish(),
                "prepareReturn", move(express, own).prepareReturn(),
                "moveBack", move(express, own).moveBack());
        steps.forEach((step, configuration) -> {
            Sessions sessions = Sessions.create(configuration);
            java.serve("/" + name + "/shared/" + step, sessions);
            if (step.equals("finish")) {
                FINISHED.put(name, sessions);
            }
        });
        ExpressMove withPassport = Express.move(
                express,
                own,
                e -> e.existingWeakSecret("old secret").insecureHttp().userAttribute("passport", "user"));
        java.serve("/" + name + "/shared/passport/move", Sessions.create(withPassport.move()));
        java.serve("/" + name + "/shared/passport/finish", Sessions.create(withPassport.finish()));
        java.serve("/" + name + "/shared/passport/moveBack", Sessions.create(withPassport.moveBack()));
    }

    private static ExpressMove move(SessionStore express, SessionStore own) {
        return Express.move(
                express, own, e -> e.existingWeakSecret("old secret").insecureHttp());
    }

    @AfterAll
    static void stop() throws Exception {
        while (!OPEN.isEmpty()) {
            OPEN.pop().close();
        }
    }

    private static String sendToExpress(Browser browser, Request request) throws Exception {
        return describe(browser.send(express.port(), "plain", request));
    }

    private static String sendToStep(String step, Browser browser, Request request) throws Exception {
        return describe(browser.send(java.port(), step, request));
    }

    private static Request set(String name, String json) {
        return new Request("set", name, json);
    }

    /** Returns the plain id, which is the key in Express's stores. */
    private static String id(Browser browser) {
        String id = browser.id();
        return id.substring(id.indexOf("s%3A") + "s%3A".length());
    }

    private static boolean isInExpressStore(String store, Browser browser) throws Exception {
        if (store.equals("redis")) {
            return Long.valueOf(1).equals(SharedServers.redis7().command("EXISTS", "sess:" + id(browser)));
        }
        return count("SELECT count(*) FROM public.session WHERE sid = '" + id(browser) + "'") == 1;
    }

    private static UserSessions sessionsOf(String store, String user) {
        return Objects.requireNonNull(FINISHED.get(store)).of(user);
    }

    private static int count(String query) throws Exception {
        try (Connection connection = SharedServers.pool18().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void a_user_of_express_stays_signed_in_through_the_move_and_back(String store) throws Exception {
        Browser browser = new Browser("/" + store + "/shared");
        sendToExpress(browser, new Request("login", "", "alice"));
        sendToExpress(browser, set("cart", "{\"items\":[1,null,\"é\"]}"));
        String all = "200 {\"cart\":{\"items\":[1.0,null,\"é\"]},\"user\":\"alice\"}";
        String cookie = browser.cookie();

        assertThat(sendToStep("prepare", browser, Request.GET)).isEqualTo(all);
        assertThat(sendToStep("prepare", browser, new Request("remove", "none", "")))
                .isEqualTo(all);
        assertThat(isInExpressStore(store, browser)).isTrue();

        assertThat(sendToStep("move", browser, Request.GET)).isEqualTo(all);
        assertThat(isInExpressStore(store, browser)).as("read only").isTrue();
        String more = "200 {\"a\":1.0,\"cart\":{\"items\":[1.0,null,\"é\"]},\"user\":\"alice\"}";
        assertThat(sendToStep("move", browser, set("a", "1"))).isEqualTo(more);
        assertThat(isInExpressStore(store, browser)).as("changed").isFalse();
        assertThat(sendToStep("prepare", browser, Request.GET))
                .as("a node of step 1")
                .isEqualTo(more);

        assertThat(sendToStep("finish", browser, Request.GET)).isEqualTo(more);
        assertThat(sessionsOf(store, "alice").list()).hasSize(1);
        assertThat(sendToStep("finish", browser, set("a", "2"))).isEqualTo(more.replace("1.0,\"cart", "2.0,\"cart"));

        assertThat(sendToStep("prepareReturn", browser, Request.GET))
                .isEqualTo(more.replace("1.0,\"cart", "2.0,\"cart"));
        assertThat(sendToStep("moveBack", browser, set("a", "1"))).isEqualTo(more);
        assertThat(isInExpressStore(store, browser)).as("moved back").isTrue();
        assertThat(sendToExpress(browser, Request.GET)).isEqualTo(more);
        assertThat(sessionsOf(store, "alice").list()).isEmpty();
        assertThat(browser.cookie()).as("the cookie").isEqualTo(cookie);
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void a_logout_during_the_move_ends_the_session_in_every_step(String store) throws Exception {
        for (boolean changedBefore : new boolean[] {true, false}) {
            Browser browser = new Browser("/" + store + "/shared");
            sendToExpress(browser, new Request("login", "", "bob"));
            if (changedBefore) {
                sendToStep("move", browser, set("a", "1"));
            }
            String stolen = browser.cookie();
            assertThat(sendToStep("move", browser, new Request("destroy", "", "")))
                    .isEqualTo("200 {}");
            for (String step : List.of("prepare", "move", "finish", "prepareReturn", "moveBack", "plain")) {
                Browser thief = new Browser("/" + store + "/shared").withCookie(stolen);
                assertThat(sendToStep(step, thief, Request.GET)).as(step).isEqualTo("200 {}");
            }
            assertThat(sendToExpress(new Browser("/" + store + "/shared").withCookie(stolen), Request.GET))
                    .isEqualTo("200 {}");
            assertThat(sessionsOf(store, "bob").list()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void sessions_of_finds_users_who_signed_in_before_during_and_after_the_move(String store) throws Exception {
        Browser before = new Browser("/" + store + "/shared");
        sendToExpress(before, new Request("login", "", "carol"));
        sendToStep("move", before, set("a", "1"));
        Browser during = new Browser("/" + store + "/shared");
        sendToStep("move", during, new Request("login", "", "carol"));
        Browser after = new Browser("/" + store + "/shared");
        sendToStep("finish", after, new Request("login", "", "carol"));
        assertThat(sessionsOf(store, "carol").endAll()).isEqualTo(3);
        for (Browser browser : List.of(before, during, after)) {
            assertThat(sendToStep("finish", browser, Request.GET)).isEqualTo("200 {}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void a_user_in_an_object_moves_with_the_object(String store) throws Exception {
        Browser browser = new Browser("/" + store + "/shared");
        sendToExpress(browser, set("passport", "{\"user\":7,\"name\":\"Dan\"}"));
        String all = "{\"a\":1.0,\"passport\":{\"name\":\"Dan\",\"user\":7.0}";
        assertThat(sendToStep("passport/move", browser, set("a", "1"))).isEqualTo("200 " + all + ",\"user\":\"7\"}");
        assertThat(sendToStep("passport/finish", browser, Request.GET)).isEqualTo("200 " + all + ",\"user\":\"7\"}");
        assertThat(sessionsOf(store, "7").list()).hasSize(1);
        sendToStep("passport/moveBack", browser, set("a", "2"));
        assertThat(sendToExpress(browser, Request.GET)).isEqualTo("200 " + all.replace("1.0", "2.0") + "}");
    }

    @Test
    void data_without_a_field_in_express_survives_the_move_back() throws Exception {
        Browser browser = new Browser("/redis/shared");
        for (String name : List.of("cookie", "sojourn", "user")) {
            sendToStep("finish", browser, set(name, "\"of the application\""));
        }
        assertThat(sendToStep("moveBack", browser, set("a", "1"))).isEqualTo("200 {\"a\":1.0}");
        assertThat(sendToExpress(browser, Request.GET))
                .as("no user is signed in")
                .isEqualTo("200 {\"a\":1.0}");
        assertThat(sendToStep("move", browser, set("a", "2"))).isEqualTo("200 {\"a\":2.0}");
        assertThat(sendToStep("finish", browser, Request.GET))
                .isEqualTo("200 {\"a\":2.0,\"cookie\":\"of the application\",\"sojourn\":\"of the application\","
                        + "\"user\":\"of the application\"}");
    }

    /** The sites that serve in each step of the sequence. */
    private static final List<List<String>> THERE_AND_BACK = List.of(
            List.of("express", "plain"),
            List.of("express", "plain", "prepare"),
            List.of("prepare"),
            List.of("prepare", "move"),
            List.of("move"),
            List.of("move", "finish"),
            List.of("finish"),
            List.of("finish", "prepareReturn"),
            List.of("prepareReturn", "moveBack"),
            List.of("moveBack"),
            List.of("moveBack", "plain", "express"));

    @Test
    void random_sequences_through_all_steps_have_the_same_responses_as_express_alone() throws Exception {
        int sent = 0;
        for (int i = 0; i < SEQUENCES; i++) {
            sent += sequence(SEED + i);
        }
        System.out.println("moving from Express and back: " + sent + " requests in " + SEQUENCES
                + " sequences from seed " + SEED + ", each with the response of Express alone");
        assertThat(sent).isGreaterThanOrEqualTo(SEQUENCES * THERE_AND_BACK.size() * LENGTH);
    }

    private static int sequence(long seed) throws Exception {
        Random random = new Random(seed);
        String store = random.nextInt(3) == 0 ? "pg" : "redis";
        Browser alone = new Browser("/" + store + "/ref");
        Browser moving = new Browser("/" + store + "/shared");
        StringBuilder log = new StringBuilder("seed " + seed + " on " + store);
        int sent = 0;
        for (List<String> sites : THERE_AND_BACK) {
            for (int i = 0; i < LENGTH; i++) {
                String site = sites.get(random.nextInt(sites.size()));
                compare(alone, moving, site, Request.random(random), log);
                sent++;
            }
            if (sites.equals(List.of("moveBack")) || sites.equals(List.of("move"))) {
                // The session must have moved before the next site serves alone.
                compare(alone, moving, sites.get(0), set("moved", Integer.toString(sent)), log);
                sent++;
            }
        }
        return sent;
    }

    private static void compare(Browser alone, Browser moving, String site, Request request, StringBuilder log)
            throws Exception {
        log.append("\n  ").append(site).append(' ').append(request);
        String expected = sendToExpress(alone, request);
        String found = site.equals("express") ? sendToExpress(moving, request) : sendToStep(site, moving, request);
        assertThat(found).as("%s", log).isEqualTo(expected);
    }
}
