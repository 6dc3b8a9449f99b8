package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.testing.SettableClock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Requests of one session that queue in one process while another node writes too. */
class CombiningTest {
    /** A store of which one answer to a compare-and-set can be held back. */
    private static final class Slow extends ForwardingStore {
        private final MemoryStore store;
        private final AtomicReference<@Nullable CountDownLatch> hold = new AtomicReference<>();
        private final CountDownLatch done = new CountDownLatch(1);

        Slow(MemoryStore store) {
            this.store = store;
        }

        @Override
        protected SessionStore store() {
            return store;
        }

        @Override
        public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
            Outcome outcome = super.compareAndSet(key, expected, replacement);
            CountDownLatch answer = hold.getAndSet(null);
            if (answer != null) {
                done.countDown();
                Site.await(answer);
            }
            return outcome;
        }
    }

    @Test
    void what_was_accepted_here_is_not_taken_for_what_another_node_has_written_since() throws Exception {
        SettableClock clock = new SettableClock();
        MemoryStore memory = new MemoryStore();
        Slow slow = new Slow(memory);
        CountDownLatch waiting = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (Site here = new Site(clock, new SpyStore(slow), c -> {});
                Site there = new Site(clock, new SpyStore(memory), c -> {})) {
            AtomicReference<@Nullable Thread> third = new AtomicReference<>();
            here.page("/third", (session, exchange) -> {
                String before = String.valueOf(session.get("a", String.class));
                session.set("a", "x");
                third.set(Thread.currentThread());
                waiting.countDown();
                return before;
            });
            String token = there.begin("start");
            CountDownLatch answer = new CountDownLatch(1);
            slow.hold.set(answer);
            Future<?> first = threads.submit(() -> here.visit("/set?x", Site.cookie(token)));
            Site.await(slow.done);
            assertThat(there.as(token, "/change?y").body()).isEqualTo("x");

            Future<String> late = threads.submit(
                    () -> here.visit("/third", Site.cookie(token)).body());
            Site.await(waiting);
            untilItQueues(third.get());
            answer.countDown();

            first.get();
            assertThat(late.get()).isEqualTo("y");
            here.quiet();
            assertThat(there.as(token, "/read").body()).isEqualTo("x");
        } finally {
            threads.shutdownNow();
        }
    }

    private static void untilItQueues(@Nullable Thread thread) {
        while (thread != null && thread.getState() == Thread.State.RUNNABLE) {
            Thread.onSpinWait();
        }
    }
}
