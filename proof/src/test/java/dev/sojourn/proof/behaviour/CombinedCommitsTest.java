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

/** Requests of one session wait in one process while another node writes the session, too. */
class CombinedCommitsTest {
    /** A store that can delay one response to a compare-and-set. */
    private static final class DelayingStore extends ForwardingStore {
        private final MemoryStore store;
        private final AtomicReference<@Nullable CountDownLatch> nextGate = new AtomicReference<>();
        private final CountDownLatch done = new CountDownLatch(1);

        DelayingStore(MemoryStore store) {
            this.store = store;
        }

        @Override
        protected SessionStore store() {
            return store;
        }

        @Override
        public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
            Outcome outcome = super.compareAndSet(key, expected, replacement);
            CountDownLatch released = nextGate.getAndSet(null);
            if (released != null) {
                done.countDown();
                Site.await(released);
            }
            return outcome;
        }
    }

    @Test
    void a_value_saved_by_this_process_is_not_assumed_after_another_node_wrote() throws Exception {
        SettableClock clock = new SettableClock();
        MemoryStore memory = new MemoryStore();
        DelayingStore slow = new DelayingStore(memory);
        CountDownLatch waiting = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (Site here = new Site(clock, new SpyStore(slow), c -> {});
                Site there = new Site(clock, new SpyStore(memory), c -> {})) {
            AtomicReference<@Nullable Thread> third = new AtomicReference<>();
            here.addPage("/third", (session, exchange) -> {
                String before = String.valueOf(session.get("a", String.class));
                session.set("a", "x");
                third.set(Thread.currentThread());
                waiting.countDown();
                return before;
            });
            String token = there.startSession("start");
            CountDownLatch released = new CountDownLatch(1);
            slow.nextGate.set(released);
            Future<?> first = threads.submit(() -> here.send("/set?x", Site.cookie(token)));
            Site.await(slow.done);
            assertThat(there.getAs(token, "/change?y").body()).isEqualTo("x");

            Future<String> late =
                    threads.submit(() -> here.send("/third", Site.cookie(token)).body());
            Site.await(waiting);
            awaitQueued(third.get());
            released.countDown();

            first.get();
            assertThat(late.get()).isEqualTo("y");
            here.awaitIdle();
            assertThat(there.getAs(token, "/read").body()).isEqualTo("x");
        } finally {
            threads.shutdownNow();
        }
    }

    private static void awaitQueued(@Nullable Thread thread) {
        while (thread != null && thread.getState() == Thread.State.RUNNABLE) {
            Thread.onSpinWait();
        }
    }
}
