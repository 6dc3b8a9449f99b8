package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.proof.site.Reply;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.testing.SettableClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store that hangs holds a bounded number of requests; the others are answered. */
class HungStoreTest {
    private static final int MAX = 8;
    private static final int MOST_HELD = 1_000;
    private static final int PATIENCE_SECONDS = 60;

    private final HangingStore store = new HangingStore();
    private final Site site = new Site(new SettableClock(), new SpyStore(store), c -> c.maxHungStoreCalls(MAX));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<Reply>> hung = new ArrayList<>();

    /** Answers no read as long as it hangs. */
    private static final class HangingStore extends ForwardingStore {
        private final MemoryStore store = new MemoryStore();
        private final AtomicInteger reads = new AtomicInteger();
        private volatile CountDownLatch back = new CountDownLatch(0);

        @Override
        protected SessionStore store() {
            return store;
        }

        @Override
        public Optional<StoredSession> load(StoreKey key) {
            CountDownLatch answer = back;
            reads.incrementAndGet();
            Site.await(answer);
            return super.load(key);
        }
    }

    @AfterEach
    void end() {
        store.back.countDown();
        site.close();
        threads.shutdownNow();
    }

    private Future<Reply> read(String token) {
        return threads.submit(() -> site.visit("/read", Site.cookie(token)));
    }

    /** Sends requests, with some between them that use no session, until one is answered, and gives that answer. */
    private Reply firstAnswer(String token) throws Exception {
        while (true) {
            int before = store.reads.get();
            Future<Reply> reply = read(token);
            while (!reply.isDone() && store.reads.get() == before) {
                Thread.onSpinWait();
            }
            if (store.reads.get() == before) {
                return reply.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            hung.add(reply);
            assertThat(hung).as("requests that the store holds").hasSizeLessThan(MOST_HELD);
            for (int i = 0; i < 20; i++) {
                assertThat(site.visit("/untouched").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void requests_beyond_a_few_are_refused_at_once_until_the_store_answers() throws Exception {
        String token = site.begin("x");
        store.back = new CountDownLatch(1);
        for (int i = 0; i < MAX; i++) {
            hung.add(read(token));
        }

        Reply refused = firstAnswer(token);

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).isPresent();
        assertThat(refused.cookies()).isEmpty();
        int asked = store.reads.get();
        for (int i = 0; i < 200; i++) {
            assertThat(site.visit("/read", Site.cookie(token)).status()).isEqualTo(503);
            assertThat(site.visit("/logout", Site.cookie(token)).cookies()).isEmpty();
            assertThat(site.visit("/untouched").status()).isEqualTo(200);
        }
        assertThat(site.sessions().health().up()).isFalse();
        assertThat(store.reads.get()).as("none of these asked the store").isEqualTo(asked);
        assertThat(hung).noneMatch(Future::isDone);

        store.back.countDown();
        for (Future<Reply> each : hung) {
            assertThat(each.get(PATIENCE_SECONDS, TimeUnit.SECONDS).body()).isEqualTo("x");
        }
        assertThat(site.sessions().health().up()).isTrue();
        assertThat(site.as(token, "/read").body()).isEqualTo("x");
    }
}
