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

/** Tests the lab on each adapter, in its own process. Each test has its own client. */
@ParameterizedClass
@MethodSource("adapters")
class LabTest {
    /** The exit code of a process that SIGTERM ended: 128 plus the signal's number. */
    private static final int SIGTERM_EXIT_CODE = 143;

    @SuppressWarnings("NullAway.Init") // started before the first test
    private static LabProcess lab;

    @Parameter
    @SuppressWarnings("NullAway.Init") // set before each class of tests
    private String adapter;

    private final LabClient client = new LabClient();

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
        return client.get(lab.address(), path);
    }

    private HttpResponse<String> post(String path) throws Exception {
        return client.post(lab.address(), path);
    }

    private static void assertOk(HttpResponse<String> response, String body) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(body);
    }

    private String cookie() {
        assertThat(client.cookies.getCookieStore().getCookies()).hasSize(1);
        HttpCookie only = client.cookies.getCookieStore().getCookies().get(0);
        assertThat(only.getName()).isEqualTo("lab");
        return only.getValue();
    }

    @Test
    void bare_and_plain_respond_ok_and_do_not_use_the_session() throws Exception {
        for (String path : List.of("/bare", "/plain")) {
            HttpResponse<String> response = get(path);
            assertOk(response, "ok");
            assertThat(response.headers().map()).doesNotContainKeys("set-cookie", "vary");
        }
    }

    @Test
    void read_is_empty_without_a_session_and_creates_none() throws Exception {
        HttpResponse<String> response = get("/read");
        assertOk(response, "");
        assertThat(response.headers().map()).doesNotContainKey("set-cookie").containsKey("vary");
    }

    @Test
    void view_counts_and_read_returns_the_count_unchanged() throws Exception {
        assertOk(get("/view"), "1");
        assertOk(get("/view"), "2");
        assertOk(get("/read"), "2");
        assertOk(get("/read"), "2");
    }

    @Test
    void set_stores_a_text_that_get_returns() throws Exception {
        assertOk(post("/set?k=name&v=J%C3%BCrgen+M%26M"), "ok");
        assertOk(get("/get?k=name"), "Jürgen M&M");
        assertOk(get("/get?k=other"), "");
    }

    @Test
    void slowset_waits_before_it_sets() throws Exception {
        assertOk(post("/set?k=fast&v=1"), "ok");
        long before = System.nanoTime();
        assertOk(post("/slowset?k=slow&v=2&ms=50"), "ok");
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(50));
        assertOk(get("/get?k=slow"), "2");
        assertOk(get("/get?k=fast"), "1");
    }

    @Test
    void login_changes_the_id_and_logout_ends_the_session() throws Exception {
        assertOk(post("/set?k=colour&v=blue"), "ok");
        String anonymous = cookie();
        assertOk(get("/whoami"), "");
        assertOk(post("/login?user=alice"), "ok");
        assertThat(cookie()).isNotEqualTo(anonymous);
        assertOk(get("/whoami"), "alice");
        assertOk(get("/get?k=user"), "alice");
        assertOk(get("/get?k=colour"), "blue");
        assertOk(post("/logout"), "ok");
        assertThat(client.cookies.getCookieStore().getCookies()).isEmpty();
        assertOk(get("/whoami"), "");
    }

    @Test
    void seed_creates_a_session_of_four_attributes_in_one_request() throws Exception {
        assertOk(post("/set?k=colour&v=blue"), "ok");
        String before = cookie();
        assertOk(post("/seed?user=bob"), "ok");
        assertThat(cookie()).isNotEqualTo(before);
        assertOk(get("/get?k=user"), "bob");
        assertOk(get("/get?k=theme"), "dark");
        assertOk(get("/get?k=locale"), "en_GB");
        assertOk(get("/get?k=cart"), "17");
        assertOk(get("/get?k=colour"), "");
    }

    @Test
    void incr_loses_nothing_under_16_parallel_clients() throws Exception {
        int clients = 16;
        int each = 25;
        assertOk(post("/incr?k=n"), "1");
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            CountDownLatch together = new CountDownLatch(clients);
            Callable<List<Integer>> task = () -> {
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
                running.add(threads.submit(task));
            }
            TreeSet<Integer> allValues = new TreeSet<>();
            for (Future<List<Integer>> finished : running) {
                List<Integer> values = finished.get(30, TimeUnit.SECONDS);
                assertThat(values).isSorted();
                allValues.addAll(values);
            }
            assertThat(allValues).hasSize(clients * each).first().isEqualTo(2);
            assertThat(allValues.last()).isEqualTo(clients * each + 1);
        } finally {
            threads.shutdownNow();
        }
        assertOk(get("/get?k=n"), Integer.toString(clients * each + 1));
    }

    @Test
    void an_unknown_path_is_404_and_an_invalid_request_is_4xx() throws Exception {
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
        try (LabServer server = LabAdapter.byName(adapter).start(0, LabKinds.inStore(sessions))) {
            URI address = server.address();
            assertThat(client.get(address, "/view").statusCode()).isEqualTo(503);
            assertOk(client.get(address, "/plain"), "ok");
        }
    }

    @Test
    void sigterm_stops_the_lab() throws Exception {
        try (LabProcess other = LabProcess.start("--adapter", adapter)) {
            other.process().destroy();
            assertThat(other.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(other.process().exitValue()).isEqualTo(SIGTERM_EXIT_CODE);
        }
    }

    @Test
    void invalid_options_are_reported() {
        assertThat(usageError("--adapter", "netty"))
                .contains("unknown adapter 'netty'", "use one of: " + String.join(", ", new LabAdapter.Names()));
        assertThat(usageError("--store", "mongodb://user:hush@localhost"))
                .contains("unknown store 'mongodb:…'", "use one of: memory", "redis-cluster://…")
                .doesNotContain("hush");
        assertThat(usageError("--store", "redis://:hu/hush@localhost"))
                .contains("the Redis URI cannot be read")
                .doesNotContain("hush");
        assertThat(usageError("--store", "jdbc:mysql:hush"))
                .contains("no driver accepts this jdbc: URL")
                .doesNotContain("hush");
        assertThat(usageError("--store", "jdbc:sqlite::memory:")).contains("the path of a file");
        assertThat(usageError("--store", "memory", "--pool", "0")).contains("--pool must be at least 1");
        assertThat(usageError("--format", "php")).contains("unknown format 'php'", "use one of: sojourn, express");
        assertThat(usageError("--format", "express", "--store", "jdbc:h2:mem:x"))
                .contains("--format express supports memory, redis://…");
        assertThat(usageError("--format", "express", "--store", "tokens"))
                .contains("--format express supports memory, redis://…");
        assertThat(usageError("--store", "sealed", "--exclusive")).contains("--exclusive needs sessions in a store");
        assertThat(usageError("--store", "tokens:mongodb://user:hush@localhost"))
                .contains("unknown store 'mongodb:…'")
                .doesNotContain("hush");
        assertThat(usageError("--secret", "short")).contains("at least 32 are needed");
    }

    @Test
    void help_lists_the_adapters() {
        assertThat(new CommandLine(new Lab()).getUsageMessage().replaceAll("\\s+", " "))
                .contains("--adapter=NAME")
                .contains(new LabAdapter.Names())
                .contains("; jdk by default");
    }

    private static String usageError(String... arguments) {
        StringWriter errors = new StringWriter();
        List<String> all = new ArrayList<>(List.of("--port", "0"));
        all.addAll(List.of(arguments));
        int code =
                new CommandLine(new Lab()).setErr(new PrintWriter(errors, true)).execute(all.toArray(String[]::new));
        assertThat(code).isNotZero();
        return errors.toString();
    }
}
