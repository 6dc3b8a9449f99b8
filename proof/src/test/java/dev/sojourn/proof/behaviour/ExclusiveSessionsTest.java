package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.StoreUnavailablePolicy;
import dev.sojourn.proof.site.Reply;
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

/** A session that one request has to itself. */
class ExclusiveSessionsTest {
    private static final int PARALLEL = 16;

    private static String naive(Session session) {
        Integer n = session.get("n", Integer.class);
        int next = n == null ? 1 : n + 1;
        session.set("n", next);
        return String.valueOf(next);
    }

    private static Site node(SettableClock clock, MemoryStore store, Consumer<Sessions.Config> options) {
        Site site = new Site(clock, new SpyStore(store), options);
        site.page("/naive", (session, exchange) -> naive(session));
        site.page("/n", (session, exchange) -> String.valueOf(session.get("n", Integer.class)));
        return site;
    }

    private static List<Reply> atOnce(int times, java.util.function.IntFunction<Reply> visit)
            throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(PARALLEL);
        try {
            List<Future<Reply>> futures = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                int number = i;
                futures.add(threads.submit(() -> visit.apply(number)));
            }
            List<Reply> replies = new ArrayList<>();
            for (Future<Reply> future : futures) {
                replies.add(future.get());
            }
            return replies;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void reading_and_then_setting_on_two_nodes_loses_nothing() throws Exception {
        SettableClock clock = new SettableClock();
        MemoryStore store = new MemoryStore();
        try (Site one = node(clock, store, Sessions.Config::exclusive);
                Site two = node(clock, store, Sessions.Config::exclusive)) {
            String token = one.begin("x");

            List<Reply> replies = atOnce(120, i -> (i % 2 == 0 ? one : two).visit("/naive", Site.cookie(token)));

            assertThat(replies).allMatch(reply -> reply.status() == 200);
            one.quiet();
            two.quiet();
            assertThat(one.as(token, "/n").body()).isEqualTo("120");
            assertThat(replies.stream().map(Reply::body).distinct()).hasSize(120);
        }
    }

    @Test
    void the_same_without_having_it_to_oneself_would_lose_some() throws Exception {
        SettableClock clock = new SettableClock();
        try (Site site = node(clock, new MemoryStore(), c -> {})) {
            CountDownLatch bothHaveRead = new CountDownLatch(2);
            site.page("/slow-naive", (session, exchange) -> {
                Integer n = session.get("n", Integer.class);
                bothHaveRead.countDown();
                Site.await(bothHaveRead);
                session.set("n", n == null ? 1 : n + 1);
                return "ok";
            });
            String token = site.begin("x");

            atOnce(2, i -> site.visit("/slow-naive", Site.cookie(token)));

            site.quiet();
            assertThat(site.as(token, "/n").body()).isEqualTo("1");
        }
    }

    @Test
    void it_holds_for_a_path_and_what_lies_below_it_and_for_nothing_else() {
        try (Site site = node(new SettableClock(), new MemoryStore(), c -> c.exclusive("/cart"))) {
            for (String path : List.of("/cart", "/cart/add", "/carton", "/other")) {
                site.page(path, (session, exchange) -> String.valueOf(session.get("n", Integer.class)));
            }
            String token = site.begin("x");
            for (String path : List.of("/cart", "/cart/add")) {
                site.store().forget();
                site.as(token, path);
                assertThat(site.store().calls()).as(path).containsExactly("load", "compareAndSet", "compareAndSet");
            }
            for (String path : List.of("/carton", "/other")) {
                site.store().forget();
                site.as(token, path);
                assertThat(site.store().calls()).as(path).containsExactly("load");
            }
        }
    }

    @Test
    void a_request_can_ask_for_it_by_itself_and_reads_anew_what_it_had_read() {
        try (Site site = node(new SettableClock(), new MemoryStore(), c -> {})) {
            site.page("/ask", (session, exchange) -> {
                session.get("n", Integer.class);
                session.exclusive();
                session.exclusive();
                return naive(session);
            });
            String token = site.begin("x");

            assertThat(site.as(token, "/ask").body()).isEqualTo("1");
            assertThat(site.as(token, "/ask").body()).isEqualTo("2");
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
    void asking_after_a_change_is_refused() {
        try (Site site = node(new SettableClock(), new MemoryStore(), c -> {})) {
            site.page("/late", (session, exchange) -> {
                session.set("a", "changed");
                assertThatThrownBy(session::exclusive)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("first");
                return "ok";
            });

            assertThat(site.as(site.begin("x"), "/late").status()).isEqualTo(200);
        }
    }

    @Test
    void whoever_waits_in_vain_is_answered_503_and_told_to_come_again() throws Exception {
        try (Site site = node(
                new SettableClock(),
                new MemoryStore(),
                c -> c.exclusive("/hold", "/naive").exclusiveWait(Duration.ofMillis(50)))) {
            CountDownLatch has = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            site.page("/hold", (session, exchange) -> {
                session.has("n");
                has.countDown();
                Site.await(go);
                return naive(session);
            });
            String token = site.begin("x");
            ExecutorService other = Executors.newSingleThreadExecutor();
            try {
                Future<Reply> holder = other.submit(() -> site.visit("/hold", Site.cookie(token)));
                Site.await(has);

                Reply refused = site.visit("/naive", Site.cookie(token));

                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.header("Retry-After")).isNotEmpty();
                assertThat(refused.cookies()).isEmpty();
                assertThat(site.visit("/read", Site.cookie(token)).body()).isEqualTo("x");
                go.countDown();
                assertThat(holder.get().body()).isEqualTo("1");
                assertThat(site.as(token, "/naive").body()).isEqualTo("2");
            } finally {
                other.shutdownNow();
            }
        }
    }

    @Test
    void a_node_that_died_with_the_session_is_waited_out() {
        SettableClock clock = new SettableClock();
        MemoryStore store = new MemoryStore();
        try (Site dead = node(clock, store, c -> c.exclusive("/naive"));
                Site alive = node(clock, store, c -> c.exclusive("/naive").exclusiveWait(Duration.ofMillis(20)))) {
            String token = dead.begin("x");
            // It takes the lease; giving it back is what it dies before.
            CountDownLatch never = new CountDownLatch(1);
            dead.page("/naive", (session, exchange) -> {
                session.has("n");
                dead.store().refuse("compareAndSet", () -> StoreException.notDone("dead", null));
                never.countDown();
                return "ok";
            });
            dead.visit("/naive", Site.cookie(token));
            assertThat(never.getCount()).isZero();

            assertThat(alive.as(token, "/naive").status()).isEqualTo(503);
            clock.advance(Duration.ofSeconds(31));
            assertThat(alive.as(token, "/naive").body()).isEqualTo("1");
        }
    }

    @Test
    void a_session_that_another_request_has_is_not_read_as_nobodys_where_a_store_that_is_away_would_be() {
        SettableClock clock = new SettableClock();
        MemoryStore store = new MemoryStore();
        try (Site holder = node(clock, store, Sessions.Config::exclusive);
                Site other = node(
                        clock,
                        store,
                        c -> c.exclusive()
                                .exclusiveWait(Duration.ofMillis(20))
                                .whenStoreUnavailable(StoreUnavailablePolicy.READ_AS_ANONYMOUS))) {
            String token = holder.begin("x");
            holder.page("/hold", (session, exchange) -> {
                session.has("a");
                return String.valueOf(other.as(token, "/read").status());
            });

            assertThat(holder.as(token, "/hold").body()).isEqualTo("503");

            assertThat(other.as(token, "/read").body()).isEqualTo("x");
            other.store().refuse("load", () -> StoreException.notDone("away", null));
            assertThat(other.as(token, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void a_request_that_took_longer_than_its_lease_saves_nothing_over_what_came_after_it() {
        SettableClock clock = new SettableClock();
        MemoryStore store = new MemoryStore();
        try (Site slow = node(clock, store, Sessions.Config::exclusive);
                Site quick = node(clock, store, Sessions.Config::exclusive)) {
            slow.page("/slow", (session, exchange) -> {
                Integer n = session.get("n", Integer.class);
                clock.advance(Duration.ofSeconds(31));
                assertThat(quick.visit(
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
            String token = slow.begin("x");

            assertThat(slow.as(token, "/slow").status()).isEqualTo(503);

            assertThat(quick.as(token, "/n").body()).isEqualTo("1");
        }
    }

    @Test
    void a_request_that_took_longer_while_nobody_wanted_the_session_saves_as_always() {
        SettableClock clock = new SettableClock();
        try (Site site = node(clock, new MemoryStore(), Sessions.Config::exclusive)) {
            site.page("/slow", (session, exchange) -> {
                session.has("n");
                clock.advance(Duration.ofSeconds(31));
                return naive(session);
            });

            assertThat(site.as(site.begin("x"), "/slow").body()).isEqualTo("1");
        }
    }

    @Test
    void a_failing_handler_gives_the_session_back() {
        try (Site site =
                node(new SettableClock(), new MemoryStore(), c -> c.exclusive().exclusiveWait(Duration.ofMillis(50)))) {
            site.page("/fail", (session, exchange) -> {
                naive(session);
                throw new IllegalArgumentException("on purpose");
            });
            String token = site.begin("x");

            assertThat(site.as(token, "/fail").status()).isEqualTo(500);

            assertThat(site.as(token, "/naive").status()).isEqualTo(200);
        }
    }

    /** The next calls of a kind certainly have no effect. */
    private static void refuseTimes(Site site, String call, int times) {
        AtomicInteger left = new AtomicInteger(times);
        site.store().refuse(call, () -> {
            if (left.decrementAndGet() == 0) {
                site.store().mend();
            }
            return StoreException.notDone("a blip", null);
        });
    }

    @Test
    void a_save_that_is_too_large_gives_the_session_back() {
        try (Site site = node(
                new SettableClock(),
                new MemoryStore(),
                c -> c.exclusive().exclusiveWait(Duration.ofMillis(50)).maxSessionBytes(4_096))) {
            site.page("/large", (session, exchange) -> {
                session.set("b", "x".repeat(4_000));
                return naive(session);
            });
            String token = site.begin("x".repeat(500));

            assertThat(site.as(token, "/large").status()).isEqualTo(500);

            assertThat(site.as(token, "/naive").body()).isEqualTo("1");
        }
    }

    @Test
    void a_new_id_that_cannot_reach_the_client_gives_the_session_back() {
        try (Site site =
                node(new SettableClock(), new MemoryStore(), c -> c.exclusive().exclusiveWait(Duration.ofMillis(50)))) {
            String token = site.begin("x");

            assertThat(site.ask("GET", "/change-id", "shop.example.com", Site.cookie(token))
                            .status())
                    .isEqualTo(500);

            assertThat(site.as(token, "/naive").body()).isEqualTo("1");
        }
    }

    @Test
    void a_save_that_the_store_refused_gives_the_session_back_as_soon_as_the_store_takes_it() {
        for (int refusals : new int[] {1, 2}) {
            try (Site site = node(
                    new SettableClock(), new MemoryStore(), c -> c.exclusive().exclusiveWait(Duration.ofMillis(50)))) {
                site.page("/blip", (session, exchange) -> {
                    naive(session);
                    refuseTimes(site, "compareAndSet", refusals);
                    return "ok";
                });
                String token = site.begin("x");

                assertThat(site.as(token, "/blip").status()).isEqualTo(503);

                assertThat(site.as(token, "/naive").body()).isEqualTo("1");
            }
        }
    }

    @Test
    void a_logout_that_the_store_refused_gives_the_session_back_so_that_it_can_be_repeated() {
        try (Site site =
                node(new SettableClock(), new MemoryStore(), c -> c.exclusive().exclusiveWait(Duration.ofMillis(50)))) {
            String token = site.begin("x");
            refuseTimes(site, "delete", 1);

            assertThat(site.as(token, "/logout").status()).isEqualTo(503);

            assertThat(site.as(token, "/logout").status()).isEqualTo(200);
            assertThat(site.as(token, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void a_read_of_a_session_that_is_larger_than_a_limit_lowered_since_gives_it_back() {
        SettableClock clock = new SettableClock();
        MemoryStore store = new MemoryStore();
        try (Site before = node(clock, store, c -> {});
                Site after = node(
                        clock,
                        store,
                        c -> c.exclusive().exclusiveWait(Duration.ofMillis(50)).maxSessionBytes(1_024))) {
            String token = before.get("/set?" + "x".repeat(2_000)).token();

            assertThat(after.as(token, "/read").status()).isEqualTo(200);
            assertThat(after.as(token, "/read").status()).isEqualTo(200);
        }
    }

    @Test
    void it_goes_with_login_logout_a_new_id_and_an_exact_update() {
        try (Site site =
                node(new SettableClock(), new MemoryStore(), c -> c.exclusive().exclusiveWait(Duration.ofMillis(50)))) {
            String token = site.begin("x");
            assertThat(site.as(token, "/count").body()).isEqualTo("1");
            token = site.as(token, "/change-id").token();
            assertThat(site.as(token, "/count").body()).isEqualTo("2");
            token = site.as(token, "/login?alice").token();
            assertThat(site.as(token, "/count").body()).isEqualTo("3");
            assertThat(site.as(token, "/subject").body()).isEqualTo("alice");
            assertThat(site.as(token, "/logout").status()).isEqualTo(200);
            assertThat(site.as(token, "/subject").body()).isEqualTo("null");
        }
    }

    @Test
    void what_cannot_be_is_refused_at_the_start() {
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
