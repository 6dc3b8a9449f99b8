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

/** One request loads the session, another ends it, and the first one saves: many rounds of the real engine, on two nodes. */
class A16EndedSessionRaceTest {
    private static final int ROUNDS = 500;

    private final SettableClock clock = new SettableClock();
    private final KeyRecordingStore store = new KeyRecordingStore();
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

    /** A store that records every created key, so that each can be loaded afterwards. */
    private static final class KeyRecordingStore extends ForwardingStore {
        private final MemoryStore inner = new MemoryStore();
        private final Set<StoreKey> created = ConcurrentHashMap.newKeySet();

        long liveRecords() {
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

    private static void awaitBoth(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static void request(Sessions sessions, String token, CyclicBarrier bothLoaded, Consumer<Session> work) {
        try (SessionScope scope = sessions.open(new TestExchange("/", Site.cookie(token)))) {
            scope.load();
            awaitBoth(bothLoaded);
            try {
                work.accept(scope.session());
                scope.commit();
            } catch (SessionException refused) {
                // Expected: the session has ended.
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
            assertThat(store.liveRecords())
                    .as("live records after round %s", round)
                    .isZero();
            store.created.clear();
        }
    }

    @Test
    void an_ended_session_never_comes_back_by_a_save() throws Exception {
        race(one, session -> session.set("a", "late"));
    }

    @Test
    void an_ended_session_never_comes_back_by_a_save_on_another_node() throws Exception {
        race(other, session -> session.set("a", "late"));
    }

    @Test
    void an_ended_session_never_comes_back_by_a_touch() throws Exception {
        race(other, session -> session.get("a", String.class));
    }

    @Test
    void an_ended_session_never_comes_back_by_an_update() throws Exception {
        race(other, session -> session.update("n", Integer.class, n -> 1));
    }

    @Test
    void an_ended_session_never_comes_back_by_a_change_of_its_id() throws Exception {
        race(other, Session::changeId);
    }

    @Test
    void a_late_save_of_an_ended_session_stores_nothing_and_throws() {
        try (SessionScope late = one.open(new TestExchange("/", Site.cookie(startSession())))) {
            late.load();
            end();
            late.session().set("a", "late");
            late.commit();
        }
        assertThat(store.liveRecords()).isZero();
    }

    private String token = "";

    private String startSession() {
        token = new TestExchange("/")
                .serve(one, session -> session.set("a", "x"))
                .token();
        return token;
    }

    private void end() {
        new TestExchange("/", Site.cookie(token)).serve(other, Session::destroy);
    }
}
