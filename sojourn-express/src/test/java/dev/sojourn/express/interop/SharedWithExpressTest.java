package dev.sojourn.express.interop;

import static dev.sojourn.express.interop.Browser.describe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.express.SharedServers;
import dev.sojourn.express.interop.Browser.VisibleResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the real Express (express 5, express-session, connect-redis, connect-pg-simple) and a Java application on one Redis and
 * one PostgreSQL. Random sequences of requests are sent twice: to Express alone, and to one of the two at random, with one
 * cookie jar. The visible parts of the responses must be equal.
 *
 * <p>Run with {@code -Dsojourn.express.seed=…} to repeat a seed, {@code -Dsojourn.express.requests=…} for more.
 */
@ExtendWith(SharedServers.class)
@Tag("programs")
class SharedWithExpressTest {
    private static final long SEED = Long.getLong("sojourn.express.seed", 20_261_123L);
    private static final int REQUESTS = Integer.getInteger("sojourn.express.requests", 10_000);
    private static final int LENGTH = 50;

    private static NodeApp express;
    private static JavaApp java;

    @BeforeAll
    static void start() throws Exception {
        NodeApp.renewTables();
        express = NodeApp.start();
        java = new JavaApp();
    }

    @AfterAll
    static void stop() throws Exception {
        if (java != null) {
            java.close();
        }
        if (express != null) {
            express.close();
        }
    }

    private enum Application {
        JAVA,
        EXPRESS;

        int port() {
            return this == JAVA ? java.port() : express.port();
        }

        /** Returns Java for even numbers, and Express for odd ones. */
        static Application alternating(int number) {
            return number % 2 == 0 ? JAVA : EXPRESS;
        }

        static Application random(Random random) {
            return random.nextBoolean() ? JAVA : EXPRESS;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void a_login_in_one_application_holds_in_both_and_a_logout_in_one_ends_both(String store) throws Exception {
        for (Application in : Application.values()) {
            for (Application out : Application.values()) {
                Browser browser = new Browser("/" + store + "/shared");
                browser.send(in.port(), "plain", new Request("login", "", "alice"));
                String stolen = browser.cookie();
                for (Application each : Application.values()) {
                    assertThat(describe(browser.send(each.port(), "plain", Request.GET)))
                            .isEqualTo("200 {\"user\":\"alice\"}");
                }
                browser.send(out.port(), "plain", new Request("destroy", "", ""));
                for (Application each : Application.values()) {
                    assertThat(describe(browser.send(each.port(), "plain", Request.GET)))
                            .isEqualTo("200 {}");
                    assertThat(describe(new Browser("/" + store + "/shared")
                                    .withCookie(stolen)
                                    .send(each.port(), "plain", Request.GET)))
                            .isEqualTo("200 {}");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void a_login_in_java_writes_the_user_object_that_express_reads(String store) throws Exception {
        Browser browser = new Browser("/" + store + "/shared");
        browser.send(java.port(), "record", new Request("login", "", "7"));
        assertThat(describe(browser.send(express.port(), "plain", new Request("set", "a", "1"))))
                .isEqualTo("200 {\"a\":1.0,\"user\":{\"id\":7.0,\"name\":\"Number 7\"}}");
        assertThat(describe(browser.send(java.port(), "record", Request.GET)))
                .as("the user, as Java reads it")
                .isEqualTo("200 {\"a\":1.0,\"user\":\"7\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void attributes_written_alternately_a_thousand_times_are_the_same_in_both(String store) throws Exception {
        Browser browser = new Browser("/" + store + "/shared");
        for (int i = 0; i < 1_000; i++) {
            Request request = i % 3 == 2
                    ? new Request("nested", "deep", "")
                    : new Request("set", "n" + i % 7, "{\"i\":" + i + ",\"list\":[null,1.5,\"é\"]}");
            VisibleResponse written = browser.send(Application.alternating(i).port(), "rolling", request);
            VisibleResponse read = browser.send(Application.alternating(i + 1).port(), "rolling", Request.GET);
            assertThat(describe(read)).as("after %d writes", i + 1).isEqualTo(describe(written));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void a_null_that_express_wrote_is_read_and_kept(String store) throws Exception {
        Browser browser = new Browser("/" + store + "/shared");
        browser.send(express.port(), "plain", new Request("set", "nothing", "null"));
        assertThat(describe(browser.send(java.port(), "plain", new Request("set", "a", "1"))))
                .isEqualTo("200 {\"a\":1.0,\"nothing\":null}");
        assertThat(describe(browser.send(express.port(), "plain", Request.GET)))
                .isEqualTo("200 {\"a\":1.0,\"nothing\":null}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void a_session_with_a_short_max_age_ends_in_both_applications(String store) throws Exception {
        List<Browser> browsers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            browsers.add(new Browser("/" + store + "/shared"));
            assertThat(describe(browsers.get(i)
                            .send(
                                    (i < 2 ? Application.JAVA : Application.EXPRESS).port(),
                                    "short",
                                    new Request("set", "a", "1"))))
                    .isEqualTo("200 {\"a\":1.0}");
        }
        // The clocks of the servers determine the expiry, so this test has to wait.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2_100));
        for (int i = 0; i < 4; i++) {
            assertThat(describe(browsers.get(i).send(Application.alternating(i).port(), "short", Request.GET)))
                    .isEqualTo("200 {}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void increments_in_java_concurrent_with_reads_in_express_all_count(String store) throws Exception {
        Browser browser = new Browser("/" + store + "/shared");
        browser.send(java.port(), "rolling", new Request("set", "a", "1"));
        List<Callable<VisibleResponse>> requests = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int n = i;
            requests.add(() -> new Browser("/" + store + "/shared")
                    .withCookie(browser.cookie())
                    .send(
                            Application.alternating(n).port(),
                            "rolling",
                            n % 2 == 0 ? new Request("count", "n", "") : Request.GET));
        }
        for (VisibleResponse seen : sendConcurrently(requests)) {
            assertThat(seen.status()).isEqualTo(200);
        }
        assertThat(describe(browser.send(express.port(), "rolling", Request.GET)))
                .isEqualTo("200 {\"a\":1.0,\"n\":50.0}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void a_session_that_express_ends_is_not_recreated_by_concurrent_changes_in_java(String store) throws Exception {
        for (int i = 0; i < 25; i++) {
            Browser browser = new Browser("/" + store + "/shared");
            browser.send(express.port(), "plain", new Request("login", "", "alice"));
            String stolen = browser.cookie();
            List<Callable<VisibleResponse>> requests = new ArrayList<>();
            for (int n = 0; n < 4; n++) {
                Request change = n == 3 ? new Request("destroy", "", "") : new Request("set", "n" + n, "1");
                Application application = n == 3 ? Application.EXPRESS : Application.JAVA;
                requests.add(() -> new Browser("/" + store + "/shared")
                        .withCookie(stolen)
                        .send(application.port(), "plain", change));
            }
            sendConcurrently(requests);
            assertThat(describe(browser.withCookie(stolen).send(express.port(), "plain", Request.GET)))
                    .isEqualTo("200 {}");
        }
    }

    private static List<VisibleResponse> sendConcurrently(List<Callable<VisibleResponse>> requests) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<VisibleResponse> seen = new ArrayList<>();
            for (Future<VisibleResponse> each : threads.invokeAll(requests)) {
                seen.add(each.get());
            }
            return seen;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void random_sequences_have_the_same_responses_as_express_alone() throws Exception {
        List<Callable<Integer>> sequences = new ArrayList<>();
        for (int i = 0; i < REQUESTS / LENGTH; i++) {
            long seed = SEED + i;
            sequences.add(() -> sequence(seed));
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        int sent = 0;
        try {
            for (Future<Integer> each : threads.invokeAll(sequences)) {
                sent += each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        System.out.println("shared with Express: " + sent + " requests in " + sequences.size() + " sequences from seed "
                + SEED + ", each with the response of Express alone");
        assertThat(sent).isGreaterThanOrEqualTo(REQUESTS / LENGTH * LENGTH);
    }

    private static int sequence(long seed) throws Exception {
        Random random = new Random(seed);
        String store = random.nextInt(3) == 0 ? "pg" : "redis";
        String variant = random.nextBoolean() ? "plain" : "rolling";
        Browser alone = new Browser("/" + store + "/ref");
        Browser both = new Browser("/" + store + "/shared");
        StringBuilder log = new StringBuilder("seed " + seed + " on " + store);
        for (int i = 0; i < LENGTH; i++) {
            // The secret is rotated at some point. Tokens of the old one stay valid.
            String now = i > LENGTH / 2 && seed % 3 == 0 ? "rotated" : variant;
            Request request = Request.random(random);
            Application application = Application.random(random);
            log.append("\n  ")
                    .append(application)
                    .append(' ')
                    .append(now)
                    .append(' ')
                    .append(request);
            String cookieBefore = alone.cookie();
            String bothBefore = both.cookie();
            VisibleResponse expected = alone.send(express.port(), now, request);
            VisibleResponse found = both.send(application.port(), now, request);
            assertThat(describe(found)).as("%s", log).isEqualTo(describe(expected));
            if (request.op().equals("login") || request.op().equals("regenerate")) {
                assertThat(both.id().equals(Browser.id(bothBefore)))
                        .as("the id stays, %s", log)
                        .isEqualTo(alone.id().equals(Browser.id(cookieBefore)));
            }
        }
        return LENGTH;
    }
}
