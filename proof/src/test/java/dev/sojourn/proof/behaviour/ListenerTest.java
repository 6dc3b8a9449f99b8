package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.Session;
import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener;
import dev.sojourn.SessionListener.ConflictOutcome;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionListener.Timeout;
import dev.sojourn.SessionListener.UnreadableData;
import dev.sojourn.proof.site.RecordingListener;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every event of {@code SessionListener}, as its Javadoc specifies. */
class ListenerTest {
    private static String publicIdOf(Site site, String token) {
        site.addPage("/public-id", (session, exchange) -> session.publicId());
        return site.getAs(token, "/public-id").body();
    }

    @Test
    void the_recording_listener_records_every_event() {
        assertThat(RecordingListener.class.getDeclaredMethods())
                .extracting(Method::getName)
                .containsAll(Stream.of(SessionListener.class.getDeclaredMethods())
                        .filter(Method::isDefault)
                        .map(Method::getName)
                        .toList());
    }

    @Test
    void several_listeners_receive_every_event_even_if_one_of_them_throws() throws Exception {
        for (Method method : SessionListener.class.getMethods()) {
            if (!method.isDefault()) {
                continue;
            }
            Object[] arguments = Stream.of(method.getParameterTypes())
                    .map(type -> type == int.class ? Integer.valueOf(0) : null)
                    .toArray();
            List<String> received = new ArrayList<>();
            SessionListener failing = listener(method, received, "one");
            SessionListener all = SessionListener.of(failing, listener(method, received, "two"));

            assertThatThrownBy(() -> method.invoke(all, arguments))
                    .as(method.getName())
                    .cause()
                    .hasMessage("one");
            assertThat(received).as(method.getName()).containsExactly("one", "two");
        }
        SessionListener.of().onSignedIn(new SessionInfo("p", null, Instant.EPOCH, Instant.EPOCH));
    }

    /** Returns a listener that notes its name when a method is called, and throws. */
    private static SessionListener listener(Method method, List<String> received, String name) {
        return (SessionListener) Proxy.newProxyInstance(
                SessionListener.class.getClassLoader(),
                new Class<?>[] {SessionListener.class},
                (proxy, called, arguments) -> {
                    assertThat(called.getName()).isEqualTo(method.getName());
                    received.add(name);
                    throw new IllegalStateException(name);
                });
    }

    @Test
    void a_session_that_is_stored_for_the_first_time_is_reported_as_created() {
        try (Site site = new Site()) {
            String token = site.get("/set?x").token();
            assertThat(site.listener().names()).containsExactly("created");
            SessionInfo info = site.listener().single("created").session();
            assertThat(info.publicId()).isEqualTo(publicIdOf(site, token));
            assertThat(info.subject()).isNull();
            assertThat(Duration.between(info.createdAt(), info.expiresAt())).isEqualTo(Duration.ofMinutes(30));
        }
    }

    @Test
    void reads_and_changes_of_an_existing_session_are_not_reported() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            site.getAs(token, "/read");
            site.getAs(token, "/change?y");
            site.getAs(token, "/count");
            assertThat(site.listener().names()).isEmpty();
        }
    }

    @Test
    void a_login_reports_the_new_id_and_the_user() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            String former = publicIdOf(site, token);
            String alice = site.getAs(token, "/login?alice").token();
            assertThat(site.listener().names()).containsExactly("idChanged", "signedIn");
            RecordingListener.Event changed = site.listener().single("idChanged");
            assertThat(changed.details().get(1)).isEqualTo(former);
            assertThat(changed.session().publicId()).isEqualTo(publicIdOf(site, alice));
            assertThat(site.listener().single("signedIn").session().subject()).isEqualTo("alice");
        }
    }

    @Test
    void a_login_without_a_session_reports_a_new_session_and_the_user() {
        try (Site site = new Site()) {
            site.get("/login?alice");
            assertThat(site.listener().names()).containsExactly("created", "signedIn");
        }
    }

    @Test
    void change_id_reports_only_the_new_id() {
        try (Site site = new Site()) {
            site.getAs(site.startSession("x"), "/change-id");
            assertThat(site.listener().names()).containsExactly("idChanged");
        }
    }

    @Test
    void regenerate_and_a_login_as_another_user_report_the_old_session_as_replaced() {
        try (Site site = new Site()) {
            String alice = site.getAs(site.startSession("x"), "/login?alice").token();
            site.listener().clear();
            String bob = site.getAs(alice, "/login?bob").token();
            assertThat(site.listener().names()).containsExactly("destroyed", "idChanged", "signedIn");
            RecordingListener.Event destroyed = site.listener().single("destroyed");
            assertThat(destroyed.session().subject()).isEqualTo("alice");
            assertThat(destroyed.details()).contains(DestroyReason.REPLACED);
            site.listener().clear();
            site.getAs(bob, "/regenerate");
            assertThat(site.listener().names()).containsExactly("destroyed", "idChanged");
            assertThat(site.listener().single("destroyed").session().subject()).isEqualTo("bob");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/logout,    regenerate, destroyed created",
        "/logout,    login,      destroyed created signedIn",
        "/change-id, login,      idChanged created signedIn"
    })
    void a_new_session_after_a_concurrent_logout_or_id_change_is_reported_as_created(
            String concurrent, String method, String events) {
        try (Site site = new Site()) {
            String alice = site.getAs(site.startSession("x"), "/login?alice").token();
            site.addPage("/anew", (session, exchange) -> {
                session.has("x");
                site.send(concurrent, Site.cookie(alice));
                if (method.equals("login")) {
                    session.login("bob");
                } else {
                    session.regenerate();
                }
                return "anew";
            });
            site.listener().clear();
            assertThat(site.getAs(alice, "/anew").status()).isEqualTo(200);
            assertThat(site.listener().names()).containsExactlyInAnyOrder(events.split(" "));
        }
    }

    @Test
    void a_logout_reports_the_former_state_of_the_session_once() {
        try (Site site = new Site()) {
            String alice = site.getAs(site.startSession("x"), "/login?alice").token();
            site.listener().clear();
            site.getAs(alice, "/logout");
            site.getAs(alice, "/logout");
            assertThat(site.listener().names()).containsExactly("destroyed");
            assertThat(site.listener().single("destroyed").session().subject()).isEqualTo("alice");
            assertThat(site.listener().single("destroyed").details()).contains(DestroyReason.DESTROYED);
        }
    }

    @Test
    void an_expired_session_is_reported_once_by_its_client_or_by_a_sweep() {
        try (Site site = new Site()) {
            String found = site.startSession("x");
            site.startSession("y");
            site.clock().advance(Duration.ofMinutes(30));
            site.getAs(found, "/read");
            site.getAs(found, "/read");
            assertThat(site.listener().names()).containsExactly("expired");
            assertThat(site.sessions().sweep(10))
                    .as("not before the grace period of five minutes ends")
                    .isZero();
            site.clock().advance(Duration.ofMinutes(6));
            assertThat(site.sessions().sweep(10)).isEqualTo(1);
            assertThat(site.listener().names()).containsExactly("expired", "expired");
            assertThat(site.listener().all().get(1).details()).contains(Timeout.IDLE);
        }
    }

    /** Finds alice's expired session. */
    private interface Finder {
        void find(Site site);
    }

    private static final Map<String, Finder> FINDERS = Map.of(
            "list",
            site -> assertThat(site.sessions().of("alice").list()).isEmpty(),
            "endAll",
            site -> assertThat(site.sessions().of("alice").endAll()).isZero(),
            "end by public id",
            site -> {
                String publicId = site.listener().single("signedIn").session().publicId();
                assertThat(site.sessions().of("alice").end(publicId)).isFalse();
            },
            "sweep",
            site -> {
                site.clock().advance(Duration.ofMinutes(6));
                assertThat(site.sessions().sweep(10)).isEqualTo(1);
            });

    @Test
    void an_expired_session_is_reported_once_by_list_end_all_end_or_sweep() {
        FINDERS.forEach((name, finder) -> {
            try (Site site = new Site()) {
                site.get("/login?alice");
                site.clock().advance(Duration.ofMinutes(30));
                finder.find(site);
                Objects.requireNonNull(FINDERS.get("list")).find(site);
                site.clock().advance(Duration.ofMinutes(6));
                site.sessions().sweep(10);
                assertThat(site.listener().names()).as(name).containsOnlyOnce("expired");
                assertThat(site.listener().single("expired").session().subject())
                        .isEqualTo("alice");
                assertThat(site.listener().single("expired").details()).contains(Timeout.IDLE);
            }
        });
    }

    @Test
    void a_session_that_expires_during_a_request_is_reported_once() {
        Map<String, Consumer<Session>> finders = Map.of(
                "reload",
                Session::reload,
                "exclusive",
                Session::exclusive,
                "detached session",
                session -> session.toDetached().isAlive());
        finders.forEach((name, finder) -> {
            try (Site site = new Site()) {
                site.addPage("/long", (session, exchange) -> {
                    session.has("a");
                    site.clock().advance(Duration.ofMinutes(30));
                    finder.accept(session);
                    return "ok";
                });
                String token = site.startSession("x");
                site.getAs(token, "/long");
                site.getAs(token, "/read");
                assertThat(site.listener().names()).as(name).containsOnlyOnce("expired");
            }
        });
    }

    @Test
    void an_expired_session_is_reported_if_the_outcome_of_its_removal_is_unknown() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            site.clock().advance(Duration.ofMinutes(30));
            site.store().loseResponse("delete");
            assertThat(site.getAs(token, "/read").cookies()).isEmpty();
            site.store().clearFailures();
            site.getAs(token, "/read");
            site.clock().advance(Duration.ofMinutes(6));
            assertThat(site.sessions().sweep(10)).isZero();
            assertThat(site.listener().names()).containsOnlyOnce("expired");
        }
    }

    @Test
    void an_expired_session_that_the_store_did_not_remove_is_reported_on_its_removal() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            site.clock().advance(Duration.ofMinutes(30));
            site.store().failBefore("delete", () -> StoreException.notDone("no connection", null));
            site.getAs(token, "/read");
            assertThat(site.listener().names()).containsExactly("storeUnavailable");
            site.store().clearFailures();
            site.getAs(token, "/read");
            assertThat(site.listener().names()).containsExactly("storeUnavailable", "expired");
        }
    }

    @Test
    void a_failing_on_expired_keeps_its_session_for_the_next_sweep_and_delays_no_other() {
        Set<String> reported = ConcurrentHashMap.newKeySet();
        AtomicInteger failures = new AtomicInteger();
        AtomicBoolean broken = new AtomicBoolean(true);
        try (Site site = new Site(c -> c.listener(new SessionListener() {
            @Override
            public void onExpired(SessionInfo session, Timeout cause) {
                if (broken.get() && String.valueOf(session.subject()).startsWith("bad")) {
                    failures.incrementAndGet();
                    if ("bad-bob".equals(session.subject())) {
                        throw new StackOverflowError("the mail template fails");
                    }
                    throw new IllegalStateException("the mail server is unavailable");
                }
                assertThat(reported.add(session.publicId())).as("reported once").isTrue();
            }
        }))) {
            for (String user : List.of("alice", "bad-bob", "carol", "bad-dave", "erin")) {
                site.get("/login?" + user);
                site.get("/set?" + user);
                site.clock().advance(Duration.ofSeconds(20));
            }
            site.clock().advance(Duration.ofMinutes(36));

            assertThat(site.sessions().sweep(100)).isEqualTo(8);

            assertThat(reported).hasSize(8);
            assertThat(failures).hasValue(2);
            assertThat(site.sessions().sweep(100)).isZero();
            assertThat(failures).hasValue(4);
            broken.set(false);
            assertThat(site.sessions().sweep(100)).isEqualTo(2);
            assertThat(reported).hasSize(10);
        }
    }

    @Test
    void a_sweep_stops_early_if_on_expired_always_fails() {
        AtomicInteger failures = new AtomicInteger();
        try (Site site = new Site(c -> c.listener(new SessionListener() {
            @Override
            public void onExpired(SessionInfo session, Timeout cause) {
                failures.incrementAndGet();
                throw new IllegalStateException("on_expired fails");
            }
        }))) {
            for (int i = 0; i < 60; i++) {
                site.get("/set?x");
            }
            site.clock().advance(Duration.ofMinutes(36));

            assertThat(site.sessions().sweep(50)).isZero();

            assertThat(failures.get()).isBetween(1, 50);
        }
    }

    @Test
    void a_change_that_is_dropped_because_the_session_ended_is_reported() {
        try (Site site = new Site()) {
            List<String> tokens = new CopyOnWriteArrayList<>();
            site.addPage("/slow", (session, exchange) -> {
                session.set("b", "x");
                site.send("/logout", Site.cookie(tokens.get(0)));
                return "ok";
            });
            tokens.add(site.startSession("x"));
            assertThat(site.getAs(tokens.get(0), "/slow").status()).isEqualTo(200);
            assertThat(site.listener().names()).containsExactlyInAnyOrder("destroyed", "conflictLost");
            assertThat(site.listener().single("conflictLost").details()).contains(Set.of("b"), ConflictOutcome.DROPPED);
        }
    }

    @Test
    void a_request_with_a_former_id_is_reported_as_superseded() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            String former = publicIdOf(site, token);
            site.getAs(token, "/change-id");
            site.listener().clear();
            site.getAs(token, "/read");
            assertThat(site.listener().names()).containsExactly("superseded");
            assertThat(site.listener().single("superseded").session().publicId())
                    .isEqualTo(former);
        }
    }

    @Test
    void a_session_with_an_unreadable_record_is_reported_and_ends() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            site.getAs(token, "/read");
            StoreKey key = site.store().keys().get(0);
            StoredSession present = site.store().load(key).orElseThrow();
            byte[] garbage = "{\"format\":\"no such format\"}".getBytes(StandardCharsets.UTF_8);
            assertThat(site.store()
                            .compareAndSet(
                                    key, present.version(), new StoredSession(garbage, 7, present.expiresAt(), null)))
                    .isEqualTo(Outcome.DONE);
            assertThat(site.getAs(token, "/read").body()).isEqualTo("null");
            UnreadableData reported = (UnreadableData)
                    site.listener().single("unreadable").details().get(0);
            assertThat(reported.attribute()).isEmpty();
            assertThat(reported.toString()).doesNotContain("no such format");
            assertThat(site.getAs(token, "/read").body()).isEqualTo("null");
            assertThat(site.listener().names()).as("reported once").containsOnlyOnce("unreadable");
        }
    }

    @Test
    void a_record_that_a_list_cannot_read_is_reported_once() {
        try (Site site = new Site()) {
            site.get("/login?alice");
            StoreKey key = site.store().keys().get(0);
            StoredSession present = site.store().load(key).orElseThrow();
            byte[] garbage = "{\"format\":\"no such format\"}".getBytes(StandardCharsets.UTF_8);
            assertThat(site.store()
                            .compareAndSet(
                                    key,
                                    present.version(),
                                    new StoredSession(garbage, 7, present.expiresAt(), "alice")))
                    .isEqualTo(Outcome.DONE);
            assertThat(site.sessions().of("alice").list()).isEmpty();
            assertThat(site.sessions().of("alice").list()).isEmpty();
            assertThat(site.listener().names()).containsOnlyOnce("unreadable");
        }
    }

    @Test
    void an_unavailable_store_is_reported_with_its_exception() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            StoreException failure = StoreException.notDone("no connection", null);
            site.store().failBefore("load", () -> failure);
            site.getAs(token, "/read");
            assertThat(site.listener().single("storeUnavailable").details()).containsExactly(failure);
        }
    }

    @Test
    void a_failed_change_after_the_response_head_is_reported() {
        try (Site site = new Site()) {
            site.addPage("/late", (session, exchange) -> {
                session.get("a", String.class);
                exchange.sendResponseHeaders(200, 0);
                site.store().failBefore("compareAndSet", () -> StoreException.notDone("no connection", null));
                session.set("a", "late");
                exchange.close();
                return null;
            });
            site.getAs(site.startSession("x"), "/late");
            assertThat(site.listener().names()).containsExactlyInAnyOrder("storeUnavailable", "lateChangeLost");
        }
    }

    @Test
    void a_failing_listener_fails_no_request_and_receives_later_events() {
        List<String> reported = new CopyOnWriteArrayList<>();
        try (Site site = new Site(c -> c.listener(new SessionListener() {
            @Override
            public void onCreated(SessionInfo session) {
                throw new IllegalStateException("the listener fails");
            }

            @Override
            public void onIdChanged(SessionInfo session, String formerHandle) {
                throw new StackOverflowError("the listener fails");
            }

            @Override
            public void onSignedIn(SessionInfo session) {
                reported.add(String.valueOf(session.subject()));
            }
        }))) {
            String token = site.get("/set?x").token();
            assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
            String next = site.getAs(token, "/login?alice").token();
            assertThat(site.getAs(next, "/subject").body()).isEqualTo("alice");
            assertThat(reported).containsExactly("alice");
        }
    }
}
