package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.SessionException;
import dev.sojourn.SessionTooLargeException;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.Reply;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.StoreException;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Fault;
import dev.sojourn.testing.SettableClock;
import dev.sojourn.testing.TestExchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** "Nothing was saved" is true wherever it is said: whoever believes it repeats the request. */
class HonestAnswersTest {
    private static final String NOTHING = "Nothing was saved";
    private static final String PART = "Only a part of what you asked for was done. Please look before you try again.";

    private static int count(Session session) {
        Integer now = session.update("n", Integer.class, n -> n == null ? 1 : n + 1);
        return now == null ? 0 : now;
    }

    private static StoreException refused() {
        return StoreException.notDone("no connection", null);
    }

    private static void assertPartly(Reply reply, int status) {
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.body()).contains(PART).doesNotContain(NOTHING);
    }

    @Test
    void a_save_that_fails_after_another_one_of_the_same_request_says_that_a_part_was_done() {
        try (Site site = new Site()) {
            site.page("/count-then-set", (session, exchange) -> {
                count(session);
                session.set("a", "y");
                site.store().refuse("compareAndSet", HonestAnswersTest::refused);
                return "ok";
            });
            String token = site.begin("x");

            Reply reply = site.as(token, "/count-then-set");

            assertPartly(reply, 503);
            assertThat(reply.header("Retry-After")).isPresent();
            site.store().mend();
            assertThat(site.as(token, "/count").body()).isEqualTo("2");
            assertThat(site.as(token, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void a_save_that_fails_by_itself_says_that_nothing_was_saved() {
        try (Site site = new Site()) {
            site.page("/nothing-then-set", (session, exchange) -> {
                session.set("a", "x");
                session.save();
                session.set("a", "y");
                return "ok";
            });
            String token = site.begin("x");
            site.store().refuse("compareAndSet", HonestAnswersTest::refused);

            assertThat(site.as(token, "/nothing-then-set").body()).contains(NOTHING);
            assertThat(site.as(token, "/count").body()).contains(NOTHING);
            assertThat(site.as(token, "/login?alice").body()).contains(NOTHING);
        }
    }

    @Test
    void a_new_session_in_place_of_one_that_was_ended_that_cannot_be_stored_says_that_a_part_was_done() {
        try (Site site = new Site()) {
            site.page("/again", (session, exchange) -> {
                session.destroy();
                session.set("a", "new");
                return "ok";
            });
            String token = site.begin("x");
            site.store().refuse("create", HonestAnswersTest::refused);

            assertPartly(site.as(token, "/again"), 503);

            site.store().mend();
            assertThat(site.as(token, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void a_login_in_another_tab_after_this_requests_first_save_is_a_409_that_says_that_a_part_was_done() {
        try (Site site = new Site()) {
            List<String> tokens = new ArrayList<>();
            site.page("/count-then-set", (session, exchange) -> {
                count(session);
                tokens.add(
                        site.visit("/login?alice", Site.cookie(tokens.get(0))).token());
                session.set("a", "y");
                return "ok";
            });
            tokens.add(site.begin("x"));

            assertPartly(site.as(tokens.get(0), "/count-then-set"), 409);

            assertThat(site.as(tokens.get(1), "/count").body()).isEqualTo("2");
        }
    }

    @Test
    void a_lease_that_was_lost_after_this_requests_first_save_says_that_a_part_was_done() {
        SettableClock clock = new SettableClock();
        MemoryStore store = new MemoryStore();
        try (Site slow = new Site(clock, new SpyStore(store), Sessions.Config::exclusive);
                Site quick = new Site(clock, new SpyStore(store), Sessions.Config::exclusive)) {
            List<String> tokens = new ArrayList<>();
            slow.page("/slow", (session, exchange) -> {
                count(session);
                clock.advance(Duration.ofSeconds(31));
                quick.as(tokens.get(0), "/set?quick");
                session.set("a", "slow");
                return "ok";
            });
            tokens.add(slow.begin("x"));

            assertPartly(slow.as(tokens.get(0), "/slow"), 503);

            assertThat(slow.as(tokens.get(0), "/count").body()).isEqualTo("2");
            assertThat(slow.as(tokens.get(0), "/read").body()).isEqualTo("quick");
        }
    }

    @Test
    void a_second_round_of_a_request_knows_what_the_first_one_saved() {
        FaultyStore store = new FaultyStore();
        Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET).store(store));
        SessionScope first = sessions.open(new TestExchange("/"));
        first.session().set("name", "John");
        first.commit();
        try (SessionScope errorPage = first.next()) {
            errorPage.session().set("page", "error");
            store.failNext(Call.COMPARE_AND_SET, Fault.NOT_DONE);

            SessionException told = catchThrowableOfType(SessionException.class, errorPage::commit);

            assertThat(told.isPartlySaved()).isTrue();
            assertThat(told.responseText()).contains(PART);
        }
    }

    @Test
    void the_application_can_tell_and_still_knows_why() {
        try (Site site = new Site(c -> c.maxSessionBytes(2_000))) {
            List<SessionException> caught = new ArrayList<>();
            site.page("/several", (session, exchange) -> {
                session.set("b", "x".repeat(1_500));
                caught.add(catchThrowableOfType(SessionException.class, session::save));
                session.discard();
                count(session);
                session.set("b", "x".repeat(1_500));
                caught.add(catchThrowableOfType(SessionException.class, session::save));
                session.discard();
                session.set("b", "y");
                site.store().refuse("compareAndSet", HonestAnswersTest::refused);
                caught.add(catchThrowableOfType(SessionException.class, session::save));
                session.discard();
                return "ok";
            });

            assertThat(site.as(site.begin("x".repeat(1_000)), "/several").body())
                    .isEqualTo("ok");

            assertThat(caught).extracting(SessionException::isPartlySaved).containsExactly(false, true, true);
            assertThat(caught.get(1)).isInstanceOf(SessionTooLargeException.class);
            assertThat(caught.get(2)).isInstanceOfSatisfying(SessionUnavailableException.class, told -> {
                assertThat(told.reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
                // Others who were saved in the same write may have been thrown the same one.
                assertThat(told.getCause())
                        .isInstanceOfSatisfying(
                                SessionUnavailableException.class,
                                cause -> assertThat(cause.isPartlySaved()).isFalse());
            });
        }
    }

    @Test
    void an_end_of_all_sessions_that_fails_midway_says_that_a_part_was_done() {
        try (Site site = new Site()) {
            for (int i = 0; i < 3; i++) {
                site.get("/login?alice");
            }
            site.page(
                    "/end-all",
                    (session, exchange) ->
                            String.valueOf(site.sessions().of("alice").endAll()));

            site.store().refuse("delete", HonestAnswersTest::refused);
            assertThat(site.get("/end-all").body()).contains(NOTHING);
            site.store().refuseAfter(1, "delete", HonestAnswersTest::refused);
            assertPartly(site.get("/end-all"), 503);

            site.store().mend();
            assertThat(site.get("/end-all").body()).isEqualTo("2");
        }
    }
}
