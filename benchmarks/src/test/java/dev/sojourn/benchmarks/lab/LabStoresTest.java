package dev.sojourn.benchmarks.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.servers.MariaDbServer;
import dev.sojourn.servers.PostgresServer;
import dev.sojourn.servers.RedisCluster;
import dev.sojourn.servers.RedisSentinels;
import dev.sojourn.servers.RedisServer;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Labs over real stores, one and two processes. */
@Timeout(120)
class LabStoresTest {
    private static RedisServer redis;
    private static PostgresServer postgres;

    @TempDir
    private Path folder;

    private final Browser browser = new Browser();

    private enum Kind {
        REDIS,
        POSTGRESQL,
        SQLITE,
        /** A file that one process has to itself. */
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

    private static void answers(HttpResponse<String> response, String body) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(body);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void every_store_serves_the_protocol(Kind kind) throws Exception {
        servesTheProtocol(url(kind));
    }

    @Test
    void a_cluster_serves_the_protocol() throws Exception {
        try (RedisCluster cluster = RedisCluster.start()) {
            servesTheProtocol(cluster.uri());
        }
    }

    @Test
    void sentinels_serve_the_protocol() throws Exception {
        try (RedisSentinels sentinels = RedisSentinels.startSteady()) {
            servesTheProtocol(sentinels.uri());
        }
    }

    @Test
    void mariadb_serves_the_protocol() throws Exception {
        try (MariaDbServer mariadb = MariaDbServer.start()) {
            servesTheProtocol(mariadb.jdbcUrl() + "?user=" + mariadb.user() + "&password=" + mariadb.password());
        }
    }

    @Test
    void expresss_cookies_and_records_serve_the_protocol() throws Exception {
        servesTheProtocol(redis.uri(), "--format", "express", "--secret", "keyboard cat");
    }

    @Test
    void expresss_records_are_where_connect_redis_looks_for_them() throws Exception {
        try (LabProcess lab = LabProcess.start("--store", redis.uri(), "--format", "express")) {
            answers(browser.get(lab.address(), "/view"), "1");

            assertThat(String.valueOf(redis.command("KEYS", "sess:*"))).contains("sess:");
        }
    }

    @Test
    void expresss_table_serves_the_protocol() throws Exception {
        servesTheProtocol(url(Kind.POSTGRESQL), "--format", "express");
    }

    private void servesTheProtocol(String url, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--store", url));
        arguments.addAll(List.of(options));
        try (LabProcess lab = LabProcess.start(arguments.toArray(String[]::new))) {
            URI there = lab.address();
            answers(browser.get(there, "/view"), "1");
            answers(browser.get(there, "/view"), "2");
            answers(browser.post(there, "/incr?k=n"), "1");
            answers(browser.post(there, "/login?user=alice"), "ok");
            answers(browser.get(there, "/whoami"), "alice");
            answers(browser.get(there, "/read"), "2");
            answers(browser.post(there, "/seed?user=bob"), "ok");
            answers(browser.get(there, "/get?k=cart"), "17");
            answers(browser.post(there, "/logout"), "ok");
            answers(browser.get(there, "/get?k=cart"), "");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = Mode.EXCLUDE, names = "H2")
    void a_session_of_one_process_is_known_to_another(Kind kind) throws Exception {
        try (LabProcess one = LabProcess.start("--store", url(kind));
                LabProcess two = LabProcess.start("--store", url(kind))) {
            answers(browser.get(one.address(), "/view"), "1");
            answers(browser.get(two.address(), "/view"), "2");
            answers(browser.post(two.address(), "/logout"), "ok");
            answers(browser.get(one.address(), "/read"), "");
        }
    }

    /** The plain get, then set of /view: without --exclusive two processes lose some of it. */
    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = Mode.EXCLUDE, names = "H2")
    void exclusive_sessions_lose_nothing_to_get_then_set_on_two_processes(Kind kind) throws Exception {
        int clients = 8;
        int each = 15;
        try (LabProcess one = LabProcess.start("--store", url(kind), "--exclusive");
                LabProcess two = LabProcess.start("--store", url(kind), "--exclusive")) {
            answers(browser.get(one.address(), "/view"), "1");
            List<URI> nodes = List.of(one.address(), two.address());
            List<Integer> told = inParallel(clients, each, nodes);
            assertThat(told).as("no value was told twice").doesNotHaveDuplicates();
            assertThat(new TreeSet<>(told)).hasSize(clients * each).last().isEqualTo(clients * each + 1);
            answers(browser.get(two.address(), "/read"), Integer.toString(clients * each + 1));
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
                    return viewed(node, each);
                }));
            }
            List<Integer> told = new ArrayList<>();
            for (Future<List<Integer>> finished : running) {
                told.addAll(finished.get(100, TimeUnit.SECONDS));
            }
            return told;
        } finally {
            threads.shutdownNow();
        }
    }

    /** Asks again when the session was not to be had in time: nothing was done then. */
    private List<Integer> viewed(URI node, int times) throws Exception {
        List<Integer> told = new ArrayList<>();
        while (told.size() < times) {
            HttpResponse<String> answer = browser.get(node, "/view");
            assertThat(answer.statusCode()).isIn(200, 503);
            if (answer.statusCode() == 200) {
                told.add(Integer.valueOf(answer.body()));
            }
        }
        return told;
    }

    @Test
    void a_redis_that_comes_later_is_found_without_a_restart() throws Exception {
        try (RedisServer late = RedisServer.start7()) {
            late.kill();
            try (LabProcess lab = LabProcess.startQuietly("--store", late.uri())) {
                isAwayAndThenThere(lab.address(), late::restart);
            }
        }
    }

    @Test
    void a_database_that_comes_later_is_found_without_a_restart() throws Exception {
        try (PostgresServer late = PostgresServer.start18()) {
            late.kill();
            String url = late.jdbcUrl() + "?user=" + late.user() + "&password=" + late.password();
            try (LabProcess lab = LabProcess.startQuietly("--store", url)) {
                isAwayAndThenThere(lab.address(), late::restart);
            }
        }
    }

    private void isAwayAndThenThere(URI lab, Runnable restart) throws Exception {
        answers(browser.get(lab, "/plain"), "ok");
        HttpResponse<String> away = browser.get(lab, "/view");
        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(away.headers().firstValue("Retry-After")).isPresent();
        restart.run();
        HttpResponse<String> answer = browser.get(lab, "/view");
        while (answer.statusCode() == 503) {
            answer = browser.get(lab, "/view");
        }
        answers(answer, "1");
        answers(browser.post(lab, "/login?user=alice"), "ok");
        answers(browser.get(lab, "/whoami"), "alice");
    }
}
