package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.Reply;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.testing.SettableClock;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The trouble of one session is no other's, and as little as can be that of its own other requests. */
class OneSessionsTroubleTest {
    private static final int REQUESTS_OF_STRANGERS = 1_000;
    private static final int THREADS = 16;
    /** A lock for each remainder of a hash by 64 or less would be met by sessions that fall on all of these. */
    private static final int REMAINDERS = 64;

    private static final int PATIENCE_SECONDS = 60;

    private final SettableClock clock = new SettableClock();
    private final Troubled store = new Troubled();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch gate = new CountDownLatch(1);

    /** Does something else before the writes of one session. */
    private static final class Troubled extends ForwardingStore {
        private final MemoryStore store = new MemoryStore();
        private volatile StoreKey troubled = StoreKey.of("none");
        private volatile Before before = (key, expected) -> {};

        interface Before {
            void write(StoreKey key, long expected);
        }

        @Override
        protected SessionStore store() {
            return store;
        }

        void beforeWritesOf(StoreKey key, Before what) {
            before = what;
            troubled = key;
        }

        @Override
        public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
            if (key.equals(troubled)) {
                before.write(key, expected);
            }
            return super.compareAndSet(key, expected, replacement);
        }
    }

    private Site site() {
        return new Site(clock, new SpyStore(store), c -> {});
    }

    @AfterEach
    void end() {
        gate.countDown();
        threads.shutdownNow();
    }

    private static StoreKey lastKey(Site site) {
        List<StoreKey> keys = site.store().keys();
        return keys.get(keys.size() - 1);
    }

    /** As many sessions as it takes to meet whatever sessions share by their keys' hash. */
    private static List<String> strangers(Site site) {
        List<String> tokens = new ArrayList<>();
        BitSet met = new BitSet();
        while (met.cardinality() < REMAINDERS || tokens.size() < 200) {
            tokens.add(site.get("/set?x").token());
            int hash = lastKey(site).hashCode();
            met.set((hash ^ (hash >>> 16)) & (REMAINDERS - 1));
        }
        return tokens;
    }

    /** All are served, each with one read and one write. */
    private void strangersGoOn(Site site, List<String> strangers) throws Exception {
        site.store().forget();
        ExecutorService some = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Reply>> replies = new ArrayList<>();
            for (int i = 0; i < REQUESTS_OF_STRANGERS; i++) {
                String token = strangers.get(i % strangers.size());
                replies.add(some.submit(() -> site.visit("/count", Site.cookie(token))));
            }
            for (Future<Reply> reply : replies) {
                assertThat(reply.get(PATIENCE_SECONDS, TimeUnit.SECONDS).status())
                        .isEqualTo(200);
            }
        } finally {
            some.shutdownNow();
        }
    }

    private <T> Future<T> later(Callable<T> work) {
        return threads.submit(work);
    }

    private static Reply soon(Future<Reply> reply) throws Exception {
        return reply.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Adds a page that changes the counter by a function that waits at the gate. */
    private CountDownLatch slowUpdate(Site site) {
        CountDownLatch inFunction = new CountDownLatch(1);
        site.page(
                "/slow-count",
                (session, exchange) -> String.valueOf(session.update("n", Integer.class, n -> {
                    inFunction.countDown();
                    Site.await(gate);
                    return n == null ? 1 : n + 1;
                })));
        return inFunction;
    }

    private static void until(BooleanSupplier so) {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!so.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it does not come").isLessThan(giveUp);
            Thread.onSpinWait();
        }
    }

    private static long done(List<Future<Reply>> replies) {
        return replies.stream().filter(Future::isDone).count();
    }

    // ---- strangers

    @Test
    void strangers_are_served_while_the_write_of_one_session_hangs() throws Exception {
        try (Site site = site()) {
            String token = site.begin("x");
            CountDownLatch hangs = new CountDownLatch(1);
            store.beforeWritesOf(lastKey(site), (key, expected) -> {
                hangs.countDown();
                Site.await(gate);
            });
            List<String> strangers = strangers(site);
            Future<Reply> hung = later(() -> site.visit("/count", Site.cookie(token)));
            Site.await(hangs);

            strangersGoOn(site, strangers);

            assertThat(hung.isDone()).isFalse();
            gate.countDown();
            assertThat(soon(hung).body()).isEqualTo("1");
        }
    }

    @Test
    void strangers_are_served_while_a_function_of_one_session_hangs() throws Exception {
        try (Site site = site()) {
            CountDownLatch inFunction = slowUpdate(site);
            String token = site.begin("x");
            List<String> strangers = strangers(site);
            Future<Reply> slow = later(() -> site.visit("/slow-count", Site.cookie(token)));
            Site.await(inFunction);

            strangersGoOn(site, strangers);

            assertThat(slow.isDone()).isFalse();
            gate.countDown();
            assertThat(soon(slow).body()).isEqualTo("1");
        }
    }

    @Test
    void strangers_are_served_while_another_node_is_always_faster_at_one_session() throws Exception {
        try (Site site = site()) {
            String token = site.begin("x");
            AtomicInteger version = new AtomicInteger();
            store.beforeWritesOf(
                    lastKey(site),
                    (key, expected) -> store.touch(
                            key,
                            expected,
                            version.incrementAndGet(),
                            clock.instant().plusSeconds(1_000)));
            List<String> strangers = strangers(site);
            AtomicBoolean enough = new AtomicBoolean();
            List<Future<Reply>> hammers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                hammers.add(later(() -> {
                    Reply last = site.visit("/count", Site.cookie(token));
                    while (!enough.get()) {
                        last = site.visit("/count", Site.cookie(token));
                    }
                    return last;
                }));
            }
            until(() -> version.get() > 1);

            strangersGoOn(site, strangers);

            enough.set(true);
            for (Future<Reply> hammer : hammers) {
                assertThat(soon(hammer).status()).isEqualTo(503);
            }
        }
    }

    @Test
    void two_hundred_sessions_are_written_at_the_same_time() throws Exception {
        CountDownLatch together = new CountDownLatch(200);
        ForwardingStore slow = new ForwardingStore() {
            @Override
            protected SessionStore store() {
                return store;
            }

            @Override
            public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
                together.countDown();
                Site.await(together);
                return super.compareAndSet(key, expected, replacement);
            }
        };
        try (Site site = new Site(clock, new SpyStore(slow), c -> {})) {
            List<String> tokens = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                tokens.add(site.begin("x"));
            }
            List<Future<Reply>> replies = new ArrayList<>();
            for (String token : tokens) {
                replies.add(later(() -> site.visit("/count", Site.cookie(token))));
            }
            for (Future<Reply> reply : replies) {
                assertThat(soon(reply).status()).isEqualTo(200);
            }
        }
    }

    // ---- the same session

    @Test
    void other_requests_of_a_session_are_saved_while_a_function_of_one_hangs() throws Exception {
        try (Site site = site()) {
            CountDownLatch inFunction = slowUpdate(site);
            String token = site.begin("x");
            Future<Reply> slow = later(() -> site.visit("/slow-count", Site.cookie(token)));
            Site.await(inFunction);

            assertThat(site.visit("/set?y", Site.cookie(token)).status()).isEqualTo(200);
            assertThat(site.visit("/count", Site.cookie(token)).body()).isEqualTo("1");

            assertThat(site.visit("/read", Site.cookie(token)).body()).isEqualTo("y");
            assertThat(slow.isDone()).isFalse();
            gate.countDown();
            assertThat(soon(slow).body())
                    .as("it ran again on what the others had saved")
                    .isEqualTo("2");
        }
    }

    @Test
    void a_session_can_be_signed_in_and_ended_while_a_function_of_it_hangs() throws Exception {
        try (Site site = site()) {
            CountDownLatch inFunction = slowUpdate(site);
            String token = site.begin("x");
            Future<Reply> slow = later(() -> site.visit("/slow-count", Site.cookie(token)));
            Site.await(inFunction);

            Reply login = site.visit("/login?alice", Site.cookie(token));
            assertThat(login.status()).isEqualTo(200);
            Reply logout = site.visit("/logout", Site.cookie(login.token()));
            assertThat(logout.status()).isEqualTo(200);

            assertThat(slow.isDone()).isFalse();
            gate.countDown();
            assertThat(soon(slow).status()).as("its session has another id").isEqualTo(409);
        }
    }

    @Test
    void a_session_can_be_ended_while_a_write_of_it_hangs() throws Exception {
        try (Site site = site()) {
            String token = site.begin("x");
            CountDownLatch hangs = new CountDownLatch(1);
            store.beforeWritesOf(lastKey(site), (key, expected) -> {
                hangs.countDown();
                Site.await(gate);
            });
            Future<Reply> hung = later(() -> site.visit("/set?y", Site.cookie(token)));
            Site.await(hangs);

            assertThat(site.visit("/logout", Site.cookie(token)).status()).isEqualTo(200);

            assertThat(hung.isDone()).isFalse();
            gate.countDown();
            assertThat(soon(hung).status()).isEqualTo(200);
            assertThat(site.as(token, "/read").body()).isEqualTo("null");
        }
    }

    /** Three that wait for the same write: one saves for all, and whichever that is, a function of another one hangs. */
    @Test
    void a_function_that_hangs_in_another_requests_hands_keeps_no_more_than_that_one() throws Exception {
        try (Site site = site()) {
            CountDownLatch inFunction = slowUpdate(site);
            String token = site.begin("x");
            CountDownLatch hangs = new CountDownLatch(1);
            CountDownLatch first = new CountDownLatch(1);
            store.beforeWritesOf(lastKey(site), (key, expected) -> {
                hangs.countDown();
                Site.await(first);
            });
            Future<Reply> before = later(() -> site.visit("/count", Site.cookie(token)));
            Site.await(hangs);
            Future<Reply> slow = later(() -> site.visit("/slow-count", Site.cookie(token)));
            List<Future<Reply>> others = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                others.add(later(() -> site.visit("/count", Site.cookie(token))));
            }
            first.countDown();
            Site.await(inFunction);

            until(() -> done(others) >= 7);

            assertThat(slow.isDone()).isFalse();
            gate.countDown();
            assertThat(soon(before).status()).isEqualTo(200);
            assertThat(soon(slow).status()).isEqualTo(200);
            List<String> told =
                    new ArrayList<>(List.of(soon(before).body(), soon(slow).body()));
            for (Future<Reply> each : others) {
                told.add(soon(each).body());
            }
            assertThat(told).containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
        }
    }

    // ---- waiting has a limit

    private static void answersAtOnce(List<Reply> refused) {
        assertThat(refused).allSatisfy(reply -> {
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.header("Retry-After")).isPresent();
            assertThat(reply.cookies()).isEmpty();
        });
    }

    /** Sends requests of which some wait, and gives those that are answered while the others do. */
    private List<Reply> answeredMeanwhile(List<Future<Reply>> all, int howMany) throws Exception {
        until(() -> done(all) >= howMany);
        List<Reply> answered = new ArrayList<>();
        for (Future<Reply> each : all) {
            if (each.isDone()) {
                answered.add(each.get());
            }
        }
        return answered;
    }

    private static long answered200(List<Future<Reply>> all) throws Exception {
        long count = 0;
        for (Future<Reply> each : all) {
            count += soon(each).status() == 200 ? 1 : 0;
        }
        return count;
    }

    @Test
    void of_the_requests_that_save_one_session_a_few_wait_and_the_rest_is_refused_at_once() throws Exception {
        try (Site site = new Site(clock, new SpyStore(store), c -> c.maxWaitingSaves(4))) {
            String token = site.begin("x");
            CountDownLatch hangs = new CountDownLatch(1);
            store.beforeWritesOf(lastKey(site), (key, expected) -> {
                hangs.countDown();
                Site.await(gate);
            });
            Future<Reply> hung = later(() -> site.visit("/count", Site.cookie(token)));
            Site.await(hangs);
            List<Future<Reply>> more = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                more.add(later(() -> site.visit("/count", Site.cookie(token))));
            }

            answersAtOnce(answeredMeanwhile(more, 20));

            assertThat(hung.isDone()).isFalse();
            gate.countDown();
            assertThat(soon(hung).status()).isEqualTo(200);
            assertThat(answered200(more)).isEqualTo(4);
            assertThat(site.as(token, "/count").body()).isEqualTo("6");
        }
    }

    @Test
    void of_the_requests_that_want_one_session_to_themselves_a_few_wait_and_the_rest_is_refused_at_once()
            throws Exception {
        fewWait(c -> c.exclusive("/hold", "/count").maxWaitingExclusive(4), 4);
    }

    @Test
    void unless_said_otherwise_32_requests_wait_for_a_session_of_their_own() throws Exception {
        fewWait(c -> c.exclusive("/hold", "/count"), 32);
    }

    private void fewWait(Consumer<Sessions.Config> options, int few) throws Exception {
        try (Site site = new Site(clock, new SpyStore(store), options)) {
            CountDownLatch has = new CountDownLatch(1);
            site.page("/hold", (session, exchange) -> {
                session.has("n");
                has.countDown();
                Site.await(gate);
                return "held";
            });
            String token = site.begin("x");
            Future<Reply> holder = later(() -> site.visit("/hold", Site.cookie(token)));
            Site.await(has);
            List<Future<Reply>> more = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                more.add(later(() -> site.visit("/count", Site.cookie(token))));
            }

            answersAtOnce(answeredMeanwhile(more, 120 - few));

            assertThat(holder.isDone()).isFalse();
            gate.countDown();
            assertThat(soon(holder).body()).isEqualTo("held");
            assertThat(answered200(more)).isEqualTo(few);
        }
    }
}
