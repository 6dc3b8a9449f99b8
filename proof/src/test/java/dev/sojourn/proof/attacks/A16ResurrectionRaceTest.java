package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.SessionException;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.testing.SettableClock;
import dev.sojourn.testing.TestExchange;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One request loads, another ends the session, the first one saves: over the real engine, many rounds, two nodes. */
class A16ResurrectionRaceTest {
    private static final int ROUNDS = 500;

    private final SettableClock clock = new SettableClock();
    private final Remembering store = new Remembering();
    private final Sessions one = node();
    private final Sessions other = node();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    private Sessions node() {
        return Sessions.create(c -> c.secret(Site.SECRET).store(store).clock(clock));
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** Remembers every key that was created, so that each can be looked at afterwards. */
    private static final class Remembering extends ForwardingStore {
        private final MemoryStore inner = new MemoryStore();
        private final Set<StoreKey> created = ConcurrentHashMap.newKeySet();

        long live() {
            return created.stream()
                    .flatMap(key -> inner.load(key).stream())
                    .filter(stored -> !new String(stored.payload(), java.nio.charset.StandardCharsets.UTF_8)
                            .contains("\"successor\""))
                    .count();
        }

        @Override
        protected SessionStore store() {
            return inner;
        }

        @Override
        public boolean create(StoreKey key, StoredSession session) {
            created.add(key);
            return super.create(key, session);
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static void request(Sessions sessions, String token, CyclicBarrier bothLoaded, Consumer<Session> work) {
        try (SessionScope scope = sessions.open(new TestExchange("/", Site.cookie(token)))) {
            scope.load();
            meet(bothLoaded);
            try {
                work.accept(scope.session());
                scope.commit();
            } catch (SessionException refused) {
                // An honest answer.
            }
        }
    }

    private void race(Sessions writer, Consumer<Session> work) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String token = new TestExchange("/")
                    .serve(one, session -> session.set("a", "x"))
                    .token();
            clock.advance(Duration.ofSeconds(61));
            CyclicBarrier bothLoaded = new CyclicBarrier(2);
            Future<?> write = threads.submit(() -> request(writer, token, bothLoaded, work));
            Future<?> end = threads.submit(() -> request(one, token, bothLoaded, Session::destroy));
            write.get(30, TimeUnit.SECONDS);
            end.get(30, TimeUnit.SECONDS);
            assertThat(store.live()).as("live records after round %s", round).isZero();
            store.created.clear();
        }
    }

    @Test
    void a_save_never_brings_an_ended_session_back() throws Exception {
        race(one, session -> session.set("a", "late"));
    }

    @Test
    void a_save_on_another_node_never_brings_an_ended_session_back() throws Exception {
        race(other, session -> session.set("a", "late"));
    }

    @Test
    void a_touch_never_brings_an_ended_session_back() throws Exception {
        race(other, session -> session.get("a", String.class));
    }

    @Test
    void an_update_never_brings_an_ended_session_back() throws Exception {
        race(other, session -> session.update("n", Integer.class, n -> 1));
    }

    @Test
    void a_new_id_never_outlives_the_end_of_its_session() throws Exception {
        race(other, Session::changeId);
    }

    @Test
    void a_late_save_after_the_end_stores_nothing_and_says_so() {
        try (SessionScope late = one.open(new TestExchange("/", Site.cookie(begin())))) {
            late.load();
            end();
            late.session().set("a", "late");
            late.commit();
        }
        assertThat(store.live()).isZero();
    }

    private String token = "";

    private String begin() {
        token = new TestExchange("/")
                .serve(one, session -> session.set("a", "x"))
                .token();
        return token;
    }

    private void end() {
        new TestExchange("/", Site.cookie(token)).serve(other, Session::destroy);
    }
}
