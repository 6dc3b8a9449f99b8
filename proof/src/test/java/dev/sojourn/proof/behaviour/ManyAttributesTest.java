package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.SessionTooLargeException;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.testing.SettableClock;
import dev.sojourn.testing.TestExchange;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The limit on a session's attributes, and the cost of many attributes. */
class ManyAttributesTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static void fill(Session session, int attributes) {
        for (int i = 0; i < attributes; i++) {
            session.set("a" + i, i);
        }
    }

    private static Site site(MemoryStore store, int maxAttributes) {
        Site site = new Site(new SettableClock(), new SpyStore(store), c -> c.maxAttributes(maxAttributes));
        site.addPage("/fill", (session, exchange) -> {
            fill(session, Integer.parseInt(Site.query(exchange)));
            return "ok";
        });
        site.addPage(
                "/names", (session, exchange) -> String.valueOf(session.names().size()));
        site.addPage("/remove", (session, exchange) -> {
            session.remove(Site.query(exchange));
            return "ok";
        });
        return site;
    }

    // ---- the limit

    @Test
    void set_refuses_an_attribute_above_the_limit() {
        try (Site site = site(new MemoryStore(), 3)) {
            site.addPage("/one-more", (session, exchange) -> {
                assertThatThrownBy(() -> session.set("b", 1))
                        .isInstanceOf(SessionTooLargeException.class)
                        .hasMessageContaining("more than 3 attributes")
                        .hasMessageContaining("c.maxAttributes");
                assertThatThrownBy(() -> session.update("c", Integer.class, n -> 1))
                        .isInstanceOf(SessionTooLargeException.class);
                session.set("a0", "other");
                session.remove("a1");
                session.set("b", 2);
                return "ok";
            });
            String token = site.get("/fill?3").token();

            assertThat(site.getAs(token, "/one-more").status()).isEqualTo(200);

            assertThat(site.getAs(token, "/names").body()).isEqualTo("3");
            assertThat(site.getAs(token, "/set?x").status()).isEqualTo(500);
            assertThat(site.get("/fill?4").status()).isEqualTo(500);
        }
    }

    @Test
    void the_default_limit_is_a_thousand_attributes() {
        try (Site site = new Site()) {
            site.addPage("/fill", (session, exchange) -> {
                fill(session, Integer.parseInt(Site.query(exchange)));
                return "ok";
            });
            assertThat(site.get("/fill?1000").status()).isEqualTo(200);
            assertThat(site.get("/fill?1001").status()).isEqualTo(500);
        }
    }

    @Test
    void a_session_above_a_lowered_limit_can_be_read_changed_and_signed_in() {
        MemoryStore store = new MemoryStore();
        try (Site before = site(store, 40);
                Site after = site(store, 5)) {
            String token = before.get("/fill?40").token();

            assertThat(after.getAs(token, "/names").body()).isEqualTo("40");
            after.addPage("/change-a0", (session, exchange) -> {
                session.set("a0", "changed");
                return String.valueOf(session.update("a1", Integer.class, n -> n == null ? 0 : n + 1));
            });
            assertThat(after.getAs(token, "/change-a0").body()).isEqualTo("2");
            assertThat(after.getAs(token, "/remove?a39").status()).isEqualTo(200);
            assertThat(after.getAs(token, "/set?x").status())
                    .as("a further one")
                    .isEqualTo(500);
            RawResponse login = after.getAs(token, "/login?alice");
            assertThat(login.status()).isEqualTo(200);
            assertThat(after.getAs(login.token(), "/names").body()).isEqualTo("39");
        }
    }

    @Test
    void two_concurrent_requests_do_not_exceed_the_limit() throws Exception {
        try (Site site = site(new MemoryStore(), 3)) {
            CountDownLatch both = new CountDownLatch(2);
            site.addPage("/add", (session, exchange) -> {
                session.set(Site.query(exchange), 1);
                both.countDown();
                Site.await(both);
                return "ok";
            });
            String token = site.get("/fill?2").token();
            ExecutorService threads = Executors.newFixedThreadPool(2);
            List<Integer> statuses;
            try {
                Future<RawResponse> one = threads.submit(() -> site.send("/add?one", Site.cookie(token)));
                Future<RawResponse> two = threads.submit(() -> site.send("/add?two", Site.cookie(token)));
                statuses = List.of(
                        one.get(60, TimeUnit.SECONDS).status(),
                        two.get(60, TimeUnit.SECONDS).status());
            } finally {
                threads.shutdownNow();
            }

            assertThat(statuses).containsExactlyInAnyOrder(200, 500);
            assertThat(site.getAs(token, "/names").body()).isEqualTo("3");
        }
    }

    // ---- the cost

    /** Returns the minimum of several measurements, after a warm-up. */
    private static long minimum(LongSupplier counter, Runnable request) {
        return Stream.generate(() -> {
                    long before = counter.getAsLong();
                    request.run();
                    return counter.getAsLong() - before;
                })
                .limit(7)
                .mapToLong(each -> each)
                .min()
                .orElseThrow();
    }

    private static long costOf(int attributes, LongSupplier counter, Consumer<Session> handler) {
        Sessions sessions = Sessions.create(
                c -> c.secret(Site.SECRET).maxAttributes(1_000_000).maxSessionBytes(16 << 20));
        TestExchange first = new TestExchange("/").serve(sessions, session -> fill(session, attributes));
        String cookie = first.responseHeaders("Set-Cookie").get(0);
        String token = "Cookie: " + cookie.substring(0, cookie.indexOf(';'));
        return minimum(counter, () -> new TestExchange("/", token).serve(sessions, handler));
    }

    /** Asserts linear growth: 16 times the attributes cost about 16 times as much; quadratic growth would cost 256 times. */
    private static void assertLinear(LongSupplier counter, Consumer<Session> handler) {
        long some = costOf(1_000, counter, handler);
        long many = costOf(16_000, counter, handler);

        assertThat(many).isLessThan(64 * some);
    }

    private static void changeOne(Session session) {
        Integer before = session.get("a7", Integer.class);
        session.set("a7", before == null ? 0 : before + 1);
    }

    private static void changeAll(Session session) {
        for (String name : session.names()) {
            Integer before = session.get(name, Integer.class);
            session.set(name, before == null ? 0 : before + 1);
        }
    }

    private static void replaceAll(Session session) {
        int number = session.names().size();
        session.names().forEach(session::remove);
        fill(session, number);
    }

    @Test
    void the_cpu_time_of_changing_one_attribute_is_linear_in_their_number() {
        assertLinear(THREADS::getCurrentThreadCpuTime, ManyAttributesTest::changeOne);
    }

    @Test
    void the_cpu_time_of_changing_all_attributes_is_linear_in_their_number() {
        assertLinear(THREADS::getCurrentThreadCpuTime, ManyAttributesTest::changeAll);
    }

    @Test
    void the_memory_allocated_for_changing_all_attributes_is_linear_in_their_number() {
        assertLinear(THREADS::getCurrentThreadAllocatedBytes, ManyAttributesTest::changeAll);
    }

    @Test
    void the_memory_allocated_for_replacing_all_attributes_is_linear_in_their_number() {
        assertLinear(THREADS::getCurrentThreadAllocatedBytes, ManyAttributesTest::replaceAll);
    }
}
