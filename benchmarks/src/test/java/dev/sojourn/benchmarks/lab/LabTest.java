package dev.sojourn.benchmarks.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Sessions;
import dev.sojourn.testing.FaultyStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The lab over each of its adapters, in a process of its own; one browser for each test. */
@ParameterizedClass
@MethodSource("adapters")
class LabTest {
    /** What a process that SIGTERM ended exits with: 128 and the signal's number. */
    private static final int ENDED_BY_SIGTERM = 143;

    @SuppressWarnings("NullAway.Init") // started before the first test
    private static LabProcess lab;

    @Parameter
    @SuppressWarnings("NullAway.Init") // set before each class of tests
    private String adapter;

    private final Browser browser = new Browser();

    static Iterable<String> adapters() {
        return new LabAdapter.Names();
    }

    @BeforeParameterizedClassInvocation
    static void start(String adapter) throws IOException {
        lab = LabProcess.start("--adapter", adapter, "--cookie", "lab");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        lab.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return browser.get(lab.address(), path);
    }

    private HttpResponse<String> post(String path) throws Exception {
        return browser.post(lab.address(), path);
    }

    private static void answers(HttpResponse<String> response, String body) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(body);
    }

    private String cookie() {
        assertThat(browser.cookies.getCookieStore().getCookies()).hasSize(1);
        HttpCookie only = browser.cookies.getCookieStore().getCookies().get(0);
        assertThat(only.getName()).isEqualTo("lab");
        return only.getValue();
    }

    @Test
    void bare_and_plain_answer_ok_and_never_touch_the_session() throws Exception {
        for (String path : List.of("/bare", "/plain")) {
            HttpResponse<String> response = get(path);
            answers(response, "ok");
            assertThat(response.headers().map()).doesNotContainKeys("set-cookie", "vary");
        }
    }

    @Test
    void read_is_empty_without_a_session_and_starts_none() throws Exception {
        HttpResponse<String> response = get("/read");
        answers(response, "");
        assertThat(response.headers().map()).doesNotContainKey("set-cookie").containsKey("vary");
    }

    @Test
    void view_counts_and_read_tells_the_count_unmodified() throws Exception {
        answers(get("/view"), "1");
        answers(get("/view"), "2");
        answers(get("/read"), "2");
        answers(get("/read"), "2");
    }

    @Test
    void set_keeps_a_text_that_get_gives_back() throws Exception {
        answers(post("/set?k=name&v=J%C3%BCrgen+M%26M"), "ok");
        answers(get("/get?k=name"), "Jürgen M&M");
        answers(get("/get?k=other"), "");
    }

    @Test
    void slowset_waits_before_it_sets() throws Exception {
        answers(post("/set?k=fast&v=1"), "ok");
        long before = System.nanoTime();
        answers(post("/slowset?k=slow&v=2&ms=50"), "ok");
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(50));
        answers(get("/get?k=slow"), "2");
        answers(get("/get?k=fast"), "1");
    }

    @Test
    void login_gives_a_new_id_and_logout_ends_the_session() throws Exception {
        answers(post("/set?k=colour&v=blue"), "ok");
        String anonymous = cookie();
        answers(get("/whoami"), "");
        answers(post("/login?user=alice"), "ok");
        assertThat(cookie()).isNotEqualTo(anonymous);
        answers(get("/whoami"), "alice");
        answers(get("/get?k=user"), "alice");
        answers(get("/get?k=colour"), "blue");
        answers(post("/logout"), "ok");
        assertThat(browser.cookies.getCookieStore().getCookies()).isEmpty();
        answers(get("/whoami"), "");
    }

    @Test
    void seed_makes_a_new_session_of_four_attributes_in_one_request() throws Exception {
        answers(post("/set?k=colour&v=blue"), "ok");
        String former = cookie();
        answers(post("/seed?user=bob"), "ok");
        assertThat(cookie()).isNotEqualTo(former);
        answers(get("/get?k=user"), "bob");
        answers(get("/get?k=theme"), "dark");
        answers(get("/get?k=locale"), "en_GB");
        answers(get("/get?k=cart"), "17");
        answers(get("/get?k=colour"), "");
    }

    @Test
    void incr_loses_nothing_under_16_parallel_clients() throws Exception {
        int clients = 16;
        int each = 25;
        answers(post("/incr?k=n"), "1");
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            CountDownLatch together = new CountDownLatch(clients);
            Callable<List<Integer>> client = () -> {
                together.countDown();
                assertThat(together.await(10, TimeUnit.SECONDS)).isTrue();
                List<Integer> values = new ArrayList<>();
                for (int i = 0; i < each; i++) {
                    HttpResponse<String> response = post("/incr?k=n");
                    assertThat(response.statusCode()).isEqualTo(200);
                    values.add(Integer.valueOf(response.body()));
                }
                return values;
            };
            List<Future<List<Integer>>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                running.add(threads.submit(client));
            }
            TreeSet<Integer> told = new TreeSet<>();
            for (Future<List<Integer>> finished : running) {
                List<Integer> values = finished.get(30, TimeUnit.SECONDS);
                assertThat(values).isSorted();
                told.addAll(values);
            }
            assertThat(told).hasSize(clients * each).first().isEqualTo(2);
            assertThat(told.last()).isEqualTo(clients * each + 1);
        } finally {
            threads.shutdownNow();
        }
        answers(get("/get?k=n"), Integer.toString(clients * each + 1));
    }

    @Test
    void an_unknown_path_is_404_and_a_misunderstood_request_says_so() throws Exception {
        assertThat(get("/elsewhere").statusCode()).isEqualTo(404);
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/bare/elsewhere").statusCode()).isEqualTo(404);
        assertThat(get("/set?k=a&v=b").statusCode()).isEqualTo(405);
        assertThat(post("/set?k=a").statusCode()).isEqualTo(400);
        assertThat(post("/slowset?k=a&v=b&ms=soon").statusCode()).isEqualTo(400);
        assertThat(post("/slowset?k=a&v=b&ms=60001").statusCode()).isEqualTo(400);
    }

    @Test
    void an_unreachable_store_is_503_where_the_session_is_used() throws Exception {
        FaultyStore store = new FaultyStore();
        store.failAll();
        Sessions sessions = Sessions.create(
                c -> c.secret("0c9ZqW3vB7nK1xTfYh5LmRj8uEa6SdPg").store(store).cookie(k -> k.insecureHttp()));
        try (LabServer server = LabAdapter.named(adapter).start(0, sessions)) {
            URI there = server.address();
            assertThat(browser.get(there, "/view").statusCode()).isEqualTo(503);
            answers(browser.get(there, "/plain"), "ok");
        }
    }

    @Test
    void sigterm_ends_it() throws Exception {
        try (LabProcess other = LabProcess.start("--adapter", adapter)) {
            other.process().destroy();
            assertThat(other.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(other.process().exitValue()).isEqualTo(ENDED_BY_SIGTERM);
        }
    }

    @Test
    void what_is_not_there_is_refused_in_words() {
        assertThat(refusal("--adapter", "netty"))
                .contains("no adapter 'netty'", "what there is: " + String.join(", ", new LabAdapter.Names()));
        assertThat(refusal("--store", "mongodb://user:hush@localhost"))
                .contains("no store 'mongodb:…'", "what there is: memory", "redis-cluster://…")
                .doesNotContain("hush");
        assertThat(refusal("--store", "redis://:hu/hush@localhost"))
                .contains("the Redis URI cannot be read")
                .doesNotContain("hush");
        assertThat(refusal("--store", "jdbc:mysql:hush"))
                .contains("no driver can read this jdbc: URL")
                .doesNotContain("hush");
        assertThat(refusal("--store", "jdbc:sqlite::memory:")).contains("the path of a file");
        assertThat(refusal("--store", "memory", "--pool", "0")).contains("--pool is at least 1");
        assertThat(refusal("--format", "php")).contains("no format 'php'", "what there is: sojourn, express");
        assertThat(refusal("--format", "express", "--store", "jdbc:h2:mem:x"))
                .contains("--format express goes with memory, redis://…");
        assertThat(refusal("--secret", "short")).contains("at least 32 are needed");
    }

    @Test
    void help_lists_the_adapters() {
        assertThat(new CommandLine(new Lab()).getUsageMessage().replaceAll("\\s+", " "))
                .contains("--adapter=NAME")
                .contains(new LabAdapter.Names())
                .contains("; jdk unless named");
    }

    private static String refusal(String... arguments) {
        StringWriter said = new StringWriter();
        List<String> all = new ArrayList<>(List.of("--port", "0"));
        all.addAll(List.of(arguments));
        int code =
                new CommandLine(new Lab()).setErr(new PrintWriter(said, true)).execute(all.toArray(String[]::new));
        assertThat(code).isNotZero();
        return said.toString();
    }
}
