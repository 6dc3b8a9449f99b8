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
import dev.sojourn.proof.site.RawResponse;
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

/** A response contains "Nothing was saved" only if that is true, because clients then repeat the request. */
class PartlySavedTest {
    private static final String NOTHING = "Nothing was saved";
    private static final String PART = "Only a part of what you asked for was done. Please look before you try again.";

    private static int count(Session session) {
        Integer now = session.update("n", Integer.class, n -> n == null ? 1 : n + 1);
        return now == null ? 0 : now;
    }

    private static StoreException storeFailure() {
        return StoreException.notDone("no connection", null);
    }

    private static void assertPartlySaved(RawResponse response, int status) {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.body()).contains(PART).doesNotContain(NOTHING);
    }

    @Test
    void a_failed_save_after_a_successful_one_of_the_same_request_is_reported_as_partly_saved() {
        try (Site site = new Site()) {
            site.addPage("/count-then-set", (session, exchange) -> {
                count(session);
                session.set("a", "y");
                site.store().failBefore("compareAndSet", PartlySavedTest::storeFailure);
                return "ok";
            });
            String token = site.startSession("x");

            RawResponse response = site.getAs(token, "/count-then-set");

            assertPartlySaved(response, 503);
            assertThat(response.header("Retry-After")).isPresent();
            site.store().clearFailures();
            assertThat(site.getAs(token, "/count").body()).isEqualTo("2");
            assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void a_failed_single_save_is_reported_as_nothing_saved() {
        try (Site site = new Site()) {
            site.addPage("/nothing-then-set", (session, exchange) -> {
                session.set("a", "x");
                session.save();
                session.set("a", "y");
                return "ok";
            });
            String token = site.startSession("x");
            site.store().failBefore("compareAndSet", PartlySavedTest::storeFailure);

            assertThat(site.getAs(token, "/nothing-then-set").body()).contains(NOTHING);
            assertThat(site.getAs(token, "/count").body()).contains(NOTHING);
            assertThat(site.getAs(token, "/login?alice").body()).contains(NOTHING);
        }
    }

    @Test
    void a_failed_new_session_after_a_destroy_is_reported_as_partly_saved() {
        try (Site site = new Site()) {
            site.addPage("/again", (session, exchange) -> {
                session.destroy();
                session.set("a", "new");
                return "ok";
            });
            String token = site.startSession("x");
            site.store().failBefore("create", PartlySavedTest::storeFailure);

            assertPartlySaved(site.getAs(token, "/again"), 503);

            site.store().clearFailures();
            assertThat(site.getAs(token, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void a_login_in_another_tab_after_the_first_save_is_a_409_reported_as_partly_saved() {
        try (Site site = new Site()) {
            List<String> tokens = new ArrayList<>();
            site.addPage("/count-then-set", (session, exchange) -> {
                count(session);
                tokens.add(site.send("/login?alice", Site.cookie(tokens.get(0))).token());
                session.set("a", "y");
                return "ok";
            });
            tokens.add(site.startSession("x"));

            assertPartlySaved(site.getAs(tokens.get(0), "/count-then-set"), 409);

            assertThat(site.getAs(tokens.get(1), "/count").body()).isEqualTo("2");
        }
    }

    @Test
    void a_lease_lost_after_the_first_save_is_reported_as_partly_saved() {
        SettableClock clock = new SettableClock();
        MemoryStore store = new MemoryStore();
        try (Site slow = new Site(clock, new SpyStore(store), Sessions.Config::exclusive);
                Site quick = new Site(clock, new SpyStore(store), Sessions.Config::exclusive)) {
            List<String> tokens = new ArrayList<>();
            slow.addPage("/slow", (session, exchange) -> {
                count(session);
                clock.advance(Duration.ofSeconds(31));
                quick.getAs(tokens.get(0), "/set?quick");
                session.set("a", "slow");
                return "ok";
            });
            tokens.add(slow.startSession("x"));

            assertPartlySaved(slow.getAs(tokens.get(0), "/slow"), 503);

            assertThat(slow.getAs(tokens.get(0), "/count").body()).isEqualTo("2");
            assertThat(slow.getAs(tokens.get(0), "/read").body()).isEqualTo("quick");
        }
    }

    @Test
    void the_next_scope_of_a_request_reports_saves_of_the_first_scope() {
        FaultyStore store = new FaultyStore();
        Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET).store(store));
        SessionScope first = sessions.open(new TestExchange("/"));
        first.session().set("name", "John");
        first.commit();
        try (SessionScope errorPage = first.next()) {
            errorPage.session().set("page", "error");
            store.failNext(Call.COMPARE_AND_SET, Fault.NOT_DONE);

            SessionException thrown = catchThrowableOfType(SessionException.class, errorPage::commit);

            assertThat(thrown.isPartlySaved()).isTrue();
            assertThat(thrown.responseText()).contains(PART);
        }
    }

    @Test
    void is_partly_saved_and_the_reason_are_available_to_the_application() {
        try (Site site = new Site(c -> c.maxSessionBytes(2_000))) {
            List<SessionException> caught = new ArrayList<>();
            site.addPage("/several", (session, exchange) -> {
                session.set("b", "x".repeat(1_500));
                caught.add(catchThrowableOfType(SessionException.class, session::save));
                session.discard();
                count(session);
                session.set("b", "x".repeat(1_500));
                caught.add(catchThrowableOfType(SessionException.class, session::save));
                session.discard();
                session.set("b", "y");
                site.store().failBefore("compareAndSet", PartlySavedTest::storeFailure);
                caught.add(catchThrowableOfType(SessionException.class, session::save));
                session.discard();
                return "ok";
            });

            assertThat(site.getAs(site.startSession("x".repeat(1_000)), "/several")
                            .body())
                    .isEqualTo("ok");

            assertThat(caught).extracting(SessionException::isPartlySaved).containsExactly(false, true, true);
            assertThat(caught.get(1)).isInstanceOf(SessionTooLargeException.class);
            assertThat(caught.get(2)).isInstanceOfSatisfying(SessionUnavailableException.class, thrown -> {
                assertThat(thrown.reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
                // Other requests of the same write may have received the same exception.
                assertThat(thrown.getCause())
                        .isInstanceOfSatisfying(
                                SessionUnavailableException.class,
                                cause -> assertThat(cause.isPartlySaved()).isFalse());
            });
        }
    }

    @Test
    void end_all_that_fails_midway_is_reported_as_partly_saved() {
        try (Site site = new Site()) {
            for (int i = 0; i < 3; i++) {
                site.get("/login?alice");
            }
            site.addPage(
                    "/end-all",
                    (session, exchange) ->
                            String.valueOf(site.sessions().of("alice").endAll()));

            site.store().failBefore("delete", PartlySavedTest::storeFailure);
            assertThat(site.get("/end-all").body()).contains(NOTHING);
            site.store().failBeforeExceptFirst(1, "delete", PartlySavedTest::storeFailure);
            assertPartlySaved(site.get("/end-all"), 503);

            site.store().clearFailures();
            assertThat(site.get("/end-all").body()).isEqualTo("2");
        }
    }
}
