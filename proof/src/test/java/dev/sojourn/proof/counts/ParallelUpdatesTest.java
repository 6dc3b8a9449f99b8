package dev.sojourn.proof.counts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.SessionListener.ConflictOutcome;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.testing.SettableClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Many concurrent requests of one session, over real sockets. */
class ParallelUpdatesTest {
    /** Runs all requests concurrently, each on its own thread, and returns their responses. */
    private static List<RawResponse> runConcurrently(List<Callable<RawResponse>> requests) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(requests.size());
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<RawResponse>> pending = new ArrayList<>();
            for (Callable<RawResponse> request : requests) {
                pending.add(threads.submit(() -> {
                    Site.await(start);
                    return request.call();
                }));
            }
            start.countDown();
            List<RawResponse> responses = new ArrayList<>();
            for (Future<RawResponse> each : pending) {
                responses.add(each.get(60, TimeUnit.SECONDS));
            }
            return responses;
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Callable<RawResponse>> repeat(int n, Callable<RawResponse> request) {
        List<Callable<RawResponse>> requests = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            requests.add(request);
        }
        return requests;
    }

    private static void addCounterPage(Site site) {
        site.addPage("/counter", (session, exchange) -> String.valueOf(session.get("n", Integer.class)));
    }

    @Test
    void two_hundred_parallel_updates_of_one_session_all_succeed_and_none_is_lost() throws Exception {
        try (Site site = new Site()) {
            addCounterPage(site);
            String token = site.startSession("x");
            List<RawResponse> responses = runConcurrently(repeat(200, () -> site.send("/count", Site.cookie(token))));
            assertThat(responses).extracting(RawResponse::status).containsOnly(200);
            assertThat(responses).extracting(RawResponse::body).doesNotHaveDuplicates();
            assertThat(site.getAs(token, "/counter").body()).isEqualTo("200");
        }
    }

    @Test
    void thirty_two_writers_with_fifty_updates_each_lose_none() throws Exception {
        try (Site site = new Site()) {
            addCounterPage(site);
            String token = site.startSession("x");
            List<RawResponse> responses = runConcurrently(repeat(32, () -> {
                RawResponse last = site.send("/count", Site.cookie(token));
                for (int i = 1; i < 50; i++) {
                    assertThat(last.status()).isEqualTo(200);
                    last = site.send("/count", Site.cookie(token));
                }
                return last;
            }));
            assertThat(responses).extracting(RawResponse::status).containsOnly(200);
            assertThat(site.getAs(token, "/counter").body()).isEqualTo("1600");
        }
    }

    @Test
    void two_nodes_with_one_hundred_parallel_updates_each_lose_none() throws Exception {
        SettableClock clock = new SettableClock();
        SpyStore store = new SpyStore(MemoryStore.builder().clock(clock).build());
        try (Site one = new Site(clock, store, c -> {});
                Site other = new Site(clock, store, c -> {})) {
            addCounterPage(one);
            String token = one.startSession("x");
            List<Callable<RawResponse>> requests = repeat(100, () -> one.send("/count", Site.cookie(token)));
            requests.addAll(repeat(100, () -> other.send("/count", Site.cookie(token))));
            List<RawResponse> responses = runConcurrently(requests);
            assertThat(responses).extracting(RawResponse::status).containsOnly(200);
            assertThat(one.getAs(token, "/counter").body()).isEqualTo("200");
        }
    }

    @Test
    void parallel_sets_of_different_attributes_are_all_kept() throws Exception {
        try (Site site = new Site()) {
            CountDownLatch allLoaded = new CountDownLatch(50);
            site.addPage("/own", (session, exchange) -> {
                String name = Site.query(exchange);
                session.has(name);
                allLoaded.countDown();
                Site.await(allLoaded);
                session.set(name, 1);
                return "ok";
            });
            site.addPage(
                    "/names",
                    (session, exchange) -> String.valueOf(session.names().size()));
            String token = site.startSession("x");
            List<Callable<RawResponse>> requests = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                String path = "/own?name" + i;
                requests.add(() -> site.send(path, Site.cookie(token)));
            }
            assertThat(runConcurrently(requests))
                    .extracting(RawResponse::status)
                    .containsOnly(200);
            assertThat(site.getAs(token, "/names").body()).isEqualTo("51");
        }
    }

    @Test
    void the_last_writer_of_an_attribute_wins_and_the_conflict_is_reported() throws Exception {
        try (Site site = new Site()) {
            CountDownLatch loaded = new CountDownLatch(1);
            CountDownLatch overtaken = new CountDownLatch(1);
            site.addPage("/slow", (session, exchange) -> {
                session.get("a", String.class);
                loaded.countDown();
                Site.await(overtaken);
                session.set("a", "slow");
                return "ok";
            });
            String token = site.startSession("first");
            ExecutorService threads = Executors.newSingleThreadExecutor();
            Future<RawResponse> slow = threads.submit(() -> site.send("/slow", Site.cookie(token)));
            Site.await(loaded);
            assertThat(site.send("/change?fast", Site.cookie(token)).status()).isEqualTo(200);
            overtaken.countDown();
            assertThat(slow.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
            threads.shutdownNow();
            site.awaitIdle();
            assertThat(site.getAs(token, "/read").body()).isEqualTo("slow");
            assertThat(site.listener().single("conflictLost").details().subList(1, 3))
                    .containsExactly(Set.of("a"), ConflictOutcome.REPLACED_ANOTHER);
        }
    }
}
