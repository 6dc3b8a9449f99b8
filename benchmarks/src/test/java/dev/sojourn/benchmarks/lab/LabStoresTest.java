package dev.sojourn.benchmarks.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.servers.MariaDbServer;
import dev.sojourn.servers.PostgresServer;
import dev.sojourn.servers.RedisCluster;
import dev.sojourn.servers.RedisSentinels;
import dev.sojourn.servers.RedisServer;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Tests the lab on real stores, in one and two processes. */
@Timeout(120)
class LabStoresTest {
    private static RedisServer redis;
    private static PostgresServer postgres;

    @TempDir
    private Path folder;

    private final LabClient client = new LabClient();

    private enum Kind {
        REDIS,
        POSTGRESQL,
        SQLITE,
        /** A file that only one process can open. */
        H2
    }

    @BeforeAll
    static void start() {
        redis = RedisServer.start7();
        postgres = PostgresServer.start18();
    }

    @AfterAll
    static void stop() {
        redis.close();
        postgres.close();
    }

    private String url(Kind kind) {
        return switch (kind) {
            case REDIS -> redis.uri();
            case POSTGRESQL -> postgres.jdbcUrl() + "?user=" + postgres.user() + "&password=" + postgres.password();
            case SQLITE -> "jdbc:sqlite:" + folder.resolve("sessions.db");
            case H2 -> "jdbc:h2:" + folder.resolve("h2") + ";USER=lab;PASSWORD=lab";
        };
    }

    private static void assertOk(HttpResponse<String> response, String body) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(body);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void every_store_serves_the_protocol(Kind kind) throws Exception {
        assertProtocol(url(kind));
    }

    @Test
    void a_cluster_serves_the_protocol() throws Exception {
        try (RedisCluster cluster = RedisCluster.start()) {
            assertProtocol(cluster.uri());
        }
    }

    @Test
    void sentinels_serve_the_protocol() throws Exception {
        try (RedisSentinels sentinels = RedisSentinels.startSteady()) {
            assertProtocol(sentinels.uri());
        }
    }

    @Test
    void mariadb_serves_the_protocol() throws Exception {
        try (MariaDbServer mariadb = MariaDbServer.start()) {
            assertProtocol(mariadb.jdbcUrl() + "?user=" + mariadb.user() + "&password=" + mariadb.password());
        }
    }

    @Test
    void express_cookies_and_records_serve_the_protocol() throws Exception {
        assertProtocol(redis.uri(), "--format", "express", "--secret", "keyboard cat");
    }

    @Test
    void express_records_have_the_keys_of_connect_redis() throws Exception {
        try (LabProcess lab = LabProcess.start("--store", redis.uri(), "--format", "express")) {
            assertOk(client.get(lab.address(), "/view"), "1");

            assertThat(String.valueOf(redis.command("KEYS", "sess:*"))).contains("sess:");
        }
    }

    @Test
    void express_table_serves_the_protocol() throws Exception {
        assertProtocol(url(Kind.POSTGRESQL), "--format", "express");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void tokens_keep_their_sessions_and_revocations_in_every_store(Kind kind) throws Exception {
        try (LabProcess lab = LabProcess.start("--store", "tokens:" + url(kind))) {
            LabTokens tokens = LabTokens.in(client.post(lab.address(), "/login?user=alice"));
            client.bearer = tokens.access();
            assertOk(client.post(lab.address(), "/incr?k=n"), "1");
            assertOk(client.get(lab.address(), "/whoami"), "alice");
            assertOk(client.post(lab.address(), "/logout"), "ok");
            assertThat(client.get(lab.address(), "/whoami").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void a_token_of_one_process_counts_on_another_until_the_logout() throws Exception {
        String store = "tokens:" + url(Kind.REDIS);
        try (LabProcess one = LabProcess.start("--store", store);
                LabProcess two = LabProcess.start("--store", store)) {
            LabTokens tokens = LabTokens.in(client.post(one.address(), "/login?user=alice"));
            client.bearer = tokens.access();
            assertOk(client.get(two.address(), "/whoami"), "alice");
            assertOk(client.post(two.address(), "/logout"), "ok");
            assertEventually(one.address(), response -> response.statusCode() == 401);
        }
    }

    @Test
    void sealed_sessions_of_two_processes_share_only_the_secret_and_revocations() throws Exception {
        String store = "sealed:" + url(Kind.REDIS);
        try (LabProcess one = LabProcess.start("--store", store);
                LabProcess two = LabProcess.start("--store", store)) {
            assertOk(client.get(one.address(), "/view"), "1");
            assertOk(client.post(two.address(), "/login?user=alice"), "ok");
            assertOk(client.get(one.address(), "/whoami"), "alice");
            HttpCookie copy = (HttpCookie)
                    client.cookies.getCookieStore().getCookies().get(0).clone();
            assertOk(client.post(two.address(), "/logout"), "ok");
            client.cookies.getCookieStore().add(one.address(), copy);
            assertEventually(one.address(), response -> response.body().isEmpty());
        }
    }

    /** Waits for what a logout on another node leads to, for longer than the delay of revocations. */
    private void assertEventually(URI lab, Predicate<HttpResponse<String>> refused) throws Exception {
        long start = System.nanoTime();
        while (!refused.test(client.get(lab, "/whoami"))) {
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
        }
    }

    private void assertProtocol(String url, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--store", url));
        arguments.addAll(List.of(options));
        try (LabProcess lab = LabProcess.start(arguments.toArray(String[]::new))) {
            URI address = lab.address();
            assertOk(client.get(address, "/view"), "1");
            assertOk(client.get(address, "/view"), "2");
            assertOk(client.post(address, "/incr?k=n"), "1");
            assertOk(client.post(address, "/login?user=alice"), "ok");
            assertOk(client.get(address, "/whoami"), "alice");
            assertOk(client.get(address, "/read"), "2");
            assertOk(client.post(address, "/seed?user=bob"), "ok");
            assertOk(client.get(address, "/get?k=cart"), "17");
            assertOk(client.post(address, "/logout"), "ok");
            assertOk(client.get(address, "/get?k=cart"), "");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = Mode.EXCLUDE, names = "H2")
    void a_session_of_one_process_is_visible_to_another(Kind kind) throws Exception {
        try (LabProcess one = LabProcess.start("--store", url(kind));
                LabProcess two = LabProcess.start("--store", url(kind))) {
            assertOk(client.get(one.address(), "/view"), "1");
            assertOk(client.get(two.address(), "/view"), "2");
            assertOk(client.post(two.address(), "/logout"), "ok");
            assertOk(client.get(one.address(), "/read"), "");
        }
    }

    /** Uses the plain get and set of /view. Without --exclusive, two processes lose some updates. */
    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = Mode.EXCLUDE, names = "H2")
    void exclusive_sessions_lose_no_get_then_set_in_two_processes(Kind kind) throws Exception {
        int clients = 8;
        int each = 15;
        try (LabProcess one = LabProcess.start("--store", url(kind), "--exclusive");
                LabProcess two = LabProcess.start("--store", url(kind), "--exclusive")) {
            assertOk(client.get(one.address(), "/view"), "1");
            List<URI> nodes = List.of(one.address(), two.address());
            List<Integer> values = inParallel(clients, each, nodes);
            assertThat(values).as("no value was returned twice").doesNotHaveDuplicates();
            assertThat(new TreeSet<>(values)).hasSize(clients * each).last().isEqualTo(clients * each + 1);
            assertOk(client.get(two.address(), "/read"), Integer.toString(clients * each + 1));
        }
    }

    private List<Integer> inParallel(int clients, int each, List<URI> nodes) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            CountDownLatch together = new CountDownLatch(clients);
            List<Future<List<Integer>>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                URI node = nodes.get(i % nodes.size());
                running.add(threads.submit(() -> {
                    together.countDown();
                    assertThat(together.await(10, TimeUnit.SECONDS)).isTrue();
                    return viewRepeatedly(node, each);
                }));
            }
            List<Integer> values = new ArrayList<>();
            for (Future<List<Integer>> finished : running) {
                values.addAll(finished.get(100, TimeUnit.SECONDS));
            }
            return values;
        } finally {
            threads.shutdownNow();
        }
    }

    /**
     * Requests /view until it has succeeded this often. Repeats requests that got 503, because they changed nothing.
     */
    private List<Integer> viewRepeatedly(URI node, int times) throws Exception {
        List<Integer> values = new ArrayList<>();
        while (values.size() < times) {
            HttpResponse<String> response = client.get(node, "/view");
            assertThat(response.statusCode()).isIn(200, 503);
            if (response.statusCode() == 200) {
                values.add(Integer.valueOf(response.body()));
            }
        }
        return values;
    }

    @Test
    void the_lab_connects_to_redis_that_starts_later() throws Exception {
        try (RedisServer late = RedisServer.start7()) {
            late.kill();
            try (LabProcess lab = LabProcess.startQuietly("--store", late.uri())) {
                assertRecovers(lab.address(), late::restart);
            }
        }
    }

    @Test
    void the_lab_connects_to_a_database_that_starts_later() throws Exception {
        try (PostgresServer late = PostgresServer.start18()) {
            late.kill();
            String url = late.jdbcUrl() + "?user=" + late.user() + "&password=" + late.password();
            try (LabProcess lab = LabProcess.startQuietly("--store", url)) {
                assertRecovers(lab.address(), late::restart);
            }
        }
    }

    private void assertRecovers(URI lab, Runnable restart) throws Exception {
        assertOk(client.get(lab, "/plain"), "ok");
        HttpResponse<String> unavailable = client.get(lab, "/view");
        assertThat(unavailable.statusCode()).isEqualTo(503);
        assertThat(unavailable.headers().firstValue("Retry-After")).isPresent();
        restart.run();
        HttpResponse<String> response = client.get(lab, "/view");
        while (response.statusCode() == 503) {
            response = client.get(lab, "/view");
        }
        assertOk(response, "1");
        assertOk(client.post(lab, "/login?user=alice"), "ok");
        assertOk(client.get(lab, "/whoami"), "alice");
    }
}
