package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Session;
import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener;
import dev.sojourn.SessionListener.ConflictOutcome;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionListener.Timeout;
import dev.sojourn.SessionListener.UnreadableData;
import dev.sojourn.proof.site.Heard;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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

/** Each event, as its Javadoc says. */
class ListenerTest {
    private static String handleOf(Site site, String token) {
        site.page("/handle", (session, exchange) -> session.publicId());
        return site.as(token, "/handle").body();
    }

    @Test
    void every_event_is_recorded_here() {
        assertThat(Heard.class.getDeclaredMethods())
                .extracting(Method::getName)
                .containsAll(Stream.of(SessionListener.class.getDeclaredMethods())
                        .map(Method::getName)
                        .toList());
    }

    @Test
    void created_tells_of_a_session_that_was_stored_for_the_first_time() {
        try (Site site = new Site()) {
            String token = site.get("/set?x").token();
            assertThat(site.heard().names()).containsExactly("created");
            SessionInfo info = site.heard().only("created").session();
            assertThat(info.publicId()).isEqualTo(handleOf(site, token));
            assertThat(info.subject()).isNull();
            assertThat(Duration.between(info.createdAt(), info.expiresAt())).isEqualTo(Duration.ofMinutes(30));
        }
    }

    @Test
    void reads_and_changes_of_an_existing_session_are_not_told() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            site.as(token, "/read");
            site.as(token, "/change?y");
            site.as(token, "/count");
            assertThat(site.heard().names()).isEmpty();
        }
    }

    @Test
    void a_login_tells_of_the_new_id_and_of_who_signed_in() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            String former = handleOf(site, token);
            String alice = site.as(token, "/login?alice").token();
            assertThat(site.heard().names()).containsExactly("idChanged", "signedIn");
            Heard.Event changed = site.heard().only("idChanged");
            assertThat(changed.details().get(1)).isEqualTo(former);
            assertThat(changed.session().publicId()).isEqualTo(handleOf(site, alice));
            assertThat(site.heard().only("signedIn").session().subject()).isEqualTo("alice");
        }
    }

    @Test
    void a_strangers_login_tells_of_a_new_session_and_of_who_signed_in() {
        try (Site site = new Site()) {
            site.get("/login?alice");
            assertThat(site.heard().names()).containsExactly("created", "signedIn");
        }
    }

    @Test
    void change_id_tells_of_the_new_id_alone() {
        try (Site site = new Site()) {
            site.as(site.begin("x"), "/change-id");
            assertThat(site.heard().names()).containsExactly("idChanged");
        }
    }

    @Test
    void a_regenerate_and_the_login_of_somebody_else_tell_that_the_old_session_was_replaced() {
        try (Site site = new Site()) {
            String alice = site.as(site.begin("x"), "/login?alice").token();
            site.heard().clear();
            String bob = site.as(alice, "/login?bob").token();
            assertThat(site.heard().names()).containsExactly("destroyed", "idChanged", "signedIn");
            Heard.Event destroyed = site.heard().only("destroyed");
            assertThat(destroyed.session().subject()).isEqualTo("alice");
            assertThat(destroyed.details()).contains(DestroyReason.REPLACED);
            site.heard().clear();
            site.as(bob, "/regenerate");
            assertThat(site.heard().names()).containsExactly("destroyed", "idChanged");
            assertThat(site.heard().only("destroyed").session().subject()).isEqualTo("bob");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/logout,    regenerate, destroyed created",
        "/logout,    login,      destroyed created signedIn",
        "/change-id, login,      idChanged created signedIn"
    })
    void a_session_that_starts_anew_beside_one_that_another_request_ended_or_moved_is_reported_as_a_new_one(
            String meanwhile, String verb, String events) {
        try (Site site = new Site()) {
            String alice = site.as(site.begin("x"), "/login?alice").token();
            site.page("/anew", (session, exchange) -> {
                session.has("x");
                site.visit(meanwhile, Site.cookie(alice));
                if (verb.equals("login")) {
                    session.login("bob");
                } else {
                    session.regenerate();
                }
                return "anew";
            });
            site.heard().clear();
            assertThat(site.as(alice, "/anew").status()).isEqualTo(200);
            assertThat(site.heard().names()).containsExactlyInAnyOrder(events.split(" "));
        }
    }

    @Test
    void a_logout_tells_of_the_session_as_it_was_and_only_once() {
        try (Site site = new Site()) {
            String alice = site.as(site.begin("x"), "/login?alice").token();
            site.heard().clear();
            site.as(alice, "/logout");
            site.as(alice, "/logout");
            assertThat(site.heard().names()).containsExactly("destroyed");
            assertThat(site.heard().only("destroyed").session().subject()).isEqualTo("alice");
            assertThat(site.heard().only("destroyed").details()).contains(DestroyReason.DESTROYED);
        }
    }

    @Test
    void an_expired_session_is_told_of_once_whether_its_client_or_a_sweep_finds_it() {
        try (Site site = new Site()) {
            String found = site.begin("x");
            site.begin("y");
            site.clock().advance(Duration.ofMinutes(30));
            site.as(found, "/read");
            site.as(found, "/read");
            assertThat(site.heard().names()).containsExactly("expired");
            assertThat(site.sessions().sweep(10))
                    .as("not before the grace of five minutes")
                    .isZero();
            site.clock().advance(Duration.ofMinutes(6));
            assertThat(site.sessions().sweep(10)).isEqualTo(1);
            assertThat(site.heard().names()).containsExactly("expired", "expired");
            assertThat(site.heard().all().get(1).details()).contains(Timeout.IDLE);
        }
    }

    /** Finds what has become of alice's session by then. */
    private interface Finder {
        void find(Site site);
    }

    private static final Map<String, Finder> FINDERS = Map.of(
            "a list",
            site -> assertThat(site.sessions().of("alice").list()).isEmpty(),
            "an end of all",
            site -> assertThat(site.sessions().of("alice").endAll()).isZero(),
            "an end by its name",
            site -> {
                String handle = site.heard().only("signedIn").session().publicId();
                assertThat(site.sessions().of("alice").end(handle)).isFalse();
            },
            "a sweep",
            site -> {
                site.clock().advance(Duration.ofMinutes(6));
                assertThat(site.sessions().sweep(10)).isEqualTo(1);
            });

    @Test
    void an_expired_session_is_told_of_once_whoever_of_those_who_look_at_many_finds_it() {
        FINDERS.forEach((name, finder) -> {
            try (Site site = new Site()) {
                site.get("/login?alice");
                site.clock().advance(Duration.ofMinutes(30));
                finder.find(site);
                Objects.requireNonNull(FINDERS.get("a list")).find(site);
                site.clock().advance(Duration.ofMinutes(6));
                site.sessions().sweep(10);
                assertThat(site.heard().names()).as(name).containsOnlyOnce("expired");
                assertThat(site.heard().only("expired").session().subject()).isEqualTo("alice");
                assertThat(site.heard().only("expired").details()).contains(Timeout.IDLE);
            }
        });
    }

    @Test
    void a_session_that_expires_under_a_request_is_told_of_once_whatever_finds_out() {
        Map<String, Consumer<Session>> finders = Map.of(
                "reload",
                Session::reload,
                "exclusive",
                Session::exclusive,
                "its own socket",
                session -> session.toDetached().isAlive());
        finders.forEach((name, finder) -> {
            try (Site site = new Site()) {
                site.page("/long", (session, exchange) -> {
                    session.has("a");
                    site.clock().advance(Duration.ofMinutes(30));
                    finder.accept(session);
                    return "ok";
                });
                String token = site.begin("x");
                site.as(token, "/long");
                site.as(token, "/read");
                assertThat(site.heard().names()).as(name).containsOnlyOnce("expired");
            }
        });
    }

    @Test
    void an_expired_session_is_told_of_where_the_store_does_not_say_whether_it_was_removed() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            site.clock().advance(Duration.ofMinutes(30));
            site.store().loseAnswer("delete");
            assertThat(site.as(token, "/read").cookies()).isEmpty();
            site.store().mend();
            site.as(token, "/read");
            site.clock().advance(Duration.ofMinutes(6));
            assertThat(site.sessions().sweep(10)).isZero();
            assertThat(site.heard().names()).containsOnlyOnce("expired");
        }
    }

    @Test
    void an_expired_session_that_the_store_did_not_remove_is_told_of_by_whoever_removes_it() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            site.clock().advance(Duration.ofMinutes(30));
            site.store().refuse("delete", () -> StoreException.notDone("no connection", null));
            site.as(token, "/read");
            assertThat(site.heard().names()).containsExactly("storeAway");
            site.store().mend();
            site.as(token, "/read");
            assertThat(site.heard().names()).containsExactly("storeAway", "expired");
        }
    }

    @Test
    void an_expired_session_at_which_the_listener_fails_stays_until_it_could_be_told_of_and_keeps_no_other() {
        Set<String> told = ConcurrentHashMap.newKeySet();
        AtomicInteger failures = new AtomicInteger();
        AtomicBoolean broken = new AtomicBoolean(true);
        try (Site site = new Site(c -> c.listener(new SessionListener() {
            @Override
            public void onExpired(SessionInfo session, Timeout cause) {
                if (broken.get() && String.valueOf(session.subject()).startsWith("bad")) {
                    failures.incrementAndGet();
                    if ("bad-bob".equals(session.subject())) {
                        throw new StackOverflowError("in the mail's template");
                    }
                    throw new IllegalStateException("the mail server is away");
                }
                assertThat(told.add(session.publicId())).as("told of once").isTrue();
            }
        }))) {
            for (String who : List.of("alice", "bad-bob", "carol", "bad-dave", "erin")) {
                site.get("/login?" + who);
                site.get("/set?" + who);
                site.clock().advance(Duration.ofSeconds(20));
            }
            site.clock().advance(Duration.ofMinutes(36));

            assertThat(site.sessions().sweep(100)).isEqualTo(8);

            assertThat(told).hasSize(8);
            assertThat(failures).hasValue(2);
            assertThat(site.sessions().sweep(100)).isZero();
            assertThat(failures).hasValue(4);
            broken.set(false);
            assertThat(site.sessions().sweep(100)).isEqualTo(2);
            assertThat(told).hasSize(10);
        }
    }

    @Test
    void a_listener_that_fails_at_every_expired_session_is_not_asked_about_all_of_them() {
        AtomicInteger failures = new AtomicInteger();
        try (Site site = new Site(c -> c.listener(new SessionListener() {
            @Override
            public void onExpired(SessionInfo session, Timeout cause) {
                failures.incrementAndGet();
                throw new IllegalStateException("out of order");
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
    void a_change_that_was_dropped_because_the_session_ended_is_told() {
        try (Site site = new Site()) {
            List<String> tokens = new CopyOnWriteArrayList<>();
            site.page("/slow", (session, exchange) -> {
                session.set("b", "x");
                site.visit("/logout", Site.cookie(tokens.get(0)));
                return "ok";
            });
            tokens.add(site.begin("x"));
            assertThat(site.as(tokens.get(0), "/slow").status()).isEqualTo(200);
            assertThat(site.heard().names()).containsExactlyInAnyOrder("destroyed", "conflictLost");
            assertThat(site.heard().only("conflictLost").details()).contains(Set.of("b"), ConflictOutcome.DROPPED);
        }
    }

    @Test
    void a_request_with_the_old_id_is_told_of_as_superseded() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            String former = handleOf(site, token);
            site.as(token, "/change-id");
            site.heard().clear();
            site.as(token, "/read");
            assertThat(site.heard().names()).containsExactly("superseded");
            assertThat(site.heard().only("superseded").session().publicId()).isEqualTo(former);
        }
    }

    @Test
    void a_record_that_cannot_be_read_is_told_of_and_ends() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            site.as(token, "/read");
            StoreKey key = site.store().keys().get(0);
            StoredSession present = site.store().load(key).orElseThrow();
            byte[] garbage = "{\"format\":99".getBytes(StandardCharsets.UTF_8);
            assertThat(site.store()
                            .compareAndSet(
                                    key, present.version(), new StoredSession(garbage, 7, present.expiresAt(), null)))
                    .isEqualTo(Outcome.DONE);
            assertThat(site.as(token, "/read").body()).isEqualTo("null");
            UnreadableData told =
                    (UnreadableData) site.heard().only("unreadable").details().get(0);
            assertThat(told.attribute()).isEmpty();
            assertThat(told.toString()).doesNotContain("99");
            assertThat(site.as(token, "/read").body()).isEqualTo("null");
            assertThat(site.heard().names()).as("told once").containsOnlyOnce("unreadable");
        }
    }

    @Test
    void a_record_that_a_list_cannot_read_is_told_of_too() {
        try (Site site = new Site()) {
            site.get("/login?alice");
            StoreKey key = site.store().keys().get(0);
            StoredSession present = site.store().load(key).orElseThrow();
            byte[] garbage = "{\"format\":99".getBytes(StandardCharsets.UTF_8);
            assertThat(site.store()
                            .compareAndSet(
                                    key,
                                    present.version(),
                                    new StoredSession(garbage, 7, present.expiresAt(), "alice")))
                    .isEqualTo(Outcome.DONE);
            assertThat(site.sessions().of("alice").list()).isEmpty();
            assertThat(site.sessions().of("alice").list()).isEmpty();
            assertThat(site.heard().names()).containsOnlyOnce("unreadable");
        }
    }

    @Test
    void a_store_that_does_not_answer_is_told_of_with_its_own_error() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            StoreException failure = StoreException.notDone("no connection", null);
            site.store().refuse("load", () -> failure);
            site.as(token, "/read");
            assertThat(site.heard().only("storeAway").details()).containsExactly(failure);
        }
    }

    @Test
    void a_change_after_the_head_that_could_not_be_saved_is_told() {
        try (Site site = new Site()) {
            site.page("/late", (session, exchange) -> {
                session.get("a", String.class);
                exchange.sendResponseHeaders(200, 0);
                site.store().refuse("compareAndSet", () -> StoreException.notDone("no connection", null));
                session.set("a", "late");
                exchange.close();
                return null;
            });
            site.as(site.begin("x"), "/late");
            assertThat(site.heard().names()).containsExactlyInAnyOrder("storeAway", "lateChangeLost");
        }
    }

    @Test
    void a_listener_that_fails_harms_nobody_and_hears_what_follows() {
        List<String> told = new CopyOnWriteArrayList<>();
        try (Site site = new Site(c -> c.listener(new SessionListener() {
            @Override
            public void onCreated(SessionInfo session) {
                throw new IllegalStateException("a listener's own problem");
            }

            @Override
            public void onIdChanged(SessionInfo session, String formerHandle) {
                throw new StackOverflowError("a listener's own problem");
            }

            @Override
            public void onSignedIn(SessionInfo session) {
                told.add(String.valueOf(session.subject()));
            }
        }))) {
            String token = site.get("/set?x").token();
            assertThat(site.as(token, "/read").body()).isEqualTo("x");
            String next = site.as(token, "/login?alice").token();
            assertThat(site.as(next, "/subject").body()).isEqualTo("alice");
            assertThat(told).containsExactly("alice");
        }
    }
}
