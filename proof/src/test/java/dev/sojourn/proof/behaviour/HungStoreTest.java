package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.proof.site.RawResponse;
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

/** A hung store blocks a bounded number of requests; the others get a response. */
class HungStoreTest {
    private static final int MAX = 8;
    private static final int MAX_HUNG_REQUESTS = 1_000;
    private static final int TIMEOUT_SECONDS = 60;

    private final HangingStore store = new HangingStore();
    private final Site site = new Site(new SettableClock(), new SpyStore(store), c -> c.maxHungStoreCalls(MAX));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<RawResponse>> hung = new ArrayList<>();

    /** A store whose reads do not return while it hangs. */
    private static final class HangingStore extends ForwardingStore {
        private final MemoryStore store = new MemoryStore();
        private final AtomicInteger reads = new AtomicInteger();
        private volatile CountDownLatch recovered = new CountDownLatch(0);

        @Override
        protected SessionStore store() {
            return store;
        }

        @Override
        public Optional<StoredSession> load(StoreKey key) {
            CountDownLatch current = recovered;
            reads.incrementAndGet();
            Site.await(current);
            return super.load(key);
        }
    }

    @AfterEach
    void stop() {
        store.recovered.countDown();
        site.close();
        threads.shutdownNow();
    }

    private Future<RawResponse> read(String token) {
        return threads.submit(() -> site.send("/read", Site.cookie(token)));
    }

    /** Sends requests, some of which use no session, until one gets a response, and returns that response. */
    private RawResponse firstResponse(String token) throws Exception {
        while (true) {
            int before = store.reads.get();
            Future<RawResponse> response = read(token);
            while (!response.isDone() && store.reads.get() == before) {
                Thread.onSpinWait();
            }
            if (store.reads.get() == before) {
                return response.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            }
            hung.add(response);
            assertThat(hung).as("requests that the store blocks").hasSizeLessThan(MAX_HUNG_REQUESTS);
            for (int i = 0; i < 20; i++) {
                assertThat(site.send("/untouched").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void requests_above_the_limit_are_refused_at_once_until_the_store_responds() throws Exception {
        String token = site.startSession("x");
        store.recovered = new CountDownLatch(1);
        for (int i = 0; i < MAX; i++) {
            hung.add(read(token));
        }

        RawResponse refused = firstResponse(token);

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).isPresent();
        assertThat(refused.cookies()).isEmpty();
        int readsBefore = store.reads.get();
        for (int i = 0; i < 200; i++) {
            assertThat(site.send("/read", Site.cookie(token)).status()).isEqualTo(503);
            assertThat(site.send("/logout", Site.cookie(token)).cookies()).isEmpty();
            assertThat(site.send("/untouched").status()).isEqualTo(200);
        }
        assertThat(site.sessions().health().up()).isFalse();
        assertThat(store.reads.get()).as("none of these called the store").isEqualTo(readsBefore);
        assertThat(hung).noneMatch(Future::isDone);

        store.recovered.countDown();
        for (Future<RawResponse> each : hung) {
            assertThat(each.get(TIMEOUT_SECONDS, TimeUnit.SECONDS).body()).isEqualTo("x");
        }
        assertThat(site.sessions().health().up()).isTrue();
        assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
    }
}
