package dev.sojourn.express.both;

import static dev.sojourn.express.both.Browser.seen;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.express.Shared;
import dev.sojourn.express.both.Browser.Seen;
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
 * The real Express (express 5, express-session, connect-redis, connect-pg-simple) and an application of ours over one Redis and
 * one PostgreSQL. Random sequences of requests are sent twice: to Express alone, and to either of the two at random,
 * with one cookie jar. Each response must show the same.
 *
 * <p>Run with {@code -Dsojourn.express.seed=…} to repeat a seed, {@code -Dsojourn.express.requests=…} for more.
 */
@ExtendWith(Shared.class)
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

    private static int port(boolean ours) {
        return ours ? java.port() : express.port();
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void a_login_in_either_holds_in_both_and_a_logout_in_either_ends_both(String store) throws Exception {
        for (boolean in : new boolean[] {true, false}) {
            for (boolean out : new boolean[] {true, false}) {
                Browser browser = new Browser("/" + store + "/shared");
                browser.send(port(in), "plain", new Request("login", "", "alice"));
                String stolen = browser.cookie();
                for (boolean ours : new boolean[] {true, false}) {
                    assertThat(seen(browser.send(port(ours), "plain", Request.GET)))
                            .isEqualTo("200 {\"user\":\"alice\"}");
                }
                browser.send(port(out), "plain", new Request("destroy", "", ""));
                for (boolean ours : new boolean[] {true, false}) {
                    assertThat(seen(browser.send(port(ours), "plain", Request.GET)))
                            .isEqualTo("200 {}");
                    assertThat(seen(new Browser("/" + store + "/shared")
                                    .with(stolen)
                                    .send(port(ours), "plain", Request.GET)))
                            .isEqualTo("200 {}");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void a_login_in_java_leaves_the_users_record_that_express_reads(String store) throws Exception {
        Browser browser = new Browser("/" + store + "/shared");
        browser.send(java.port(), "record", new Request("login", "", "7"));
        assertThat(seen(browser.send(express.port(), "plain", new Request("set", "a", "1"))))
                .isEqualTo("200 {\"a\":1.0,\"user\":{\"id\":7.0,\"name\":\"Number 7\"}}");
        assertThat(seen(browser.send(java.port(), "record", Request.GET)))
                .as("who it is, as Java sees it")
                .isEqualTo("200 {\"a\":1.0,\"user\":\"7\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void attributes_written_in_turn_a_thousand_times_agree(String store) throws Exception {
        Browser browser = new Browser("/" + store + "/shared");
        for (int i = 0; i < 1_000; i++) {
            Request request = i % 3 == 2
                    ? new Request("nested", "deep", "")
                    : new Request("set", "n" + i % 7, "{\"i\":" + i + ",\"list\":[null,1.5,\"é\"]}");
            Seen written = browser.send(port(i % 2 == 0), "rolling", request);
            Seen read = browser.send(port(i % 2 == 1), "rolling", Request.GET);
            assertThat(seen(read)).as("after %d writes", i + 1).isEqualTo(seen(written));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void a_null_that_express_wrote_is_read_and_kept(String store) throws Exception {
        Browser browser = new Browser("/" + store + "/shared");
        browser.send(express.port(), "plain", new Request("set", "nothing", "null"));
        assertThat(seen(browser.send(java.port(), "plain", new Request("set", "a", "1"))))
                .isEqualTo("200 {\"a\":1.0,\"nothing\":null}");
        assertThat(seen(browser.send(express.port(), "plain", Request.GET)))
                .isEqualTo("200 {\"a\":1.0,\"nothing\":null}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void a_session_with_a_short_max_age_ends_in_both_whoever_used_it_last(String store) throws Exception {
        List<Browser> browsers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            browsers.add(new Browser("/" + store + "/shared"));
            assertThat(seen(browsers.get(i).send(port(i < 2), "short", new Request("set", "a", "1"))))
                    .isEqualTo("200 {\"a\":1.0}");
        }
        // The servers' own clocks decide, so this test has to wait.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2_100));
        for (int i = 0; i < 4; i++) {
            assertThat(seen(browsers.get(i).send(port(i % 2 == 0), "short", Request.GET)))
                    .isEqualTo("200 {}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void increments_in_java_concurrent_with_reads_in_express_all_count(String store) throws Exception {
        Browser browser = new Browser("/" + store + "/shared");
        browser.send(java.port(), "rolling", new Request("set", "a", "1"));
        List<Callable<Seen>> requests = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            boolean counts = i % 2 == 0;
            requests.add(() -> new Browser("/" + store + "/shared")
                    .with(browser.cookie())
                    .send(port(counts), "rolling", counts ? new Request("count", "n", "") : Request.GET));
        }
        for (Seen seen : atOnce(requests)) {
            assertThat(seen.status()).isEqualTo(200);
        }
        assertThat(seen(browser.send(express.port(), "rolling", Request.GET))).isEqualTo("200 {\"a\":1.0,\"n\":50.0}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "pg"})
    void a_session_that_express_ends_is_not_brought_back_by_changes_in_java_at_the_same_time(String store)
            throws Exception {
        for (int i = 0; i < 25; i++) {
            Browser browser = new Browser("/" + store + "/shared");
            browser.send(express.port(), "plain", new Request("login", "", "alice"));
            String stolen = browser.cookie();
            List<Callable<Seen>> requests = new ArrayList<>();
            for (int n = 0; n < 4; n++) {
                Request change = n == 3 ? new Request("destroy", "", "") : new Request("set", "n" + n, "1");
                boolean ours = n != 3;
                requests.add(
                        () -> new Browser("/" + store + "/shared").with(stolen).send(port(ours), "plain", change));
            }
            atOnce(requests);
            assertThat(seen(browser.with(stolen).send(express.port(), "plain", Request.GET)))
                    .isEqualTo("200 {}");
        }
    }

    private static List<Seen> atOnce(List<Callable<Seen>> requests) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Seen> seen = new ArrayList<>();
            for (Future<Seen> each : threads.invokeAll(requests)) {
                seen.add(each.get());
            }
            return seen;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void random_sequences_show_the_same_as_on_express_alone() throws Exception {
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
                + SEED + ", each answered as Express alone answers it");
        assertThat(sent).isGreaterThanOrEqualTo(REQUESTS / LENGTH * LENGTH);
    }

    private static int sequence(long seed) throws Exception {
        Random random = new Random(seed);
        String store = random.nextInt(3) == 0 ? "pg" : "redis";
        String variant = random.nextBoolean() ? "plain" : "rolling";
        Browser alone = new Browser("/" + store + "/ref");
        Browser both = new Browser("/" + store + "/shared");
        StringBuilder story = new StringBuilder("seed " + seed + " on " + store);
        for (int i = 0; i < LENGTH; i++) {
            // The secret is rotated at some point. Tokens of the old one stay valid.
            String now = i > LENGTH / 2 && seed % 3 == 0 ? "rotated" : variant;
            Request request = Request.random(random);
            boolean ours = random.nextBoolean();
            story.append("\n  ")
                    .append(ours ? "java    " : "express ")
                    .append(now)
                    .append(' ')
                    .append(request);
            String knew = alone.cookie();
            String knewBoth = both.cookie();
            Seen expected = alone.send(express.port(), now, request);
            Seen found = both.send(port(ours), now, request);
            assertThat(seen(found)).as("%s", story).isEqualTo(seen(expected));
            if (request.op().equals("login") || request.op().equals("regenerate")) {
                assertThat(both.id().equals(Browser.id(knewBoth)))
                        .as("the id stays, %s", story)
                        .isEqualTo(alone.id().equals(Browser.id(knew)));
            }
        }
        return LENGTH;
    }
}
