package dev.sojourn.proof.interleavings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Session;
import dev.sojourn.proof.interleavings.Scenario.Outcome;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * No lost acknowledged write, no doubled increment, no session derived from an ended one, no old id that opens a
 * signed-in session, no login undone: in every schedule, with at most one fault.
 */
final class InterleavingsTest {
    private static int schedules;

    private static void prove(Scenario scenario, Consumer<Outcome> law) {
        int held = scenario.holds(law);
        System.out.println("  " + scenario + ": " + held + " schedules");
        schedules += held;
    }

    @AfterAll
    static void tell_how_many() {
        System.out.println("interleavings: " + schedules + " schedules, all lawful");
    }

    private static Consumer<Session> set(String name) {
        return session -> session.set(name, 1);
    }

    private static void increment(Session session) {
        session.update("n", Integer.class, n -> n == null ? 1 : n + 1);
    }

    private static Consumer<Session> login(String subject) {
        return session -> session.login(subject);
    }

    @Test
    void two_writes_of_different_attributes_are_both_kept() {
        prove(
                new Scenario("write/write").request("a", set("a")).request("b", set("b")),
                Laws.all(
                        outcome -> Laws.noAcknowledgedWriteIsLost(outcome, "a", "a"),
                        outcome -> Laws.noAcknowledgedWriteIsLost(outcome, "b", "b"),
                        outcome -> Laws.noAcknowledgedWriteIsLost(outcome, "a", "mark")));
    }

    @Test
    void two_increments_each_count_once() {
        prove(
                new Scenario("update/update")
                        .beginsWith(session -> session.set("n", 0))
                        .request("one", InterleavingsTest::increment)
                        .request("two", InterleavingsTest::increment),
                Laws::everyIncrementCountsOnce);
    }

    @Test
    void three_increments_each_count_once() {
        prove(
                new Scenario("update/update/update")
                        .beginsWith(session -> session.set("n", 0))
                        .request("one", InterleavingsTest::increment)
                        .request("two", InterleavingsTest::increment)
                        .request("three", InterleavingsTest::increment),
                Laws::everyIncrementCountsOnce);
    }

    @Test
    void a_write_beside_a_login_is_kept_or_refused_and_never_undoes_the_login() {
        prove(
                new Scenario("write/login").request("write", set("cart")).request("login", login("alice")),
                Laws.all(
                        outcome -> Laws.noAcknowledgedWriteIsLost(outcome, "write", "cart"),
                        InterleavingsTest::loginHolds));
    }

    @Test
    void a_first_write_that_comes_late_beside_a_login_stores_nothing_and_sends_no_cookie() {
        prove(
                new Scenario("late new write/login")
                        .request("write", session -> {
                            if (!session.has("cart")) {
                                session.set("cart", "empty");
                            }
                        })
                        .request("login", login("alice")),
                Laws.all(
                        outcome -> Laws.noAcknowledgedWriteIsLost(outcome, "write", "cart"),
                        InterleavingsTest::loginHolds,
                        outcome -> outcome.answers().stream()
                                .filter(answer -> answer.request().equals("write"))
                                .forEach(answer ->
                                        assertThat(answer.setCookies()).isEmpty())));
    }

    private static void loginHolds(Outcome outcome) {
        Laws.theOldIdOpensNoSignedInSession(outcome);
        if (outcome.acknowledged("login")) {
            Laws.theBrowserIsSignedIn(outcome, "alice");
        }
    }

    @Test
    void two_logins_at_a_time_make_two_sessions_and_end_the_old_one() {
        prove(new Scenario("login/login").request("alice", login("alice")).request("bob", login("bob")), outcome -> {
            Laws.theOldIdOpensNoSignedInSession(outcome);
            long sessions = outcome.answers().stream()
                    .flatMap(answer -> answer.setCookies().stream())
                    .distinct()
                    .count();
            assertThat(sessions).as("sessions").isEqualTo(outcome.acknowledged());
            for (Answer answer : outcome.answers()) {
                if (answer.acknowledged()) {
                    Browser browser = new Browser(outcome.cookie());
                    browser.hears(answer);
                    assertThat(outcome.world().look(browser.cookie(), Session::subject))
                            .as("who signed in")
                            .contains(answer.request());
                }
            }
        });
    }

    @Test
    void a_logout_ends_the_session_whatever_writes_beside_it() {
        prove(
                new Scenario("write/logout").request("write", set("cart")).request("logout", Session::destroy),
                InterleavingsTest::logoutHolds);
    }

    @Test
    void a_logout_ends_the_session_whatever_increments_beside_it() {
        prove(
                new Scenario("update/update/logout")
                        .request("one", InterleavingsTest::increment)
                        .request("two", InterleavingsTest::increment)
                        .request("logout", Session::destroy),
                InterleavingsTest::logoutHolds);
    }

    @Test
    void a_logout_that_had_loaded_the_session_before_a_login_ends_the_signed_in_one_too() {
        prove(
                new Scenario("login/logout").request("login", login("alice")).request("logout", Session::destroy),
                Laws.all(InterleavingsTest::logoutHolds, outcome -> {
                    Laws.theOldIdOpensNoSignedInSession(outcome);
                    boolean loggedOutForCertainNot = outcome.answers().stream()
                            .anyMatch(answer -> answer.request().equals("logout") && answer.status() == 409);
                    if (loggedOutForCertainNot && outcome.acknowledged("login")) {
                        Laws.theBrowserIsSignedIn(outcome, "alice");
                    }
                }));
    }

    private static void logoutHolds(Outcome outcome) {
        if (outcome.acknowledged("logout")) {
            Laws.nothingOfTheEndedSessionIsLeft(outcome);
        }
    }

    @Test
    void a_logout_holds_beside_a_change_of_the_id_and_a_write() {
        prove(
                new Scenario("changeId/write/logout")
                        .request("change", Session::changeId)
                        .request("write", set("cart"))
                        .request("logout", Session::destroy),
                Laws.all(InterleavingsTest::logoutHolds, outcome -> {
                    boolean logoutHadNoEffect = outcome.answers().stream()
                            .anyMatch(answer -> answer.request().equals("logout") && answer.status() == 409);
                    if (logoutHadNoEffect) {
                        Laws.noAcknowledgedWriteIsLost(outcome, "write", "cart");
                    }
                }));
    }

    @Test
    void a_change_of_the_id_beside_a_write_loses_nothing_and_ends_the_old_id() {
        prove(
                new Scenario("changeId/write")
                        .request("change", Session::changeId)
                        .request("write", set("cart")),
                Laws.all(outcome -> Laws.noAcknowledgedWriteIsLost(outcome, "write", "cart"), outcome -> {
                    if (outcome.acknowledged("change")) {
                        assertThat(outcome.world().look(outcome.cookie(), Laws::mark))
                                .isEmpty();
                        for (Browser browser : Browser.inEveryOrder(outcome.cookie(), outcome.answers())) {
                            assertThat(outcome.world().look(browser.cookie(), Laws::mark))
                                    .contains("first");
                        }
                    }
                }));
    }

    @Test
    void a_regenerated_session_holds_nothing_of_the_old_one_and_a_logout_beside_it_holds() {
        prove(
                new Scenario("regenerate/logout")
                        .request("regenerate", Session::regenerate)
                        .request("logout", Session::destroy),
                Laws.all(InterleavingsTest::logoutHolds, outcome -> {
                    if (outcome.acknowledged("regenerate")) {
                        Laws.nothingOfTheEndedSessionIsLeft(outcome);
                    }
                }));
    }

    @Test
    void touches_bring_no_destroyed_session_back() {
        prove(
                new Scenario("touch/touch/destroy")
                        .then(world -> {
                            world.clock(0).advance(Duration.ofMinutes(2));
                            world.clock(1).advance(Duration.ofMinutes(3));
                            world.clock(2).advance(Duration.ofMinutes(2));
                        })
                        .request("one", session -> session.has("mark"))
                        .request("two", session -> session.has("mark"))
                        .request("logout", Session::destroy),
                InterleavingsTest::logoutHolds);
    }

    @Test
    void a_session_that_one_node_found_expired_is_gone_for_every_node_or_lives_for_both() {
        prove(
                new Scenario("expiry/touch")
                        .then(world -> {
                            world.clock(0).advance(Duration.ofMinutes(29));
                            world.clock(1).advance(Duration.ofMinutes(31));
                        })
                        .request("use", session -> session.has("mark"))
                        .request("late", session -> session.has("mark")),
                outcome -> outcome.answers().stream()
                        .filter(answer -> answer.request().equals("late"))
                        .forEach(answer -> {
                            boolean cleared = !answer.setCookies().isEmpty();
                            if (cleared) {
                                Laws.nothingOfTheEndedSessionIsLeft(outcome);
                            }
                        }));
    }

    @Test
    void a_new_session_whose_first_save_was_in_doubt_stays_ended_after_its_logout() {
        prove(
                new Scenario("create in doubt, then logout")
                        .beginsWith(session -> {})
                        .requestThenNext("create", session -> session.set("mark", "first"), Session::destroy),
                outcome -> {
                    if (outcome.acknowledged("create") && outcome.acknowledged("next")) {
                        Laws.nothingOfTheEndedSessionIsLeft(outcome);
                    }
                });
    }

    @Test
    void two_changes_of_the_id_beside_a_write_lose_nothing() {
        prove(
                new Scenario("changeId/changeId/write")
                        .request("one", Session::changeId)
                        .request("two", Session::changeId)
                        .request("write", set("cart")),
                Laws.all(
                        outcome -> Laws.noAcknowledgedWriteIsLost(outcome, "write", "cart"),
                        outcome -> Laws.noAcknowledgedWriteIsLost(outcome, "one", "mark")));
    }
}
