package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.RawResponse;
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

/** A slow or failing session delays no other session, and its own other requests as little as possible. */
class SessionIsolationTest {
    private static final int OTHER_REQUESTS = 1_000;
    private static final int THREADS = 16;
    /** Sessions with all remainders of their hash by 64 would meet any lock that is shared by a hash modulo 64 or less. */
    private static final int REMAINDERS = 64;

    private static final int TIMEOUT_SECONDS = 60;

    private final SettableClock clock = new SettableClock();
    private final InterceptingStore store = new InterceptingStore();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch gate = new CountDownLatch(1);

    /** A store that runs an action before each write of one session. */
    private static final class InterceptingStore extends ForwardingStore {
        private final MemoryStore store = new MemoryStore();
        private volatile StoreKey interceptedKey = StoreKey.of("none");
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
            interceptedKey = key;
        }

        @Override
        public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
            if (key.equals(interceptedKey)) {
                before.write(key, expected);
            }
            return super.compareAndSet(key, expected, replacement);
        }
    }

    private Site site() {
        return new Site(clock, new SpyStore(store), c -> {});
    }

    @AfterEach
    void stop() {
        gate.countDown();
        threads.shutdownNow();
    }

    private static StoreKey lastKey(Site site) {
        List<StoreKey> keys = site.store().keys();
        return keys.get(keys.size() - 1);
    }

    /** Creates enough other sessions to cover every remainder of the keys' hash. */
    private static List<String> otherSessions(Site site) {
        List<String> tokens = new ArrayList<>();
        BitSet remainders = new BitSet();
        while (remainders.cardinality() < REMAINDERS || tokens.size() < 200) {
            tokens.add(site.get("/set?x").token());
            int hash = lastKey(site).hashCode();
            remainders.set((hash ^ (hash >>> 16)) & (REMAINDERS - 1));
        }
        return tokens;
    }

    /** Asserts that requests of these sessions succeed, each with one read and one write. */
    private void assertServed(Site site, List<String> others) throws Exception {
        site.store().clearCalls();
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<RawResponse>> responses = new ArrayList<>();
            for (int i = 0; i < OTHER_REQUESTS; i++) {
                String token = others.get(i % others.size());
                responses.add(pool.submit(() -> site.send("/count", Site.cookie(token))));
            }
            for (Future<RawResponse> response : responses) {
                assertThat(response.get(TIMEOUT_SECONDS, TimeUnit.SECONDS).status())
                        .isEqualTo(200);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private <T> Future<T> start(Callable<T> work) {
        return threads.submit(work);
    }

    private static RawResponse await(Future<RawResponse> response) throws Exception {
        return response.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** Adds a page that updates the counter with a function that waits for the gate. */
    private CountDownLatch slowUpdate(Site site) {
        CountDownLatch inFunction = new CountDownLatch(1);
        site.addPage(
                "/slow-count",
                (session, exchange) -> String.valueOf(session.update("n", Integer.class, n -> {
                    inFunction.countDown();
                    Site.await(gate);
                    return n == null ? 1 : n + 1;
                })));
        return inFunction;
    }

    private static void awaitUntil(BooleanSupplier so) {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (!so.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("the condition does not become true")
                    .isLessThan(giveUp);
            Thread.onSpinWait();
        }
    }

    private static long done(List<Future<RawResponse>> responses) {
        return responses.stream().filter(Future::isDone).count();
    }

    // ---- other sessions

    @Test
    void other_sessions_are_served_while_the_write_of_one_session_hangs() throws Exception {
        try (Site site = site()) {
            String token = site.startSession("x");
            CountDownLatch hangs = new CountDownLatch(1);
            store.beforeWritesOf(lastKey(site), (key, expected) -> {
                hangs.countDown();
                Site.await(gate);
            });
            List<String> others = otherSessions(site);
            Future<RawResponse> hung = start(() -> site.send("/count", Site.cookie(token)));
            Site.await(hangs);

            assertServed(site, others);

            assertThat(hung.isDone()).isFalse();
            gate.countDown();
            assertThat(await(hung).body()).isEqualTo("1");
        }
    }

    @Test
    void other_sessions_are_served_while_an_update_function_of_one_session_hangs() throws Exception {
        try (Site site = site()) {
            CountDownLatch inFunction = slowUpdate(site);
            String token = site.startSession("x");
            List<String> others = otherSessions(site);
            Future<RawResponse> slow = start(() -> site.send("/slow-count", Site.cookie(token)));
            Site.await(inFunction);

            assertServed(site, others);

            assertThat(slow.isDone()).isFalse();
            gate.countDown();
            assertThat(await(slow).body()).isEqualTo("1");
        }
    }

    @Test
    void other_sessions_are_served_while_another_node_wins_every_conflict_of_one_session() throws Exception {
        try (Site site = site()) {
            String token = site.startSession("x");
            AtomicInteger version = new AtomicInteger();
            store.beforeWritesOf(
                    lastKey(site),
                    (key, expected) -> store.touch(
                            key,
                            expected,
                            version.incrementAndGet(),
                            clock.instant().plusSeconds(1_000)));
            List<String> others = otherSessions(site);
            AtomicBoolean enough = new AtomicBoolean();
            List<Future<RawResponse>> writers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                writers.add(start(() -> {
                    RawResponse last = site.send("/count", Site.cookie(token));
                    while (!enough.get()) {
                        last = site.send("/count", Site.cookie(token));
                    }
                    return last;
                }));
            }
            awaitUntil(() -> version.get() > 1);

            assertServed(site, others);

            enough.set(true);
            for (Future<RawResponse> writer : writers) {
                assertThat(await(writer).status()).isEqualTo(503);
            }
        }
    }

    @Test
    void two_hundred_sessions_are_written_concurrently() throws Exception {
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
                tokens.add(site.startSession("x"));
            }
            List<Future<RawResponse>> responses = new ArrayList<>();
            for (String token : tokens) {
                responses.add(start(() -> site.send("/count", Site.cookie(token))));
            }
            for (Future<RawResponse> response : responses) {
                assertThat(await(response).status()).isEqualTo(200);
            }
        }
    }

    // ---- the same session

    @Test
    void other_requests_of_a_session_are_saved_while_an_update_function_hangs() throws Exception {
        try (Site site = site()) {
            CountDownLatch inFunction = slowUpdate(site);
            String token = site.startSession("x");
            Future<RawResponse> slow = start(() -> site.send("/slow-count", Site.cookie(token)));
            Site.await(inFunction);

            assertThat(site.send("/set?y", Site.cookie(token)).status()).isEqualTo(200);
            assertThat(site.send("/count", Site.cookie(token)).body()).isEqualTo("1");

            assertThat(site.send("/read", Site.cookie(token)).body()).isEqualTo("y");
            assertThat(slow.isDone()).isFalse();
            gate.countDown();
            assertThat(await(slow).body())
                    .as("the function ran again on the changes of the others")
                    .isEqualTo("2");
        }
    }

    @Test
    void a_session_can_be_signed_in_and_ended_while_an_update_function_hangs() throws Exception {
        try (Site site = site()) {
            CountDownLatch inFunction = slowUpdate(site);
            String token = site.startSession("x");
            Future<RawResponse> slow = start(() -> site.send("/slow-count", Site.cookie(token)));
            Site.await(inFunction);

            RawResponse login = site.send("/login?alice", Site.cookie(token));
            assertThat(login.status()).isEqualTo(200);
            RawResponse logout = site.send("/logout", Site.cookie(login.token()));
            assertThat(logout.status()).isEqualTo(200);

            assertThat(slow.isDone()).isFalse();
            gate.countDown();
            assertThat(await(slow).status()).as("its session has another id").isEqualTo(409);
        }
    }

    @Test
    void a_session_can_be_ended_while_one_of_its_writes_hangs() throws Exception {
        try (Site site = site()) {
            String token = site.startSession("x");
            CountDownLatch hangs = new CountDownLatch(1);
            store.beforeWritesOf(lastKey(site), (key, expected) -> {
                hangs.countDown();
                Site.await(gate);
            });
            Future<RawResponse> hung = start(() -> site.send("/set?y", Site.cookie(token)));
            Site.await(hangs);

            assertThat(site.send("/logout", Site.cookie(token)).status()).isEqualTo(200);

            assertThat(hung.isDone()).isFalse();
            gate.countDown();
            assertThat(await(hung).status()).isEqualTo(200);
            assertThat(site.getAs(token, "/read").body()).isEqualTo("null");
        }
    }

    /** Several requests wait for one write. One of them commits for all, and runs the hanging function of another. */
    @Test
    void an_update_function_that_hangs_in_a_combined_commit_blocks_at_most_one_other_request() throws Exception {
        try (Site site = site()) {
            CountDownLatch inFunction = slowUpdate(site);
            String token = site.startSession("x");
            CountDownLatch hangs = new CountDownLatch(1);
            CountDownLatch first = new CountDownLatch(1);
            store.beforeWritesOf(lastKey(site), (key, expected) -> {
                hangs.countDown();
                Site.await(first);
            });
            Future<RawResponse> before = start(() -> site.send("/count", Site.cookie(token)));
            Site.await(hangs);
            Future<RawResponse> slow = start(() -> site.send("/slow-count", Site.cookie(token)));
            List<Future<RawResponse>> others = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                others.add(start(() -> site.send("/count", Site.cookie(token))));
            }
            first.countDown();
            Site.await(inFunction);

            awaitUntil(() -> done(others) >= 7);

            assertThat(slow.isDone()).isFalse();
            gate.countDown();
            assertThat(await(before).status()).isEqualTo(200);
            assertThat(await(slow).status()).isEqualTo(200);
            List<String> counts =
                    new ArrayList<>(List.of(await(before).body(), await(slow).body()));
            for (Future<RawResponse> each : others) {
                counts.add(await(each).body());
            }
            assertThat(counts).containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
        }
    }

    // ---- the limit on waiters

    private static void assertRefusedAtOnce(List<RawResponse> refused) {
        assertThat(refused).allSatisfy(response -> {
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("Retry-After")).isPresent();
            assertThat(response.cookies()).isEmpty();
        });
    }

    /** Waits until this many requests have a response, and returns their responses. */
    private List<RawResponse> awaitResponses(List<Future<RawResponse>> all, int howMany) throws Exception {
        awaitUntil(() -> done(all) >= howMany);
        List<RawResponse> responses = new ArrayList<>();
        for (Future<RawResponse> each : all) {
            if (each.isDone()) {
                responses.add(each.get());
            }
        }
        return responses;
    }

    private static long countSuccesses(List<Future<RawResponse>> all) throws Exception {
        long count = 0;
        for (Future<RawResponse> each : all) {
            count += await(each).status() == 200 ? 1 : 0;
        }
        return count;
    }

    @Test
    void up_to_max_waiting_saves_requests_wait_and_the_rest_are_refused_at_once() throws Exception {
        try (Site site = new Site(clock, new SpyStore(store), c -> c.maxWaitingSaves(4))) {
            String token = site.startSession("x");
            CountDownLatch hangs = new CountDownLatch(1);
            store.beforeWritesOf(lastKey(site), (key, expected) -> {
                hangs.countDown();
                Site.await(gate);
            });
            Future<RawResponse> hung = start(() -> site.send("/count", Site.cookie(token)));
            Site.await(hangs);
            List<Future<RawResponse>> more = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                more.add(start(() -> site.send("/count", Site.cookie(token))));
            }

            assertRefusedAtOnce(awaitResponses(more, 20));

            assertThat(hung.isDone()).isFalse();
            gate.countDown();
            assertThat(await(hung).status()).isEqualTo(200);
            assertThat(countSuccesses(more)).isEqualTo(4);
            assertThat(site.getAs(token, "/count").body()).isEqualTo("6");
        }
    }

    @Test
    void up_to_max_waiting_exclusive_requests_wait_and_the_rest_are_refused_at_once() throws Exception {
        assertWaiters(c -> c.exclusive("/hold", "/count").maxWaitingExclusive(4), 4);
    }

    @Test
    void by_default_32_requests_wait_for_a_lease() throws Exception {
        assertWaiters(c -> c.exclusive("/hold", "/count"), 32);
    }

    private void assertWaiters(Consumer<Sessions.Config> options, int few) throws Exception {
        try (Site site = new Site(clock, new SpyStore(store), options)) {
            CountDownLatch leased = new CountDownLatch(1);
            site.addPage("/hold", (session, exchange) -> {
                session.has("n");
                leased.countDown();
                Site.await(gate);
                return "held";
            });
            String token = site.startSession("x");
            Future<RawResponse> holder = start(() -> site.send("/hold", Site.cookie(token)));
            Site.await(leased);
            List<Future<RawResponse>> more = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                more.add(start(() -> site.send("/count", Site.cookie(token))));
            }

            assertRefusedAtOnce(awaitResponses(more, 120 - few));

            assertThat(holder.isDone()).isFalse();
            gate.countDown();
            assertThat(await(holder).body()).isEqualTo("held");
            assertThat(countSuccesses(more)).isEqualTo(few);
        }
    }
}
