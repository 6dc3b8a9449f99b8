package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.StoreUnavailablePolicy;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.testing.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A session that one request uses exclusively, under a lease. */
class ExclusiveSessionsTest {
    private static final int PARALLEL = 16;

    private static String getAndSet(Session session) {
        Integer n = session.get("n", Integer.class);
        int next = n == null ? 1 : n + 1;
        session.set("n", next);
        return String.valueOf(next);
    }

    private static Site node(SettableClock clock, MemoryStore store, Consumer<Sessions.Config> options) {
        Site site = new Site(clock, new SpyStore(store), options);
        site.addPage("/naive", (session, exchange) -> getAndSet(session));
        site.addPage("/n", (session, exchange) -> String.valueOf(session.get("n", Integer.class)));
        return site;
    }

    private static List<RawResponse> concurrently(int times, java.util.function.IntFunction<RawResponse> visit)
            throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(PARALLEL);
        try {
            List<Future<RawResponse>> futures = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                int number = i;
                futures.add(threads.submit(() -> visit.apply(number)));
            }
            List<RawResponse> responses = new ArrayList<>();
            for (Future<RawResponse> future : futures) {
                responses.add(future.get());
            }
            return responses;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_get_followed_by_a_set_on_two_nodes_loses_no_update() throws Exception {
        SettableClock clock = new SettableClock();
        MemoryStore store = new MemoryStore();
        try (Site one = node(clock, store, Sessions.Config::exclusive);
                Site two = node(clock, store, Sessions.Config::exclusive)) {
            String token = one.startSession("x");

            List<RawResponse> responses =
                    concurrently(120, i -> (i % 2 == 0 ? one : two).send("/naive", Site.cookie(token)));

            assertThat(responses).allMatch(response -> response.status() == 200);
            one.awaitIdle();
            two.awaitIdle();
            assertThat(one.getAs(token, "/n").body()).isEqualTo("120");
            assertThat(responses.stream().map(RawResponse::body).distinct()).hasSize(120);
        }
    }

    @Test
    void a_get_followed_by_a_set_without_a_lease_loses_updates() throws Exception {
        SettableClock clock = new SettableClock();
        try (Site site = node(clock, new MemoryStore(), c -> {})) {
            CountDownLatch bothHaveRead = new CountDownLatch(2);
            site.addPage("/slow-naive", (session, exchange) -> {
                Integer n = session.get("n", Integer.class);
                bothHaveRead.countDown();
                Site.await(bothHaveRead);
                session.set("n", n == null ? 1 : n + 1);
                return "ok";
            });
            String token = site.startSession("x");

            concurrently(2, i -> site.send("/slow-naive", Site.cookie(token)));

            site.awaitIdle();
            assertThat(site.getAs(token, "/n").body()).isEqualTo("1");
        }
    }

    @Test
    void a_path_rule_covers_the_path_and_its_subpaths_only() {
        try (Site site = node(new SettableClock(), new MemoryStore(), c -> c.exclusive("/cart"))) {
            for (String path : List.of("/cart", "/cart/add", "/carton", "/other")) {
                site.addPage(path, (session, exchange) -> String.valueOf(session.get("n", Integer.class)));
            }
            String token = site.startSession("x");
            for (String path : List.of("/cart", "/cart/add")) {
                site.store().clearCalls();
                site.getAs(token, path);
                assertThat(site.store().calls()).as(path).containsExactly("load", "compareAndSet", "compareAndSet");
            }
            for (String path : List.of("/carton", "/other")) {
                site.store().clearCalls();
                site.getAs(token, path);
                assertThat(site.store().calls()).as(path).containsExactly("load");
            }
        }
    }

    @Test
    void exclusive_takes_the_lease_and_reloads_the_session() {
        try (Site site = node(new SettableClock(), new MemoryStore(), c -> {})) {
            site.addPage("/ask", (session, exchange) -> {
                session.get("n", Integer.class);
                session.exclusive();
                session.exclusive();
                return getAndSet(session);
            });
            String token = site.startSession("x");

            assertThat(site.getAs(token, "/ask").body()).isEqualTo("1");
            assertThat(site.getAs(token, "/ask").body()).isEqualTo("2");
            assertThat(site.store().calls())
                    .containsExactly(
                            "load",
                            "load",
                            "compareAndSet",
                            "compareAndSet",
                            "load",
                            "load",
                            "compareAndSet",
                            "compareAndSet");
        }
    }

    @Test
    void exclusive_after_a_change_is_refused() {
        try (Site site = node(new SettableClock(), new MemoryStore(), c -> {})) {
            site.addPage("/late", (session, exchange) -> {
                session.set("a", "changed");
                assertThatThrownBy(session::exclusive)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("first");
                return "ok";
            });

            assertThat(site.getAs(site.startSession("x"), "/late").status()).isEqualTo(200);
        }
    }

    @Test
    void a_request_that_waits_in_vain_gets_a_503_with_retry_after() throws Exception {
        try (Site site = node(
                new SettableClock(),
                new MemoryStore(),
                c -> c.exclusive("/hold", "/naive").exclusiveWait(Duration.ofMillis(50)))) {
            CountDownLatch leased = new CountDownLatch(1);
            CountDownLatch mayFinish = new CountDownLatch(1);
            site.addPage("/hold", (session, exchange) -> {
                session.has("n");
                leased.countDown();
                Site.await(mayFinish);
                return getAndSet(session);
            });
            String token = site.startSession("x");
            ExecutorService other = Executors.newSingleThreadExecutor();
            try {
                Future<RawResponse> holder = other.submit(() -> site.send("/hold", Site.cookie(token)));
                Site.await(leased);

                RawResponse refused = site.send("/naive", Site.cookie(token));

                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.header("Retry-After")).isNotEmpty();
                assertThat(refused.cookies()).isEmpty();
                assertThat(site.send("/read", Site.cookie(token)).body()).isEqualTo("x");
                mayFinish.countDown();
                assertThat(holder.get().body()).isEqualTo("1");
                assertThat(site.getAs(token, "/naive").body()).isEqualTo("2");
            } finally {
                other.shutdownNow();
            }
        }
    }

    @Test
    void the_lease_of_a_dead_node_expires() {
        SettableClock clock = new SettableClock();
        MemoryStore store = new MemoryStore();
        try (Site dead = node(clock, store, c -> c.exclusive("/naive"));
                Site alive = node(clock, store, c -> c.exclusive("/naive").exclusiveWait(Duration.ofMillis(20)))) {
            String token = dead.startSession("x");
            // The node takes the lease and dies before it releases it.
            CountDownLatch handlerRan = new CountDownLatch(1);
            dead.addPage("/naive", (session, exchange) -> {
                session.has("n");
                dead.store().failBefore("compareAndSet", () -> StoreException.notDone("dead", null));
                handlerRan.countDown();
                return "ok";
            });
            dead.send("/naive", Site.cookie(token));
            assertThat(handlerRan.getCount()).isZero();

            assertThat(alive.getAs(token, "/naive").status()).isEqualTo(503);
            clock.advance(Duration.ofSeconds(31));
            assertThat(alive.getAs(token, "/naive").body()).isEqualTo("1");
        }
    }

    @Test
    void a_leased_session_is_a_503_even_if_an_unavailable_store_reads_as_anonymous() {
        SettableClock clock = new SettableClock();
        MemoryStore store = new MemoryStore();
        try (Site holder = node(clock, store, Sessions.Config::exclusive);
                Site other = node(
                        clock,
                        store,
                        c -> c.exclusive()
                                .exclusiveWait(Duration.ofMillis(20))
                                .whenStoreUnavailable(StoreUnavailablePolicy.READ_AS_ANONYMOUS))) {
            String token = holder.startSession("x");
            holder.addPage("/hold", (session, exchange) -> {
                session.has("a");
                return String.valueOf(other.getAs(token, "/read").status());
            });

            assertThat(holder.getAs(token, "/hold").body()).isEqualTo("503");

            assertThat(other.getAs(token, "/read").body()).isEqualTo("x");
            other.store().failBefore("load", () -> StoreException.notDone("unavailable", null));
            assertThat(other.getAs(token, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void a_request_that_outlived_its_lease_does_not_overwrite_later_changes() {
        SettableClock clock = new SettableClock();
        MemoryStore store = new MemoryStore();
        try (Site slow = node(clock, store, Sessions.Config::exclusive);
                Site quick = node(clock, store, Sessions.Config::exclusive)) {
            slow.addPage("/slow", (session, exchange) -> {
                Integer n = session.get("n", Integer.class);
                clock.advance(Duration.ofSeconds(31));
                assertThat(quick.send(
                                        "/naive",
                                        exchange.getRequestHeaders().getFirst("Cookie") == null
                                                ? ""
                                                : "Cookie: "
                                                        + exchange.getRequestHeaders()
                                                                .getFirst("Cookie"))
                                .body())
                        .isEqualTo("1");
                session.set("n", n == null ? 1 : n + 1);
                return "ok";
            });
            String token = slow.startSession("x");

            assertThat(slow.getAs(token, "/slow").status()).isEqualTo(503);

            assertThat(quick.getAs(token, "/n").body()).isEqualTo("1");
        }
    }

    @Test
    void a_request_that_outlived_its_lease_saves_if_no_other_request_took_it() {
        SettableClock clock = new SettableClock();
        try (Site site = node(clock, new MemoryStore(), Sessions.Config::exclusive)) {
            site.addPage("/slow", (session, exchange) -> {
                session.has("n");
                clock.advance(Duration.ofSeconds(31));
                return getAndSet(session);
            });

            assertThat(site.getAs(site.startSession("x"), "/slow").body()).isEqualTo("1");
        }
    }

    @Test
    void a_failing_handler_releases_the_lease() {
        try (Site site =
                node(new SettableClock(), new MemoryStore(), c -> c.exclusive().exclusiveWait(Duration.ofMillis(50)))) {
            site.addPage("/fail", (session, exchange) -> {
                getAndSet(session);
                throw new IllegalArgumentException("on purpose");
            });
            String token = site.startSession("x");

            assertThat(site.getAs(token, "/fail").status()).isEqualTo(500);

            assertThat(site.getAs(token, "/naive").status()).isEqualTo(200);
        }
    }

    /** Lets the next calls of a kind fail without an effect. */
    private static void failNext(Site site, String call, int times) {
        AtomicInteger left = new AtomicInteger(times);
        site.store().failBefore(call, () -> {
            if (left.decrementAndGet() == 0) {
                site.store().clearFailures();
            }
            return StoreException.notDone("a blip", null);
        });
    }

    @Test
    void a_save_that_is_too_large_releases_the_lease() {
        try (Site site = node(
                new SettableClock(),
                new MemoryStore(),
                c -> c.exclusive().exclusiveWait(Duration.ofMillis(50)).maxSessionBytes(4_096))) {
            site.addPage("/large", (session, exchange) -> {
                session.set("b", "x".repeat(4_000));
                return getAndSet(session);
            });
            String token = site.startSession("x".repeat(500));

            assertThat(site.getAs(token, "/large").status()).isEqualTo(500);

            assertThat(site.getAs(token, "/naive").body()).isEqualTo("1");
        }
    }

    @Test
    void a_new_id_that_cannot_reach_the_client_releases_the_lease() {
        try (Site site =
                node(new SettableClock(), new MemoryStore(), c -> c.exclusive().exclusiveWait(Duration.ofMillis(50)))) {
            String token = site.startSession("x");

            assertThat(site.request("GET", "/change-id", "shop.example.com", Site.cookie(token))
                            .status())
                    .isEqualTo(500);

            assertThat(site.getAs(token, "/naive").body()).isEqualTo("1");
        }
    }

    @Test
    void a_save_that_the_store_refused_releases_the_lease_as_soon_as_the_store_works() {
        for (int refusals : new int[] {1, 2}) {
            try (Site site = node(
                    new SettableClock(), new MemoryStore(), c -> c.exclusive().exclusiveWait(Duration.ofMillis(50)))) {
                site.addPage("/blip", (session, exchange) -> {
                    getAndSet(session);
                    failNext(site, "compareAndSet", refusals);
                    return "ok";
                });
                String token = site.startSession("x");

                assertThat(site.getAs(token, "/blip").status()).isEqualTo(503);

                assertThat(site.getAs(token, "/naive").body()).isEqualTo("1");
            }
        }
    }

    @Test
    void a_logout_that_the_store_refused_releases_the_lease_and_can_be_repeated() {
        try (Site site =
                node(new SettableClock(), new MemoryStore(), c -> c.exclusive().exclusiveWait(Duration.ofMillis(50)))) {
            String token = site.startSession("x");
            failNext(site, "delete", 1);

            assertThat(site.getAs(token, "/logout").status()).isEqualTo(503);

            assertThat(site.getAs(token, "/logout").status()).isEqualTo(200);
            assertThat(site.getAs(token, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void a_read_of_a_session_above_a_lowered_size_limit_releases_the_lease() {
        SettableClock clock = new SettableClock();
        MemoryStore store = new MemoryStore();
        try (Site before = node(clock, store, c -> {});
                Site after = node(
                        clock,
                        store,
                        c -> c.exclusive().exclusiveWait(Duration.ofMillis(50)).maxSessionBytes(1_024))) {
            String token = before.get("/set?" + "x".repeat(2_000)).token();

            assertThat(after.getAs(token, "/read").status()).isEqualTo(200);
            assertThat(after.getAs(token, "/read").status()).isEqualTo(200);
        }
    }

    @Test
    void a_lease_works_with_login_logout_change_id_and_update() {
        try (Site site =
                node(new SettableClock(), new MemoryStore(), c -> c.exclusive().exclusiveWait(Duration.ofMillis(50)))) {
            String token = site.startSession("x");
            assertThat(site.getAs(token, "/count").body()).isEqualTo("1");
            token = site.getAs(token, "/change-id").token();
            assertThat(site.getAs(token, "/count").body()).isEqualTo("2");
            token = site.getAs(token, "/login?alice").token();
            assertThat(site.getAs(token, "/count").body()).isEqualTo("3");
            assertThat(site.getAs(token, "/subject").body()).isEqualTo("alice");
            assertThat(site.getAs(token, "/logout").status()).isEqualTo(200);
            assertThat(site.getAs(token, "/subject").body()).isEqualTo("null");
        }
    }

    @Test
    void invalid_options_are_refused_at_start_up() {
        for (Consumer<Sessions.Config> bad : List.<Consumer<Sessions.Config>>of(
                c -> c.exclusive("cart"),
                c -> c.exclusive("/cart/*"),
                c -> c.exclusiveLease(Duration.ofMillis(10)),
                c -> c.exclusiveLease(Duration.ofHours(1)),
                c -> c.exclusiveWait(Duration.ofSeconds(-1)))) {
            assertThatThrownBy(() -> Sessions.create(c -> bad.accept(c.secret(Site.SECRET))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
