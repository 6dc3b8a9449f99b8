package dev.sojourn.proof.interleavings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Key;
import dev.sojourn.Session;
import dev.sojourn.UserSessions;
import dev.sojourn.proof.interleavings.Scenario.Outcome;
import dev.sojourn.spi.StoreKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
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

    @Test
    void an_end_of_all_sessions_leaves_none_of_a_login_that_was_under_way() {
        prove(
                new Scenario("login/endAll").request("login", login("alice")).act("end", "alice", UserSessions::endAll),
                InterleavingsTest::onlyLaterLoginsSurvive);
    }

    @Test
    @Tag("further")
    void an_end_of_all_sessions_leaves_none_of_two_logins_that_were_under_way() {
        prove(
                new Scenario("login/login/endAll")
                        .beginsWith(session -> {})
                        .request("one", login("alice"))
                        .request("two", login("alice"))
                        .withoutFaults()
                        .act("end", "alice", UserSessions::endAll),
                InterleavingsTest::onlyLaterLoginsSurvive);
    }

    private static void onlyLaterLoginsSurvive(Outcome outcome) {
        if (!outcome.acknowledged("end")) {
            return;
        }
        assertThat(outcome.world().index().anEndHasBegun("alice"))
                .as("that logins under way can know of the end")
                .isTrue();
        for (StoreKey key : survivorsThatSomebodyKnows(outcome)) {
            assertThat(outcome.world().index().wasEnteredSinceTheEnd("alice", key))
                    .as("a session that outlived an end of all was begun after it")
                    .isTrue();
        }
    }

    /** A record whose id nobody was told opens nothing. */
    private static List<StoreKey> survivorsThatSomebodyKnows(Outcome outcome) {
        List<String> handles = outcome.allCookies().stream()
                .map(cookie ->
                        outcome.world().look(cookie, session -> session.subject() == null ? null : session.publicId()))
                .flatMap(Optional::stream)
                .toList();
        return outcome.world().liveRecordsOf("alice").stream()
                .filter(key -> handles.contains(World.handle(key)))
                .toList();
    }

    @Test
    void an_end_of_all_sessions_holds_beside_a_change_of_the_id_and_a_write() {
        prove(
                new Scenario("changeId/write/endAll")
                        .beginsWith(session -> {
                            session.login("alice");
                            session.set("mark", "first");
                        })
                        .request("change", Session::changeId)
                        .request("write", set("cart"))
                        .withoutFaults()
                        .act("end", "alice", UserSessions::endAll),
                outcome -> {
                    if (outcome.acknowledged("end")) {
                        Laws.nothingOfTheEndedSessionIsLeft(outcome);
                    }
                });
    }

    @Test
    @Tag("further")
    void an_end_of_all_sessions_holds_beside_a_change_of_the_id() {
        prove(
                new Scenario("changeId/endAll")
                        .beginsWith(session -> {
                            session.login("alice");
                            session.set("mark", "first");
                        })
                        .request("change", Session::changeId)
                        .act("end", "alice", UserSessions::endAll),
                outcome -> {
                    if (outcome.acknowledged("end")) {
                        Laws.nothingOfTheEndedSessionIsLeft(outcome);
                    }
                });
    }

    @Test
    @Tag("further")
    void an_end_of_one_session_by_its_handle_holds_beside_a_change_of_its_id() {
        prove(
                new Scenario("changeId/end by handle")
                        .beginsWith(session -> {
                            session.login("alice");
                            session.set("mark", "first");
                        })
                        .request("change", Session::changeId)
                        .act("end", "alice", all -> all.list().forEach(each -> all.end(each.publicId()))),
                outcome -> {
                    boolean listed = outcome.acknowledged("end");
                    boolean answered = outcome.unanswered() == 0 && outcome.inDoubt() == 0;
                    if (listed && answered) {
                        Laws.nothingOfTheEndedSessionIsLeft(outcome);
                    }
                });
    }

    private static final Key<String> DEVICE = Key.of("device", String.class);

    /** Ends the sessions of one device. */
    private static Consumer<UserSessions> endOn(String device) {
        return all -> all.endIf(DEVICE, device::equals);
    }

    /** A signed-in session on a phone. */
    private static Scenario onPhone(String name) {
        return new Scenario(name).beginsWith(session -> {
            session.login("alice");
            session.set("mark", "first");
            session.set(DEVICE, "phone");
        });
    }

    private static void theEndHolds(Outcome outcome) {
        if (outcome.acknowledged("end")) {
            Laws.nothingOfTheEndedSessionIsLeft(outcome);
        }
    }

    @Test
    void an_end_by_a_value_leaves_none_of_a_login_that_was_under_way() {
        prove(
                new Scenario("login/endIf")
                        .beginsWith(session -> {
                            session.set("mark", "first");
                            session.set(DEVICE, "phone");
                        })
                        .request("login", login("alice"))
                        .act("end", "alice", endOn("phone")),
                InterleavingsTest::onlyLaterLoginsSurvive);
    }

    @Test
    @Tag("further")
    void an_end_by_a_value_holds_beside_a_new_login_in_that_same_session() {
        prove(
                onPhone("login again/endIf").request("login", login("alice")).act("end", "alice", endOn("phone")),
                Laws.all(InterleavingsTest::onlyLaterLoginsSurvive, outcome -> {
                    if (outcome.acknowledged("end")) {
                        assertThat(outcome.world().look(outcome.cookie(), Laws::mark))
                                .as("what the id from before opens")
                                .isEmpty();
                    }
                }));
    }

    @Test
    void an_end_by_a_value_holds_beside_a_logout() {
        prove(
                onPhone("logout/endIf").request("logout", Session::destroy).act("end", "alice", endOn("phone")),
                Laws.all(InterleavingsTest::logoutHolds, InterleavingsTest::theEndHolds));
    }

    @Test
    void an_end_by_a_value_holds_beside_a_write() {
        prove(
                onPhone("write/endIf").request("write", set("cart")).act("end", "alice", endOn("phone")),
                InterleavingsTest::theEndHolds);
    }

    @Test
    void an_end_by_a_value_holds_beside_a_change_of_the_id() {
        prove(
                onPhone("changeId/endIf").request("change", Session::changeId).act("end", "alice", endOn("phone")),
                InterleavingsTest::theEndHolds);
    }

    @Test
    void a_session_without_the_value_loses_nothing_beside_an_end_by_a_value() {
        prove(
                onPhone("write/endIf of another device")
                        .request("write", set("cart"))
                        .act("end", "alice", endOn("laptop")),
                outcome -> Laws.noAcknowledgedWriteIsLost(outcome, "write", "cart"));
        prove(
                onPhone("changeId/endIf of another device")
                        .request("change", Session::changeId)
                        .act("end", "alice", endOn("laptop")),
                outcome -> Laws.noAcknowledgedWriteIsLost(outcome, "change", "mark"));
    }

    /** Two requests: one takes the value; the other ends by it, and says how many it has ended. */
    private static Scenario takesTheValue(String name, List<Integer> ended) {
        return onPhone(name)
                .then(world -> ended.clear())
                .request("write", session -> session.set(DEVICE, "laptop"))
                .act("end", "alice", all -> ended.add(all.endIf(DEVICE, "laptop"::equals)));
    }

    @Test
    void a_session_that_takes_the_value_beside_an_end_by_it_is_kept_whole_or_ended() {
        List<Integer> ended = new ArrayList<>();
        prove(takesTheValue("set the value/endIf, no faults", ended).withoutFaults(), outcome -> {
            if (ended.contains(1)) {
                Laws.nothingOfTheEndedSessionIsLeft(outcome);
            } else {
                Laws.noAcknowledgedWriteIsLost(outcome, "write", "mark");
            }
        });
        // A delete that takes effect after the caller gave up waiting is not counted, but it is done.
        prove(takesTheValue("set the value/endIf", ended), outcome -> {
            if (ended.contains(1)) {
                Laws.nothingOfTheEndedSessionIsLeft(outcome);
            }
        });
    }

    @Test
    void whoever_cleans_the_list_up_never_drops_a_session_that_is_just_being_made() {
        prove(
                new Scenario("login/list").request("login", login("alice")).act("list", "alice", UserSessions::list),
                outcome -> {
                    if (outcome.acknowledged("login")) {
                        assertThat(outcome.world().liveRecordsOf("alice"))
                                .filteredOn(key ->
                                        survivorsThatSomebodyKnows(outcome).contains(key))
                                .isNotEmpty()
                                .allMatch(key -> outcome.world().index().names("alice", key));
                    }
                });
    }

    /** What a node that died has left costs one list a look, and no other. */
    private static void afterOneMoreListTheIndexNamesLiveSessionsOnly(Outcome outcome) {
        outcome.world().act("look", 0, UserSessions::list, "alice");
        assertThat(outcome.world().liveRecordsOf("alice"))
                .as("sessions that the index names")
                .containsAll(outcome.world().index().namedOf("alice"));
        assertThat(outcome.world().index().namedOf("alice"))
                .as("sessions that somebody knows")
                .containsAll(survivorsThatSomebodyKnows(outcome));
    }

    @Test
    void a_new_id_takes_its_entry_along_and_one_that_is_left_behind_is_dropped_by_the_next_list() {
        prove(
                signedIn("changeId/list").request("change", Session::changeId).act("list", "alice", UserSessions::list),
                InterleavingsTest::afterOneMoreListTheIndexNamesLiveSessionsOnly);
    }

    @Test
    void a_logout_takes_its_entry_along_and_one_that_is_left_behind_is_dropped_by_the_next_list() {
        prove(
                signedIn("logout/list").request("logout", Session::destroy).act("list", "alice", UserSessions::list),
                InterleavingsTest::afterOneMoreListTheIndexNamesLiveSessionsOnly);
    }

    @Test
    void a_list_beside_a_change_of_the_id_names_the_session_under_its_old_handle_or_its_new_one() {
        List<Integer> sizes = new ArrayList<>();
        prove(
                signedIn("changeId/list, no faults")
                        .then(world -> sizes.clear())
                        .request("change", Session::changeId)
                        .withoutFaults()
                        .act("list", "alice", all -> sizes.add(all.list().size())),
                outcome -> assertThat(sizes).as("how many are listed").allMatch(size -> size >= 1));
    }

    private static Consumer<Session> lastingHours(int hours) {
        return session -> session.absoluteTimeout(Duration.ofHours(hours));
    }

    private static Scenario signedIn(String name) {
        return new Scenario(name).beginsWith(session -> {
            session.login("alice");
            session.set("mark", "first");
        });
    }

    /** An entry that is forgotten before its record ends would hide it from an end of all. */
    private static void noSessionOutlivesItsEntry(Outcome outcome) {
        for (StoreKey key : outcome.world().liveRecordsOf("alice")) {
            assertThat(outcome.world().index().namedUntil("alice", key))
                    .as("until when the index names a session")
                    .isAfterOrEqualTo(outcome.world().absoluteEnd(key));
        }
    }

    @Test
    void a_session_that_is_to_end_sooner_is_named_as_long_as_it_may_last_if_that_is_not_saved() {
        prove(
                signedIn("sooner/write").request("sooner", lastingHours(1)).request("write", set("cart")),
                InterleavingsTest::noSessionOutlivesItsEntry);
    }

    @Test
    void a_session_that_is_to_last_longer_is_named_as_long_whoever_else_changes_that() {
        for (int other : new int[] {1, 24, 96}) {
            prove(
                    signedIn("48 hours/" + other + " hours")
                            .request("longer", lastingHours(48))
                            .request("other", lastingHours(other)),
                    InterleavingsTest::noSessionOutlivesItsEntry);
        }
    }

    @Test
    void a_session_that_gets_a_new_id_while_it_is_to_last_longer_is_named_as_long() {
        prove(
                signedIn("changeId/48 hours")
                        .request("change", Session::changeId)
                        .request("longer", lastingHours(48)),
                InterleavingsTest::noSessionOutlivesItsEntry);
    }

    @Test
    void a_session_that_somebody_signs_in_to_while_it_is_to_last_longer_is_named_as_long() {
        prove(
                new Scenario("login/48 hours").request("login", login("alice")).request("longer", lastingHours(48)),
                Laws.all(InterleavingsTest::noSessionOutlivesItsEntry, InterleavingsTest::loginHolds));
    }

    /** Reading, then setting: loses increments wherever two do it at a time. */
    private static void naiveIncrement(Session session) {
        session.exclusive();
        Integer n = session.get("n", Integer.class);
        session.set("n", n == null ? 1 : n + 1);
    }

    @Test
    void two_requests_that_have_the_session_to_themselves_read_and_set_without_loss() {
        prove(
                new Scenario("exclusive/exclusive")
                        .beginsWith(session -> session.set("n", 0))
                        .request("one", InterleavingsTest::naiveIncrement)
                        .request("two", InterleavingsTest::naiveIncrement),
                Laws.all(Laws::everyIncrementCountsOnce, Laws::nobodyHoldsTheSessionAnyMore));
    }

    @Test
    void a_lease_that_another_node_believes_to_have_ended_loses_no_increment() {
        prove(
                new Scenario("exclusive/exclusive, clocks apart")
                        .beginsWith(session -> session.set("n", 0))
                        .then(world -> world.clock(1).advance(Duration.ofSeconds(40)))
                        .request("one", InterleavingsTest::naiveIncrement)
                        .request("two", InterleavingsTest::naiveIncrement),
                Laws.all(Laws::everyIncrementCountsOnce, Laws::nobodyHoldsTheSessionAnyMore));
    }

    @Test
    void a_write_that_asks_for_no_lease_is_kept_beside_one_that_has_it() {
        prove(
                new Scenario("exclusive/write")
                        .beginsWith(session -> session.set("n", 0))
                        .request("one", InterleavingsTest::naiveIncrement)
                        .request("write", set("cart")),
                Laws.all(
                        outcome -> Laws.noAcknowledgedWriteIsLost(outcome, "write", "cart"),
                        outcome -> Laws.noAcknowledgedWriteIsLost(outcome, "write", "n"),
                        Laws::nobodyHoldsTheSessionAnyMore));
    }

    @Test
    void a_logout_ends_a_session_that_another_request_has_to_itself() {
        prove(
                new Scenario("exclusive/logout")
                        .beginsWith(session -> {
                            session.set("mark", "first");
                            session.set("n", 0);
                        })
                        .request("one", InterleavingsTest::naiveIncrement)
                        .request("logout", Session::destroy),
                Laws.all(InterleavingsTest::logoutHolds, Laws::nobodyHoldsTheSessionAnyMore));
    }

    @Test
    void a_login_that_has_the_session_to_itself_takes_along_what_was_set_beside_it() {
        prove(
                new Scenario("exclusive login/write")
                        .request("login", session -> {
                            session.exclusive();
                            session.login("alice");
                        })
                        .request("write", set("cart")),
                Laws.all(
                        outcome -> Laws.noAcknowledgedWriteIsLost(outcome, "write", "cart"),
                        InterleavingsTest::loginHolds,
                        Laws::nobodyHoldsTheSessionAnyMore));
    }
}
