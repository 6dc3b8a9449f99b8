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
import dev.sojourn.UserSession;
import dev.sojourn.UserSessions;
import dev.sojourn.proof.site.Heard;
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

/** Where a user is signed in, and how that ends. */
class UsersSessionsTest {
    private static Site site() {
        Site site = new Site();
        site.page("/handle", (session, exchange) -> session.publicId());
        site.page(
                "/list",
                (session, exchange) -> String.join(
                        " ",
                        site.sessions().of(String.valueOf(session.subject())).list(session).stream()
                                .map(each -> each.current() ? "(" + each.publicId() + ")" : each.publicId())
                                .toList()));
        site.page(
                "/end",
                (session, exchange) -> String.valueOf(
                        site.sessions().of(String.valueOf(session.subject())).end(Site.query(exchange))));
        site.page(
                "/end-others",
                (session, exchange) -> String.valueOf(
                        site.sessions().of(String.valueOf(session.subject())).endOthers(session)));
        return site;
    }

    private static String subject(Site site, String token) {
        return site.as(token, "/subject").body();
    }

    @Test
    void asking_for_nobodys_sessions_says_that_nobody_is_signed_in_and_what_to_do() {
        Site site = site();

        assertThatThrownBy(() -> site.sessions().of(nobody(null)))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContainingAll(
                        "sessions.of", "subject() of a session without a user is null", "session.login(user)");
    }

    /** What a program does that is not checked for null. */
    @SuppressWarnings("NullAway")
    private static String nobody(@Nullable String subject) {
        return subject;
    }

    @Test
    void a_list_tells_since_when_until_when_and_which_one_is_asking() {
        try (Site site = site()) {
            Instant first = site.clock().instant().truncatedTo(ChronoUnit.MILLIS);
            String laptop = site.get("/login?alice").token();
            site.clock().advance(Duration.ofMinutes(5));
            String phone = site.get("/login?alice").token();
            String bob = site.get("/login?bob").token();

            List<UserSession> list = site.sessions().of("alice").list();

            assertThat(list).hasSize(2);
            UserSession older = list.get(1);
            assertThat(older.publicId()).isEqualTo(site.as(laptop, "/handle").body());
            assertThat(older.createdAt()).isEqualTo(first);
            assertThat(older.lastAccessedAt()).isEqualTo(first);
            assertThat(older.expiresAt()).isEqualTo(first.plus(Duration.ofMinutes(30)));
            assertThat(site.as(phone, "/list").body())
                    .contains("(" + site.as(phone, "/handle").body() + ")")
                    .contains(older.publicId())
                    .doesNotContain(site.as(bob, "/handle").body());
        }
    }

    @Test
    void the_session_used_last_stands_first() {
        try (Site site = site()) {
            String laptop = site.get("/login?alice").token();
            site.clock().advance(Duration.ofMinutes(5));
            site.get("/login?alice");
            site.clock().advance(Duration.ofMinutes(5));
            site.as(laptop, "/read");

            assertThat(site.sessions().of("alice").list().get(0).publicId())
                    .isEqualTo(site.as(laptop, "/handle").body());
        }
    }

    @Test
    void an_expired_session_and_one_that_was_left_by_logout_stand_in_no_list() {
        try (Site site = site()) {
            String left = site.get("/login?alice").token();
            site.as(left, "/logout");
            site.get("/login?alice");
            site.clock().advance(Duration.ofMinutes(31));
            String kept = site.get("/login?alice").token();

            assertThat(site.sessions().of("alice").list())
                    .extracting(UserSession::publicId)
                    .containsExactly(site.as(kept, "/handle").body());
        }
    }

    @Test
    void a_session_with_a_new_id_stands_in_the_list_once_under_its_new_handle() {
        try (Site site = site()) {
            String before = site.get("/login?alice").token();
            String after = site.as(before, "/change-id").token();

            assertThat(site.sessions().of("alice").list())
                    .extracting(UserSession::publicId)
                    .containsExactly(site.as(after, "/handle").body());
        }
    }

    @Test
    void ending_one_by_its_handle_ends_that_one_alone() {
        try (Site site = site()) {
            String laptop = site.get("/login?alice").token();
            String phone = site.get("/login?alice").token();
            String handle = site.as(laptop, "/handle").body();

            assertThat(site.as(phone, "/end?" + handle).body()).isEqualTo("true");

            assertThat(subject(site, laptop)).isEqualTo("null");
            assertThat(subject(site, phone)).isEqualTo("alice");
            assertThat(site.as(phone, "/end?" + handle).body()).isEqualTo("false");
        }
    }

    @Test
    void nobody_ends_another_users_session_by_its_handle() {
        try (Site site = site()) {
            String alice = site.get("/login?alice").token();
            String bob = site.get("/login?bob").token();

            assertThat(site.as(bob, "/end?" + site.as(alice, "/handle").body()).body())
                    .isEqualTo("false");

            assertThat(subject(site, alice)).isEqualTo("alice");
        }
    }

    @Test
    void ending_the_others_leaves_this_one_even_after_its_id_has_changed() {
        try (Site site = site()) {
            String laptop = site.get("/login?alice").token();
            String tablet = site.get("/login?alice").token();
            String first = site.get("/login?alice").token();
            String phone = site.as(first, "/change-id").token();

            assertThat(site.as(phone, "/end-others").body()).isEqualTo("2");

            assertThat(Stream.of(laptop, tablet).map(each -> subject(site, each)))
                    .containsOnly("null");
            assertThat(subject(site, phone)).isEqualTo("alice");
        }
    }

    /** A page that does something to alice's sessions after another tab has given this one a new id, twice. */
    private static String afterOtherTabs(Site site, String token, Site.Page page) {
        List<String> newest = new ArrayList<>();
        site.page("/slow", (session, exchange) -> {
            session.subject();
            String once = site.visit("/change-id", Site.cookie(token)).token();
            newest.add(site.visit("/change-id", Site.cookie(once)).token());
            return page.answer(session, exchange);
        });
        site.heard().clear();
        assertThat(site.as(token, "/slow").body()).isEqualTo("1");
        return newest.get(0);
    }

    @Test
    void ending_the_others_leaves_this_one_under_the_new_id_that_another_tab_gave_it_meanwhile() {
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
    void a_list_marks_this_one_under_the_new_id_that_another_tab_gave_it_meanwhile() {
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

            assertThat(current).containsExactly(site.as(phoneNow, "/handle").body());
        }
    }

    @Test
    void ending_the_others_ends_one_that_began_in_the_same_millisecond() {
        try (Site site = site()) {
            String laptop = site.get("/login?alice").token();
            String phone = site.get("/login?alice").token();

            assertThat(site.as(phone, "/end-others").body()).isEqualTo("1");

            assertThat(subject(site, laptop)).isEqualTo("null");
            assertThat(subject(site, phone)).isEqualTo("alice");
        }
    }

    @Test
    void a_login_that_ends_the_others_in_the_same_request_keeps_its_own() {
        try (Site site = site()) {
            site.page("/login-alone", (session, exchange) -> {
                session.login("alice");
                return String.valueOf(site.sessions().of("alice").endOthers(session));
            });
            String old = site.get("/login?alice").token();
            String again = site.get("/login?alice").token();
            site.as(again, "/set?kept");

            String token = site.as(again, "/login-alone").token();

            assertThat(subject(site, token)).isEqualTo("alice");
            assertThat(site.as(token, "/read").body()).isEqualTo("kept");
            assertThat(subject(site, old)).isEqualTo("null");
            assertThat(site.sessions().of("alice").list()).hasSize(1);
        }
    }

    @Test
    void ending_all_ends_every_one_and_leaves_other_users_alone() {
        try (Site site = site()) {
            List<String> tokens = Stream.generate(() -> site.get("/login?alice").token())
                    .limit(250)
                    .toList();
            String bob = site.get("/login?bob").token();
            String guest = site.get("/set?x").token();

            assertThat(site.sessions().of("alice").endAll()).isEqualTo(250);

            assertThat(tokens).allMatch(token -> subject(site, token).equals("null"));
            assertThat(subject(site, bob)).isEqualTo("bob");
            assertThat(site.as(guest, "/read").body()).isEqualTo("x");
            assertThat(site.sessions().of("alice").list()).isEmpty();
            assertThat(site.sessions().of("alice").endAll()).isZero();
        }
    }

    /** The session gets a new id whenever its record is about to be looked at. */
    private static void isNeverReached(Consumer<UserSessions> ending) {
        SettableClock clock = new SettableClock();
        try (Site site = new Site(clock, new SpyStore(new SeparateIndexStore(clock)), c -> {})) {
            List<String> token =
                    new ArrayList<>(List.of(site.get("/login?alice").token()));
            AtomicBoolean changing = new AtomicBoolean();
            site.store().before("load", () -> {
                if (changing.compareAndSet(false, true)) {
                    token.set(0, site.as(token.get(0), "/change-id").token());
                    changing.set(false);
                }
            });

            assertThatThrownBy(() -> ending.accept(site.sessions().of("alice")))
                    .isInstanceOfSatisfying(
                            SessionUnavailableException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.CONFLICT));

            site.store().mend();
            assertThat(subject(site, token.get(0))).isEqualTo("alice");
        }
    }

    @Test
    void an_end_that_never_reaches_a_session_does_not_claim_that_it_is_ended() {
        isNeverReached(UserSessions::endAll);
        isNeverReached(sessions -> sessions.endIf(Key.of("a", String.class), value -> true));
        isNeverReached(sessions -> sessions.end("the public id of none of them"));
    }

    @Test
    void a_login_after_an_end_of_all_is_like_any_other() {
        try (Site site = site()) {
            site.get("/login?alice");
            site.sessions().of("alice").endAll();

            assertThat(subject(site, site.get("/login?alice").token())).isEqualTo("alice");
        }
    }

    @Test
    void a_session_given_to_somebody_else_is_not_ended_with_its_former_user() {
        try (Site site = site()) {
            String alice = site.get("/login?alice").token();
            String bob = site.as(alice, "/login?bob").token();

            assertThat(site.sessions().of("alice").endAll()).isZero();

            assertThat(subject(site, bob)).isEqualTo("bob");
        }
    }

    @Test
    void the_listener_hears_of_each_that_was_ended() {
        try (Site site = site()) {
            String token = site.get("/login?alice").token();
            String handle = site.as(token, "/handle").body();
            site.heard().clear();

            site.sessions().of("alice").endAll();

            Heard.Event event = site.heard().only("destroyed");
            assertThat(event.session().publicId()).isEqualTo(handle);
            assertThat(event.session().subject()).isEqualTo("alice");
            assertThat(event.details().get(1)).isEqualTo(DestroyReason.REVOKED);
        }
    }

    @Test
    void a_request_that_has_the_ended_session_in_hand_cannot_bring_it_back() {
        try (Site site = site()) {
            site.page("/slow", (session, exchange) -> {
                session.set("a", "late");
                site.sessions().of("alice").endAll();
                return "ok";
            });
            String token = site.get("/login?alice").token();

            site.as(token, "/slow");

            assertThat(subject(site, token)).isEqualTo("null");
            assertThat(site.as(token, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void an_end_of_all_that_the_store_does_not_answer_says_so_and_can_be_repeated() {
        try (Site site = site()) {
            String token = site.get("/login?alice").token();
            site.store().refuse("find", () -> StoreException.notDone("away", null));

            assertThatThrownBy(() -> site.sessions().of("alice").endAll())
                    .isInstanceOf(SessionUnavailableException.class);

            site.store().mend();
            assertThat(site.sessions().of("alice").endAll()).isEqualTo(1);
            assertThat(subject(site, token)).isEqualTo("null");
        }
    }

    @Test
    void a_login_whose_second_entry_fails_signs_nobody_in_and_leaves_nothing() {
        try (Site site = site()) {
            String token = site.begin("x");
            site.store().refuse("enter", () -> StoreException.unknown("no answer", null));

            assertThat(site.as(token, "/login?alice").status()).isEqualTo(503);

            site.store().mend();
            assertThat(subject(site, token)).isEqualTo("null");
            assertThat(site.as(token, "/read").body()).isEqualTo("x");
            assertThat(site.sessions().of("alice").list()).isEmpty();
        }
    }

    @Test
    void a_new_id_that_the_store_refused_at_its_last_step_leaves_no_session_that_nobody_has() {
        try (Site site = site()) {
            String guest = site.begin("x");
            site.store().refuse("compareAndSet", () -> StoreException.notDone("away", null));
            assertThat(site.as(guest, "/login?alice").status()).isEqualTo(503);
            site.store().mend();
            assertThat(site.sessions().of("alice").list()).isEmpty();

            String alice = site.as(guest, "/login?alice").token();
            site.store().refuse("compareAndSet", () -> StoreException.notDone("away", null));
            assertThat(site.as(alice, "/change-id").status()).isEqualTo(503);
            site.store().mend();
            assertThat(site.sessions().of("alice").list())
                    .extracting(UserSession::publicId)
                    .containsExactly(site.as(alice, "/handle").body());
        }
    }

    @Test
    void a_new_id_of_which_nobody_knows_whether_the_store_took_its_last_step_is_not_removed() {
        try (Site site = site()) {
            String guest = site.begin("x");
            site.store().loseAnswer("compareAndSet").refuseAfter(1, "load", () -> StoreException.notDone("away", null));
            assertThat(site.as(guest, "/login?alice").status()).isEqualTo(503);

            site.store().mend();

            assertThat(site.sessions().of("alice").list()).hasSize(1);
        }
    }

    @Test
    void a_login_on_a_machine_that_stood_still_for_longer_than_an_end_of_all_is_remembered_is_refused() {
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
            // What System.nanoTime() need not notice: it may stand still with the machine.
            clock.advance(Duration.ofMinutes(61));
            create.release();

            assertThatThrownBy(login::get).hasCauseInstanceOf(SessionEndedException.class);

            assertThat(sessions.of("alice").list()).isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    /** All calls, but no index. */
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
    void a_store_without_an_index_refuses_with_the_word_index() {
        try (SpyStore store = new SpyStore(new WithoutIndex())) {
            Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET).store(store));

            assertThatThrownBy(() -> sessions.of("alice"))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("index");
        }
    }

    @Test
    void who_cannot_be_a_subject_is_refused() {
        try (Site site = site()) {
            assertThatThrownBy(() -> site.sessions().of("")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> site.sessions().of("x".repeat(257))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void health_tells_whether_the_store_answers() {
        try (Site site = site()) {
            assertThat(site.sessions().health().up()).isTrue();
            assertThat(site.sessions().health().problem()).isEmpty();

            site.store().refuse("load", () -> StoreException.notDone("the connection was refused", null));

            assertThat(site.sessions().health().up()).isFalse();
            assertThat(site.sessions().health().problem()).contains("the connection was refused");
            site.store().mend();
            assertThat(site.sessions().health().up()).isTrue();
        }
    }

    @Test
    void a_rule_for_names_holds_wherever_a_name_comes_in() {
        try (Site site = new Site(c -> c.normalizeSubjects(name -> name.strip().toLowerCase(java.util.Locale.ROOT)))) {
            String token = site.get("/login?ALICE").token();
            assertThat(site.as(token, "/subject").body()).isEqualTo("alice");
            assertThat(site.sessions().normalizeSubject(" Alice ")).isEqualTo("alice");
            assertThat(site.sessions().of("aLiCe").list()).hasSize(1);
            String again = site.as(token, "/login?Alice").token();
            assertThat(site.sessions().of("alice").list()).hasSize(1);
            site.sessions().of("ALICE").endAll();
            assertThat(site.as(again, "/subject").body()).isEqualTo("null");
        }
    }

    @Test
    void without_a_rule_names_are_compared_letter_by_letter() {
        try (Site site = new Site()) {
            site.get("/login?ALICE");
            assertThat(site.sessions().of("alice").list()).isEmpty();
            assertThat(site.sessions().of("ALICE").list()).hasSize(1);
        }
    }

    @Test
    void a_rule_that_does_not_leave_its_own_results_alone_is_refused_at_the_first_name() {
        try (Site site = new Site(c -> c.normalizeSubjects(name -> "user-" + name))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> site.sessions().of("alice"))
                    .withMessageContaining("c.normalizeSubjects(...)");
            assertThat(site.get("/login?alice").status()).isEqualTo(500);
        }
    }
}
