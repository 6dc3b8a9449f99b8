package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.Key;
import dev.sojourn.MemoryStore;
import dev.sojourn.SessionEndedException;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.Sessions;
import dev.sojourn.SignIn;
import dev.sojourn.UserSession;
import dev.sojourn.UserSessions;
import dev.sojourn.proof.site.RecordingListener;
import dev.sojourn.proof.site.SeparateIndexStore;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.UserIndex;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Hold;
import dev.sojourn.testing.SettableClock;
import dev.sojourn.testing.TestExchange;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Listing and ending the sessions of a user. */
class UserSessionsTest {
    private static Site site() {
        Site site = new Site();
        site.addPage("/public-id", (session, exchange) -> session.publicId());
        site.addPage(
                "/list",
                (session, exchange) -> String.join(
                        " ",
                        site.sessions().of(String.valueOf(session.subject())).list(session).stream()
                                .map(each -> each.current() ? "(" + each.publicId() + ")" : each.publicId())
                                .toList()));
        site.addPage(
                "/end",
                (session, exchange) -> String.valueOf(
                        site.sessions().of(String.valueOf(session.subject())).end(Site.query(exchange))));
        site.addPage(
                "/end-others",
                (session, exchange) -> String.valueOf(
                        site.sessions().of(String.valueOf(session.subject())).endOthers(session)));
        return site;
    }

    private static String subject(Site site, String token) {
        return site.getAs(token, "/subject").body();
    }

    @Test
    void of_null_is_refused_and_the_message_explains_the_fix() {
        Site site = site();

        assertThatThrownBy(() -> site.sessions().of(unchecked(null)))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContainingAll(
                        "sessions.of", "subject() of a session without a user is null", "session.login(user)");
    }

    /** Passes null as a program without null checks does. */
    @SuppressWarnings("NullAway")
    private static String unchecked(@Nullable String subject) {
        return subject;
    }

    @Test
    void a_list_contains_the_times_of_each_session_and_marks_the_current_one() {
        try (Site site = site()) {
            Instant first = site.clock().instant().truncatedTo(ChronoUnit.MILLIS);
            String laptop = site.get("/login?alice").token();
            site.clock().advance(Duration.ofMinutes(5));
            String phone = site.get("/login?alice").token();
            String bob = site.get("/login?bob").token();

            List<UserSession> list = site.sessions().of("alice").list();

            assertThat(list).hasSize(2);
            UserSession older = list.get(1);
            assertThat(older.publicId())
                    .isEqualTo(site.getAs(laptop, "/public-id").body());
            assertThat(older.createdAt()).isEqualTo(first);
            assertThat(older.lastAccessedAt()).isEqualTo(first);
            assertThat(older.expiresAt()).isEqualTo(first.plus(Duration.ofMinutes(30)));
            assertThat(site.getAs(phone, "/list").body())
                    .contains("(" + site.getAs(phone, "/public-id").body() + ")")
                    .contains(older.publicId())
                    .doesNotContain(site.getAs(bob, "/public-id").body());
        }
    }

    @Test
    void the_most_recently_used_session_is_first() {
        try (Site site = site()) {
            String laptop = site.get("/login?alice").token();
            site.clock().advance(Duration.ofMinutes(5));
            site.get("/login?alice");
            site.clock().advance(Duration.ofMinutes(5));
            site.getAs(laptop, "/read");

            assertThat(site.sessions().of("alice").list().get(0).publicId())
                    .isEqualTo(site.getAs(laptop, "/public-id").body());
        }
    }

    @Test
    void expired_and_destroyed_sessions_are_not_listed() {
        try (Site site = site()) {
            String left = site.get("/login?alice").token();
            site.getAs(left, "/logout");
            site.get("/login?alice");
            site.clock().advance(Duration.ofMinutes(31));
            String kept = site.get("/login?alice").token();

            assertThat(site.sessions().of("alice").list())
                    .extracting(UserSession::publicId)
                    .containsExactly(site.getAs(kept, "/public-id").body());
        }
    }

    @Test
    void a_session_with_a_new_id_is_listed_once_under_its_new_public_id() {
        try (Site site = site()) {
            String before = site.get("/login?alice").token();
            String after = site.getAs(before, "/change-id").token();

            assertThat(site.sessions().of("alice").list())
                    .extracting(UserSession::publicId)
                    .containsExactly(site.getAs(after, "/public-id").body());
        }
    }

    @Test
    void end_by_public_id_ends_only_that_session() {
        try (Site site = site()) {
            String laptop = site.get("/login?alice").token();
            String phone = site.get("/login?alice").token();
            String publicId = site.getAs(laptop, "/public-id").body();

            assertThat(site.getAs(phone, "/end?" + publicId).body()).isEqualTo("true");

            assertThat(subject(site, laptop)).isEqualTo("null");
            assertThat(subject(site, phone)).isEqualTo("alice");
            assertThat(site.getAs(phone, "/end?" + publicId).body()).isEqualTo("false");
        }
    }

    @Test
    void a_public_id_does_not_end_a_session_of_another_user() {
        try (Site site = site()) {
            String alice = site.get("/login?alice").token();
            String bob = site.get("/login?bob").token();

            assertThat(site.getAs(bob, "/end?" + site.getAs(alice, "/public-id").body())
                            .body())
                    .isEqualTo("false");

            assertThat(subject(site, alice)).isEqualTo("alice");
        }
    }

    @Test
    void end_others_keeps_the_current_session_after_a_change_of_its_id() {
        try (Site site = site()) {
            String laptop = site.get("/login?alice").token();
            String tablet = site.get("/login?alice").token();
            String first = site.get("/login?alice").token();
            String phone = site.getAs(first, "/change-id").token();

            assertThat(site.getAs(phone, "/end-others").body()).isEqualTo("2");

            assertThat(Stream.of(laptop, tablet).map(each -> subject(site, each)))
                    .containsOnly("null");
            assertThat(subject(site, phone)).isEqualTo("alice");
        }
    }

    /** Requests a page that acts on alice's sessions after another tab has changed the current session's id twice. */
    private static String afterOtherTabs(Site site, String token, Site.Page page) {
        List<String> newest = new ArrayList<>();
        site.addPage("/slow", (session, exchange) -> {
            session.subject();
            String once = site.send("/change-id", Site.cookie(token)).token();
            newest.add(site.send("/change-id", Site.cookie(once)).token());
            return page.respond(session, exchange);
        });
        site.listener().clear();
        assertThat(site.getAs(token, "/slow").body()).isEqualTo("1");
        return newest.get(0);
    }

    @Test
    void end_others_keeps_the_current_session_if_another_tab_changed_its_id() {
        try (Site site = site()) {
            String laptop = site.get("/login?alice").token();
            site.clock().advance(Duration.ofSeconds(1));
            String phone = site.get("/login?alice").token();

            String phoneNow = afterOtherTabs(
                    site,
                    phone,
                    (session, exchange) ->
                            String.valueOf(site.sessions().of("alice").endOthers(session)));

            assertThat(subject(site, phoneNow)).isEqualTo("alice");
            assertThat(subject(site, laptop)).isEqualTo("null");
        }
    }

    @Test
    void a_list_marks_the_current_session_if_another_tab_changed_its_id() {
        try (Site site = site()) {
            site.get("/login?alice");
            site.clock().advance(Duration.ofSeconds(1));
            String phone = site.get("/login?alice").token();
            List<String> current = new ArrayList<>();

            String phoneNow = afterOtherTabs(site, phone, (session, exchange) -> {
                site.sessions().of("alice").list(session).stream()
                        .filter(UserSession::current)
                        .forEach(each -> current.add(each.publicId()));
                return String.valueOf(current.size());
            });

            assertThat(current)
                    .containsExactly(site.getAs(phoneNow, "/public-id").body());
        }
    }

    @Test
    void end_others_ends_a_session_created_in_the_same_millisecond() {
        try (Site site = site()) {
            String laptop = site.get("/login?alice").token();
            String phone = site.get("/login?alice").token();

            assertThat(site.getAs(phone, "/end-others").body()).isEqualTo("1");

            assertThat(subject(site, laptop)).isEqualTo("null");
            assertThat(subject(site, phone)).isEqualTo("alice");
        }
    }

    @Test
    void end_others_after_a_login_in_the_same_request_keeps_the_new_session() {
        try (Site site = site()) {
            site.addPage("/login-alone", (session, exchange) -> {
                session.login("alice");
                return String.valueOf(site.sessions().of("alice").endOthers(session));
            });
            String old = site.get("/login?alice").token();
            String again = site.get("/login?alice").token();
            site.getAs(again, "/set?kept");

            String token = site.getAs(again, "/login-alone").token();

            assertThat(subject(site, token)).isEqualTo("alice");
            assertThat(site.getAs(token, "/read").body()).isEqualTo("kept");
            assertThat(subject(site, old)).isEqualTo("null");
            assertThat(site.sessions().of("alice").list()).hasSize(1);
        }
    }

    @Test
    void the_sessions_of_one_session_at_a_provider_end_unless_they_began_later() {
        try (Site site = new Site()) {
            site.addPage("/federated", (session, exchange) -> {
                session.login(Site.query(exchange), SignIn.by("fed").provider("https://id.example", "s1"));
                return "ok";
            });
            String federated = site.getAs(site.get("/federated?alice").token(), "/change-id")
                    .token();
            String plain = site.get("/login?alice").token();
            String bob = site.get("/federated?bob").token();
            Instant loggedOut = site.clock().instant();
            site.clock().advance(Duration.ofMinutes(1));
            String later = site.get("/federated?alice").token();

            assertThat(site.sessions().of("alice").endProviderSession("https://id.example", "s2", loggedOut))
                    .isZero();
            assertThat(site.sessions().of("alice").endProviderSession("https://other.example", "s1", loggedOut))
                    .isZero();
            assertThat(site.sessions().of("alice").endProviderSession("https://id.example", "s1", loggedOut))
                    .isEqualTo(1);

            assertThat(site.getAs(federated, "/subject").body()).isEqualTo("null");
            assertThat(site.getAs(plain, "/subject").body()).isEqualTo("alice");
            assertThat(site.getAs(bob, "/subject").body()).isEqualTo("bob");
            assertThat(site.getAs(later, "/subject").body()).isEqualTo("alice");
        }
    }

    @Test
    void end_all_ends_every_session_of_the_user_and_of_no_other() {
        try (Site site = site()) {
            List<String> tokens = Stream.generate(() -> site.get("/login?alice").token())
                    .limit(250)
                    .toList();
            String bob = site.get("/login?bob").token();
            String guest = site.get("/set?x").token();

            assertThat(site.sessions().of("alice").endAll()).isEqualTo(250);

            assertThat(tokens).allMatch(token -> subject(site, token).equals("null"));
            assertThat(subject(site, bob)).isEqualTo("bob");
            assertThat(site.getAs(guest, "/read").body()).isEqualTo("x");
            assertThat(site.sessions().of("alice").list()).isEmpty();
            assertThat(site.sessions().of("alice").endAll()).isZero();
        }
    }

    /** Asserts a conflict if the session gets a new id before every load of its record. */
    private static void assertConflict(Consumer<UserSessions> ending) {
        SettableClock clock = new SettableClock();
        try (Site site = new Site(clock, new SpyStore(new SeparateIndexStore(clock)), c -> {})) {
            List<String> token =
                    new ArrayList<>(List.of(site.get("/login?alice").token()));
            AtomicBoolean changing = new AtomicBoolean();
            site.store().runBefore("load", () -> {
                if (changing.compareAndSet(false, true)) {
                    token.set(0, site.getAs(token.get(0), "/change-id").token());
                    changing.set(false);
                }
            });

            assertThatThrownBy(() -> ending.accept(site.sessions().of("alice")))
                    .isInstanceOfSatisfying(
                            SessionUnavailableException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.CONFLICT));

            site.store().clearFailures();
            assertThat(subject(site, token.get(0))).isEqualTo("alice");
        }
    }

    @Test
    void an_end_that_never_reaches_a_session_is_reported_as_a_conflict() {
        assertConflict(UserSessions::endAll);
        assertConflict(sessions -> sessions.endIf(Key.of("a", String.class), value -> true));
        assertConflict(sessions -> sessions.end("the public id of none of them"));
    }

    @Test
    void a_login_after_end_all_works_as_usual() {
        try (Site site = site()) {
            site.get("/login?alice");
            site.sessions().of("alice").endAll();

            assertThat(subject(site, site.get("/login?alice").token())).isEqualTo("alice");
        }
    }

    @Test
    void end_all_keeps_a_session_that_is_now_signed_in_as_another_user() {
        try (Site site = site()) {
            String alice = site.get("/login?alice").token();
            String bob = site.getAs(alice, "/login?bob").token();

            assertThat(site.sessions().of("alice").endAll()).isZero();

            assertThat(subject(site, bob)).isEqualTo("bob");
        }
    }

    @Test
    void each_ended_session_is_reported_as_revoked() {
        try (Site site = site()) {
            String token = site.get("/login?alice").token();
            String publicId = site.getAs(token, "/public-id").body();
            site.listener().clear();

            site.sessions().of("alice").endAll();

            RecordingListener.Event event = site.listener().single("destroyed");
            assertThat(event.session().publicId()).isEqualTo(publicId);
            assertThat(event.session().subject()).isEqualTo("alice");
            assertThat(event.details().get(1)).isEqualTo(DestroyReason.REVOKED);
        }
    }

    @Test
    void a_running_request_of_an_ended_session_cannot_bring_it_back() {
        try (Site site = site()) {
            site.addPage("/slow", (session, exchange) -> {
                session.set("a", "late");
                site.sessions().of("alice").endAll();
                return "ok";
            });
            String token = site.get("/login?alice").token();

            site.getAs(token, "/slow");

            assertThat(subject(site, token)).isEqualTo("null");
            assertThat(site.getAs(token, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void end_all_reports_an_unavailable_store_and_can_be_repeated() {
        try (Site site = site()) {
            String token = site.get("/login?alice").token();
            site.store().failBefore("find", () -> StoreException.notDone("unavailable", null));

            assertThatThrownBy(() -> site.sessions().of("alice").endAll())
                    .isInstanceOf(SessionUnavailableException.class);

            site.store().clearFailures();
            assertThat(site.sessions().of("alice").endAll()).isEqualTo(1);
            assertThat(subject(site, token)).isEqualTo("null");
        }
    }

    @Test
    void a_login_that_fails_at_the_user_index_has_no_effect() {
        try (Site site = site()) {
            String token = site.startSession("x");
            site.store().failBefore("enter", () -> StoreException.unknown("no response", null));

            assertThat(site.getAs(token, "/login?alice").status()).isEqualTo(503);

            site.store().clearFailures();
            assertThat(subject(site, token)).isEqualTo("null");
            assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
            assertThat(site.sessions().of("alice").list()).isEmpty();
        }
    }

    @Test
    void a_new_id_that_the_store_refused_at_the_last_step_leaves_no_orphaned_session() {
        try (Site site = site()) {
            String guest = site.startSession("x");
            site.store().failBefore("compareAndSet", () -> StoreException.notDone("unavailable", null));
            assertThat(site.getAs(guest, "/login?alice").status()).isEqualTo(503);
            site.store().clearFailures();
            assertThat(site.sessions().of("alice").list()).isEmpty();

            String alice = site.getAs(guest, "/login?alice").token();
            site.store().failBefore("compareAndSet", () -> StoreException.notDone("unavailable", null));
            assertThat(site.getAs(alice, "/change-id").status()).isEqualTo(503);
            site.store().clearFailures();
            assertThat(site.sessions().of("alice").list())
                    .extracting(UserSession::publicId)
                    .containsExactly(site.getAs(alice, "/public-id").body());
        }
    }

    @Test
    void a_new_id_with_an_unknown_outcome_at_the_last_step_is_kept() {
        try (Site site = site()) {
            String guest = site.startSession("x");
            site.store()
                    .loseResponse("compareAndSet")
                    .failBeforeExceptFirst(1, "load", () -> StoreException.notDone("unavailable", null));
            assertThat(site.getAs(guest, "/login?alice").status()).isEqualTo(503);

            site.store().clearFailures();

            assertThat(site.sessions().of("alice").list()).hasSize(1);
        }
    }

    @Test
    void a_login_on_a_machine_that_was_suspended_longer_than_the_epoch_is_kept_is_refused() {
        FaultyStore store = new FaultyStore();
        SettableClock clock = new SettableClock();
        Sessions sessions = Sessions.create(
                c -> c.secret(Site.SECRET).clock(clock).store(store).absoluteTimeout(Duration.ofDays(1)));
        Hold create = store.holdNext(Call.CREATE);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<TestExchange> login =
                    threads.submit(() -> new TestExchange("/").serve(sessions, session -> session.login("alice")));
            create.awaitCall();
            // System.nanoTime() may stop while the machine is suspended, so only the clock advances.
            clock.advance(Duration.ofMinutes(61));
            create.release();

            assertThatThrownBy(login::get).hasCauseInstanceOf(SessionEndedException.class);

            assertThat(sessions.of("alice").list()).isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    /** A store without a user index. */
    private static final class WithoutIndex extends ForwardingStore {
        private final MemoryStore store = new MemoryStore();

        @Override
        protected SessionStore store() {
            return store;
        }

        @Override
        public Optional<UserIndex> userIndex() {
            return Optional.empty();
        }
    }

    @Test
    void of_is_refused_by_a_store_without_a_user_index() {
        try (SpyStore store = new SpyStore(new WithoutIndex())) {
            Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET).store(store));

            assertThatThrownBy(() -> sessions.of("alice"))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("index");
        }
    }

    @Test
    void an_invalid_subject_is_refused() {
        try (Site site = site()) {
            assertThatThrownBy(() -> site.sessions().of("")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> site.sessions().of("x".repeat(257))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void health_reports_whether_the_store_responds() {
        try (Site site = site()) {
            assertThat(site.sessions().health().up()).isTrue();
            assertThat(site.sessions().health().problem()).isEmpty();

            site.store().failBefore("load", () -> StoreException.notDone("the connection was refused", null));

            assertThat(site.sessions().health().up()).isFalse();
            assertThat(site.sessions().health().problem()).contains("the connection was refused");
            site.store().clearFailures();
            assertThat(site.sessions().health().up()).isTrue();
        }
    }

    @Test
    void normalize_subjects_applies_to_every_subject() {
        try (Site site = new Site(c -> c.normalizeSubjects(name -> name.strip().toLowerCase(java.util.Locale.ROOT)))) {
            String token = site.get("/login?ALICE").token();
            assertThat(site.getAs(token, "/subject").body()).isEqualTo("alice");
            assertThat(site.sessions().normalizeSubject(" Alice ")).isEqualTo("alice");
            assertThat(site.sessions().of("aLiCe").list()).hasSize(1);
            String again = site.getAs(token, "/login?Alice").token();
            assertThat(site.sessions().of("alice").list()).hasSize(1);
            site.sessions().of("ALICE").endAll();
            assertThat(site.getAs(again, "/subject").body()).isEqualTo("null");
        }
    }

    @Test
    void without_a_rule_subjects_are_compared_exactly() {
        try (Site site = new Site()) {
            site.get("/login?ALICE");
            assertThat(site.sessions().of("alice").list()).isEmpty();
            assertThat(site.sessions().of("ALICE").list()).hasSize(1);
        }
    }

    @Test
    void a_rule_that_is_not_idempotent_is_refused_at_the_first_subject() {
        try (Site site = new Site(c -> c.normalizeSubjects(name -> "user-" + name))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> site.sessions().of("alice"))
                    .withMessageContaining("c.normalizeSubjects(...)");
            assertThat(site.get("/login?alice").status()).isEqualTo(500);
        }
    }
}
