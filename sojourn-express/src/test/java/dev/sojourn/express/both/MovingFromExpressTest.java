package dev.sojourn.express.both;

import static dev.sojourn.express.both.Browser.seen;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Sessions;
import dev.sojourn.UserSessions;
import dev.sojourn.express.Express;
import dev.sojourn.express.ExpressMove;
import dev.sojourn.express.ExpressPostgresStore;
import dev.sojourn.express.ExpressRedisStore;
import dev.sojourn.express.Shared;
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
 * Sessions that began in the real Express move to our own records, and back, with one cookie jar: from connect-redis to a
 * {@link RedisStore}, from connect-pg-simple to a {@link JdbcStore}. Every step is a site of its own, as on different nodes.
 */
@ExtendWith(Shared.class)
@Tag("programs")
class MovingFromExpressTest {
    private static final long SEED = Long.getLong("sojourn.express.seed", 20_261_129L);
    private static final int SEQUENCES = Integer.getInteger("sojourn.express.moves", 60);
    /** Requests between one step and the next. */
    private static final int LENGTH = 8;

    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();
    private static final Map<String, Sessions> FINISHED = new HashMap<>();
    private static NodeApp express;
    private static JavaApp java;

    @BeforeAll
    static void start() throws Exception {
        Shared.redis7().command("FLUSHALL");
        NodeApp.renewTables();
        try (Connection connection = Shared.pool18().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS public.sojourn_session");
        }
        express = open(NodeApp.start());
        java = open(new JavaApp());
        Duration timeout = Duration.ofSeconds(20);
        serve(
                "redis",
                open(ExpressRedisStore.connect(c -> c.uri(Shared.redis7().uri()).timeout(timeout))),
                open(RedisStore.builder()
                        .uri(Shared.redis7().uri())
                        .timeout(timeout)
                        .build()));
        serve(
                "pg",
                ExpressPostgresStore.builder(Shared.pool18())
                        .schema("public")
                        .timeout(timeout)
                        .build(),
                JdbcStore.builder(Shared.pool18())
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

    private static String onExpress(Browser browser, Request request) throws Exception {
        return seen(browser.send(express.port(), "plain", request));
    }

    private static String at(String step, Browser browser, Request request) throws Exception {
        return seen(browser.send(java.port(), step, request));
    }

    private static Request set(String name, String json) {
        return new Request("set", name, json);
    }

    /** Returns the id itself, which is the key in Express's stores. */
    private static String id(Browser browser) {
        String id = browser.id();
        return id.substring(id.indexOf("s%3A") + "s%3A".length());
    }

    private static boolean isInExpressStore(String store, Browser browser) throws Exception {
        if (store.equals("redis")) {
            return Long.valueOf(1).equals(Shared.redis7().command("EXISTS", "sess:" + id(browser)));
        }
        return count("SELECT count(*) FROM public.session WHERE sid = '" + id(browser) + "'") == 1;
    }

    private static UserSessions signedIn(String store, String user) {
        return Objects.requireNonNull(FINISHED.get(store)).of(user);
    }

    private static int count(String query) throws Exception {
        try (Connection connection = Shared.pool18().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void a_user_of_express_stays_signed_in_all_the_way_and_back(String store) throws Exception {
        Browser browser = new Browser("/" + store + "/shared");
        onExpress(browser, new Request("login", "", "alice"));
        onExpress(browser, set("cart", "{\"items\":[1,null,\"é\"]}"));
        String all = "200 {\"cart\":{\"items\":[1.0,null,\"é\"]},\"user\":\"alice\"}";
        String cookie = browser.cookie();

        assertThat(at("prepare", browser, Request.GET)).isEqualTo(all);
        assertThat(at("prepare", browser, new Request("remove", "none", ""))).isEqualTo(all);
        assertThat(isInExpressStore(store, browser)).isTrue();

        assertThat(at("move", browser, Request.GET)).isEqualTo(all);
        assertThat(isInExpressStore(store, browser)).as("read only").isTrue();
        String more = "200 {\"a\":1.0,\"cart\":{\"items\":[1.0,null,\"é\"]},\"user\":\"alice\"}";
        assertThat(at("move", browser, set("a", "1"))).isEqualTo(more);
        assertThat(isInExpressStore(store, browser)).as("changed").isFalse();
        assertThat(at("prepare", browser, Request.GET)).as("a node of step 1").isEqualTo(more);

        assertThat(at("finish", browser, Request.GET)).isEqualTo(more);
        assertThat(signedIn(store, "alice").list()).hasSize(1);
        assertThat(at("finish", browser, set("a", "2"))).isEqualTo(more.replace("1.0,\"cart", "2.0,\"cart"));

        assertThat(at("prepareReturn", browser, Request.GET)).isEqualTo(more.replace("1.0,\"cart", "2.0,\"cart"));
        assertThat(at("moveBack", browser, set("a", "1"))).isEqualTo(more);
        assertThat(isInExpressStore(store, browser)).as("moved back").isTrue();
        assertThat(onExpress(browser, Request.GET)).isEqualTo(more);
        assertThat(signedIn(store, "alice").list()).isEmpty();
        assertThat(browser.cookie()).as("the cookie").isEqualTo(cookie);
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void a_logout_while_sessions_move_holds_everywhere(String store) throws Exception {
        for (boolean changedBefore : new boolean[] {true, false}) {
            Browser browser = new Browser("/" + store + "/shared");
            onExpress(browser, new Request("login", "", "bob"));
            if (changedBefore) {
                at("move", browser, set("a", "1"));
            }
            String stolen = browser.cookie();
            assertThat(at("move", browser, new Request("destroy", "", ""))).isEqualTo("200 {}");
            for (String step : List.of("prepare", "move", "finish", "prepareReturn", "moveBack", "plain")) {
                Browser thief = new Browser("/" + store + "/shared").with(stolen);
                assertThat(at(step, thief, Request.GET)).as(step).isEqualTo("200 {}");
            }
            assertThat(onExpress(new Browser("/" + store + "/shared").with(stolen), Request.GET))
                    .isEqualTo("200 {}");
            assertThat(signedIn(store, "bob").list()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void sessions_of_finds_all_users_who_signed_in_before_or_while_sessions_moved(String store) throws Exception {
        Browser before = new Browser("/" + store + "/shared");
        onExpress(before, new Request("login", "", "carol"));
        at("move", before, set("a", "1"));
        Browser during = new Browser("/" + store + "/shared");
        at("move", during, new Request("login", "", "carol"));
        Browser after = new Browser("/" + store + "/shared");
        at("finish", after, new Request("login", "", "carol"));
        assertThat(signedIn(store, "carol").endAll()).isEqualTo(3);
        for (Browser browser : List.of(before, during, after)) {
            assertThat(at("finish", browser, Request.GET)).isEqualTo("200 {}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void a_user_in_an_object_moves_with_the_object(String store) throws Exception {
        Browser browser = new Browser("/" + store + "/shared");
        onExpress(browser, set("passport", "{\"user\":7,\"name\":\"Dan\"}"));
        String all = "{\"a\":1.0,\"passport\":{\"name\":\"Dan\",\"user\":7.0}";
        assertThat(at("passport/move", browser, set("a", "1"))).isEqualTo("200 " + all + ",\"user\":\"7\"}");
        assertThat(at("passport/finish", browser, Request.GET)).isEqualTo("200 " + all + ",\"user\":\"7\"}");
        assertThat(signedIn(store, "7").list()).hasSize(1);
        at("passport/moveBack", browser, set("a", "2"));
        assertThat(onExpress(browser, Request.GET)).isEqualTo("200 " + all.replace("1.0", "2.0") + "}");
    }

    @Test
    void data_that_express_has_no_field_for_survives_the_way_back() throws Exception {
        Browser browser = new Browser("/redis/shared");
        for (String name : List.of("cookie", "sojourn", "user")) {
            at("finish", browser, set(name, "\"of the application\""));
        }
        assertThat(at("moveBack", browser, set("a", "1"))).isEqualTo("200 {\"a\":1.0}");
        assertThat(onExpress(browser, Request.GET)).as("no user is signed in").isEqualTo("200 {\"a\":1.0}");
        assertThat(at("move", browser, set("a", "2"))).isEqualTo("200 {\"a\":2.0}");
        assertThat(at("finish", browser, Request.GET))
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
    void random_sequences_through_all_steps_show_the_same_as_on_express_alone() throws Exception {
        int sent = 0;
        for (int i = 0; i < SEQUENCES; i++) {
            sent += sequence(SEED + i);
        }
        System.out.println("moving from Express and back: " + sent + " requests in " + SEQUENCES
                + " sequences from seed " + SEED + ", each answered as Express alone answers it");
        assertThat(sent).isGreaterThanOrEqualTo(SEQUENCES * THERE_AND_BACK.size() * LENGTH);
    }

    private static int sequence(long seed) throws Exception {
        Random random = new Random(seed);
        String store = random.nextInt(3) == 0 ? "pg" : "redis";
        Browser alone = new Browser("/" + store + "/ref");
        Browser moving = new Browser("/" + store + "/shared");
        StringBuilder story = new StringBuilder("seed " + seed + " on " + store);
        int sent = 0;
        for (List<String> sites : THERE_AND_BACK) {
            for (int i = 0; i < LENGTH; i++) {
                String site = sites.get(random.nextInt(sites.size()));
                compare(alone, moving, site, Request.random(random), story);
                sent++;
            }
            if (sites.equals(List.of("moveBack")) || sites.equals(List.of("move"))) {
                // No site serves alone before every session has moved.
                compare(alone, moving, sites.get(0), set("moved", Integer.toString(sent)), story);
                sent++;
            }
        }
        return sent;
    }

    private static void compare(Browser alone, Browser moving, String site, Request request, StringBuilder story)
            throws Exception {
        story.append("\n  ").append(site).append(' ').append(request);
        String expected = onExpress(alone, request);
        String found = site.equals("express") ? onExpress(moving, request) : at(site, moving, request);
        assertThat(found).as("%s", story).isEqualTo(expected);
    }
}
