package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sojourn.DetachedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionEndedException;
import dev.sojourn.SessionSupersededException;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionWatch;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Fault;
import dev.sojourn.testing.SettableClock;
import dev.sojourn.testing.TestExchange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Sessions used outside their request, as in a WebSocket. */
class DetachedSessionTest {
    private final FaultyStore store = new FaultyStore();
    private final SettableClock clock = new SettableClock();
    private final Sessions one = sessions();
    private final Sessions other = sessions();
    private final Queue<DetachedSession> found = new ConcurrentLinkedQueue<>();
    private final String token =
            serve("", session -> session.set("name", "John")).token();

    private Sessions sessions() {
        return Sessions.create(
                c -> c.secret(Site.SECRET).store(store).clock(clock).idleTimeout(Duration.ofMinutes(10)));
    }

    private TestExchange serve(String cookie, Consumer<Session> handler) {
        TestExchange exchange = cookie.isEmpty() ? new TestExchange("/") : new TestExchange("/", Site.cookie(cookie));
        return exchange.serve(one, handler);
    }

    private String read(String cookie, String name) {
        StringBuilder value = new StringBuilder();
        serve(cookie, session -> value.append(session.get(name, Object.class)));
        return value.toString();
    }

    private DetachedSession detach(String cookie) {
        serve(cookie, session -> found.add(session.toDetached()));
        return found.remove();
    }

    @Test
    void a_detached_session_reads_and_changes_the_session_after_the_response() {
        DetachedSession session = detach(token);
        store.reset();

        assertThat(session.<Object>use(each -> String.valueOf(each.get("name", String.class))))
                .isEqualTo("John");
        assertThat(store.calls()).containsExactly(Call.LOAD);

        store.reset();
        session.use(each -> {
            each.set("greeting", "hello");
            return true;
        });
        assertThat(store.calls()).containsExactly(Call.LOAD, Call.COMPARE_AND_SET);
        assertThat(read(token, "greeting")).isEqualTo("hello");
    }

    @Test
    void touch_extends_the_idle_timeout_and_is_alive_does_not() {
        DetachedSession session = detach(token);

        clock.advance(Duration.ofMinutes(8));
        session.touch();
        clock.advance(Duration.ofMinutes(8));
        assertThat(session.isAlive()).isTrue();
        clock.advance(Duration.ofMinutes(2));

        assertThat(session.isAlive()).isFalse();
        assertThatExceptionOfType(SessionEndedException.class).isThrownBy(session::touch);
        assertThat(read(token, "name")).isEqualTo("null");
    }

    @Test
    void a_session_that_another_request_ended_never_comes_back() {
        DetachedSession session = detach(token);
        new TestExchange("/", Site.cookie(token)).serve(other, Session::destroy);

        assertThat(session.isAlive()).isFalse();
        assertThatExceptionOfType(SessionEndedException.class)
                .isThrownBy(() -> session.use(each -> {
                    each.set("name", "Jane");
                    return true;
                }));
        assertThat(read(token, "name")).isEqualTo("null");
    }

    @Test
    void a_detached_session_with_a_former_id_is_superseded() {
        DetachedSession session = detach(token);
        String newer = serve(token, each -> each.login("alice")).token();

        assertThat(session.isAlive()).isFalse();
        assertThatExceptionOfType(SessionSupersededException.class).isThrownBy(() -> session.use(Session::names));
        assertThat(detach(newer).isAlive()).isTrue();
    }

    @Test
    void a_detached_session_can_be_destroyed_and_its_id_cannot_change() {
        DetachedSession session = detach(token);

        assertThatIllegalStateException()
                .isThrownBy(() -> session.use(each -> {
                    each.login("alice");
                    return true;
                }))
                .withMessageContaining("head has left");
        assertThat(session.isAlive()).isTrue();

        session.use(each -> {
            each.destroy();
            return true;
        });
        assertThat(session.isAlive()).isFalse();
        assertThat(read(token, "name")).isEqualTo("null");
    }

    @Test
    void a_failed_save_is_thrown_and_nothing_is_changed() {
        DetachedSession session = detach(token);
        store.failNext(Call.COMPARE_AND_SET, Fault.NOT_DONE);

        assertThatExceptionOfType(SessionUnavailableException.class)
                .isThrownBy(() -> session.use(each -> {
                    each.set("name", "Jane");
                    return true;
                }));
        assertThat(read(token, "name")).isEqualTo("John");
    }

    @Test
    void a_session_without_a_record_must_be_saved_before_it_is_detached() {
        serve("", session -> {
            assertThatIllegalStateException().isThrownBy(session::toDetached).withMessageContaining("save()");
            session.set("name", "Jane");
            assertThatIllegalStateException().isThrownBy(session::toDetached).withMessageContaining("save()");
            session.save();
            assertThat(session.toDetached().publicId()).isEqualTo(session.publicId());
        });
    }

    @Test
    void to_string_does_not_contain_the_id() {
        assertThat(detach(token).toString()).doesNotContain(token.substring(0, 43));
    }

    @Test
    void a_watch_runs_every_callback_of_a_session_that_another_node_ended() throws Exception {
        ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor();
        String second = serve("", session -> session.set("name", "Jane")).token();
        CountDownLatch called = new CountDownLatch(2);
        Queue<String> callbacks = new ConcurrentLinkedQueue<>();
        try (SessionWatch watch = SessionWatch.every(Duration.ofMillis(100), threads)) {
            watch.watch(detach(token), () -> {
                callbacks.add("first socket");
                called.countDown();
                throw new IllegalStateException("the callback fails");
            });
            watch.watch(detach(token), () -> {
                callbacks.add("second socket");
                called.countDown();
            });
            watch.watch(detach(token), () -> callbacks.add("closed socket")).close();
            watch.watch(detach(second), () -> callbacks.add("another session's socket"));

            new TestExchange("/", Site.cookie(token)).serve(other, Session::destroy);

            assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            threads.shutdownNow();
        }
        assertThat(List.copyOf(callbacks)).containsExactly("first socket", "second socket");
    }

    @Test
    void a_callback_that_throws_an_error_does_not_stop_the_watch() throws Exception {
        ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor();
        String second = serve("", session -> session.set("name", "Jane")).token();
        CountDownLatch failed = new CountDownLatch(1);
        CountDownLatch called = new CountDownLatch(1);
        try (SessionWatch watch = SessionWatch.every(Duration.ofMillis(100), threads)) {
            watch.watch(detach(token), () -> {
                failed.countDown();
                throw new StackOverflowError("the callback fails");
            });
            watch.watch(detach(second), called::countDown);
            new TestExchange("/", Site.cookie(token)).serve(other, Session::destroy);
            assertThat(failed.await(20, TimeUnit.SECONDS)).isTrue();

            new TestExchange("/", Site.cookie(second)).serve(other, Session::destroy);

            assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_slow_callback_does_not_delay_other_sessions_if_the_executor_has_threads() throws Exception {
        ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
        String second = serve("", session -> session.set("name", "Jane")).token();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch called = new CountDownLatch(1);
        try (SessionWatch watch = SessionWatch.every(Duration.ofMillis(100), threads)) {
            watch.watch(detach(token), () -> {
                started.countDown();
                Site.await(called);
            });
            watch.watch(detach(second), called::countDown);
            new TestExchange("/", Site.cookie(token)).serve(other, Session::destroy);
            Site.await(started);

            new TestExchange("/", Site.cookie(second)).serve(other, Session::destroy);

            assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void an_error_in_the_store_does_not_stop_the_watch() throws Exception {
        AtomicInteger errors = new AtomicInteger(1);
        Sessions failing = Sessions.create(c -> c.secret(Site.SECRET).store(new ForwardingStore() {
            @Override
            protected SessionStore store() {
                return store;
            }

            @Override
            public Optional<StoredSession> load(StoreKey key) {
                if (errors.getAndDecrement() == 1) {
                    throw new StackOverflowError("the driver fails");
                }
                return super.load(key);
            }
        }));
        errors.set(0);
        new TestExchange("/", Site.cookie(token)).serve(failing, session -> found.add(session.toDetached()));
        ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor();
        CountDownLatch called = new CountDownLatch(1);
        try (SessionWatch watch = SessionWatch.every(Duration.ofMillis(100), threads)) {
            errors.set(1);
            watch.watch(found.remove(), called::countDown);
            new TestExchange("/", Site.cookie(token)).serve(other, Session::destroy);

            assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            threads.shutdownNow();
        }
        assertThat(errors.get()).as("the first poll failed").isNegative();
    }

    @Test
    void a_session_without_registrations_costs_no_read() throws Exception {
        ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor();
        DetachedSession session = detach(token);
        DetachedSession watched =
                detach(serve("", each -> each.set("name", "Jane")).token());
        try (SessionWatch watch = SessionWatch.every(Duration.ofMillis(100), threads)) {
            CountDownLatch ended = new CountDownLatch(1);
            watch.watch(session, () -> {}).close();
            watch.watch(watched, ended::countDown);
            watched.use(each -> {
                each.destroy();
                return true;
            });
            Site.await(ended);
            store.reset();

            // The only thread runs tasks in order, so at least one more poll happens before this one.
            threads.schedule(() -> {}, 500, TimeUnit.MILLISECONDS).get(20, TimeUnit.SECONDS);

            assertThat(store.calls()).isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_watch_does_not_take_an_unavailable_store_for_an_ended_session() throws Exception {
        ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor();
        DetachedSession session = detach(token);
        CountDownLatch called = new CountDownLatch(1);
        try (SessionWatch watch = SessionWatch.every(Duration.ofMillis(100), threads)) {
            store.failAll();
            watch.watch(session, called::countDown);
            assertThat(called.await(500, TimeUnit.MILLISECONDS)).isFalse();

            store.reset();
            session.use(each -> {
                each.destroy();
                return true;
            });
            assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_watch_interval_below_100_milliseconds_is_refused() {
        ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor();
        try {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SessionWatch.every(Duration.ofMillis(99), threads))
                    .withMessageContaining("ten times a second");
        } finally {
            threads.shutdownNow();
        }
    }
}
