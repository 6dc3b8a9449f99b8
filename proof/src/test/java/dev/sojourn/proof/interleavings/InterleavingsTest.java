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
 * Runs every schedule of concurrent requests with at most one fault. No acknowledged write is lost, no increment counts twice, no
 * session is derived from an ended one, no former id opens a signed-in session, and no login is undone.
 */
final class InterleavingsTest {
    private static int states;

    private static void check(Scenario scenario, Consumer<Outcome> invariant) {
        int count = scenario.check(invariant);
        System.out.println("  " + scenario + ": " + count + " final states");
        states += count;
    }

    @AfterAll
    static void print_the_number_of_final_states() {
        System.out.println("interleavings: " + states + " final states, all invariants hold");
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
        check(
                new Scenario("write/write").request("a", set("a")).request("b", set("b")),
                Invariants.all(
                        outcome -> Invariants.acknowledgedWriteIsKept(outcome, "a", "a"),
                        outcome -> Invariants.acknowledgedWriteIsKept(outcome, "b", "b"),
                        outcome -> Invariants.acknowledgedWriteIsKept(outcome, "a", "mark")));
    }

    @Test
    void two_increments_each_count_once() {
        check(
                new Scenario("update/update")
                        .startWith(session -> session.set("n", 0))
                        .request("one", InterleavingsTest::increment)
                        .request("two", InterleavingsTest::increment),
                Invariants::everyIncrementCountsOnce);
    }

    @Test
    void three_increments_each_count_once() {
        check(
                new Scenario("update/update/update")
                        .startWith(session -> session.set("n", 0))
                        .request("one", InterleavingsTest::increment)
                        .request("two", InterleavingsTest::increment)
                        .request("three", InterleavingsTest::increment),
                Invariants::everyIncrementCountsOnce);
    }

    @Test
    void a_write_concurrent_with_a_login_is_kept_or_refused_and_never_undoes_the_login() {
        check(
                new Scenario("write/login").request("write", set("cart")).request("login", login("alice")),
                Invariants.all(
                        outcome -> Invariants.acknowledgedWriteIsKept(outcome, "write", "cart"),
                        InterleavingsTest::loginPersists));
    }

    @Test
    void a_late_first_write_concurrent_with_a_login_stores_nothing_and_sends_no_cookie() {
        check(
                new Scenario("late new write/login")
                        .request("write", session -> {
                            if (!session.has("cart")) {
                                session.set("cart", "empty");
                            }
                        })
                        .request("login", login("alice")),
                Invariants.all(
                        outcome -> Invariants.acknowledgedWriteIsKept(outcome, "write", "cart"),
                        InterleavingsTest::loginPersists,
                        outcome -> outcome.responses().stream()
                                .filter(response -> response.request().equals("write"))
                                .forEach(response ->
                                        assertThat(response.setCookies()).isEmpty())));
    }

    private static void loginPersists(Outcome outcome) {
        Invariants.oldIdOpensNoSignedInSession(outcome);
        if (outcome.isAcknowledged("login")) {
            Invariants.browserIsSignedIn(outcome, "alice");
        }
    }

    @Test
    void two_concurrent_logins_create_two_sessions_and_end_the_former_one() {
        check(new Scenario("login/login").request("alice", login("alice")).request("bob", login("bob")), outcome -> {
            Invariants.oldIdOpensNoSignedInSession(outcome);
            long sessions = outcome.responses().stream()
                    .flatMap(response -> response.setCookies().stream())
                    .distinct()
                    .count();
            assertThat(sessions).as("sessions").isEqualTo(outcome.acknowledgedCount());
            for (Response response : outcome.responses()) {
                if (response.isAcknowledged()) {
                    Browser browser = new Browser(outcome.cookie());
                    browser.receive(response);
                    assertThat(outcome.cluster().read(browser.cookie(), Session::subject))
                            .as("the subject")
                            .contains(response.request());
                }
            }
        });
    }

    @Test
    void a_logout_ends_the_session_despite_a_concurrent_write() {
        check(
                new Scenario("write/logout").request("write", set("cart")).request("logout", Session::destroy),
                InterleavingsTest::logoutPersists);
    }

    @Test
    void a_logout_ends_the_session_despite_concurrent_increments() {
        check(
                new Scenario("update/update/logout")
                        .request("one", InterleavingsTest::increment)
                        .request("two", InterleavingsTest::increment)
                        .request("logout", Session::destroy),
                InterleavingsTest::logoutPersists);
    }

    @Test
    void a_logout_that_loaded_the_session_before_a_login_also_ends_the_signed_in_session() {
        check(
                new Scenario("login/logout").request("login", login("alice")).request("logout", Session::destroy),
                Invariants.all(InterleavingsTest::logoutPersists, outcome -> {
                    Invariants.oldIdOpensNoSignedInSession(outcome);
                    boolean logoutHadNoEffect = outcome.responses().stream()
                            .anyMatch(response -> response.request().equals("logout") && response.status() == 409);
                    if (logoutHadNoEffect && outcome.isAcknowledged("login")) {
                        Invariants.browserIsSignedIn(outcome, "alice");
                    }
                }));
    }

    private static void logoutPersists(Outcome outcome) {
        if (outcome.isAcknowledged("logout")) {
            Invariants.endedSessionLeavesNothing(outcome);
        }
    }

    @Test
    void a_logout_persists_despite_a_concurrent_id_change_and_a_write() {
        check(
                new Scenario("changeId/write/logout")
                        .request("change", Session::changeId)
                        .request("write", set("cart"))
                        .request("logout", Session::destroy),
                Invariants.all(InterleavingsTest::logoutPersists, outcome -> {
                    boolean logoutHadNoEffect = outcome.responses().stream()
                            .anyMatch(response -> response.request().equals("logout") && response.status() == 409);
                    if (logoutHadNoEffect) {
                        Invariants.acknowledgedWriteIsKept(outcome, "write", "cart");
                    }
                }));
    }

    @Test
    void an_id_change_concurrent_with_a_write_loses_nothing_and_ends_the_former_id() {
        check(
                new Scenario("changeId/write")
                        .request("change", Session::changeId)
                        .request("write", set("cart")),
                Invariants.all(outcome -> Invariants.acknowledgedWriteIsKept(outcome, "write", "cart"), outcome -> {
                    if (outcome.isAcknowledged("change")) {
                        assertThat(outcome.cluster().read(outcome.cookie(), Invariants::mark))
                                .isEmpty();
                        for (Browser browser : Browser.inEveryOrder(outcome.cookie(), outcome.responses())) {
                            assertThat(outcome.cluster().read(browser.cookie(), Invariants::mark))
                                    .contains("first");
                        }
                    }
                }));
    }

    @Test
    void a_regenerated_session_contains_nothing_of_the_old_one_and_a_concurrent_logout_persists() {
        check(
                new Scenario("regenerate/logout")
                        .request("regenerate", Session::regenerate)
                        .request("logout", Session::destroy),
                Invariants.all(InterleavingsTest::logoutPersists, outcome -> {
                    if (outcome.isAcknowledged("regenerate")) {
                        Invariants.endedSessionLeavesNothing(outcome);
                    }
                }));
    }

    @Test
    void a_destroyed_session_never_comes_back_by_a_touch() {
        check(
                new Scenario("touch/touch/destroy")
                        .beforeRequests(cluster -> {
                            cluster.clock(0).advance(Duration.ofMinutes(2));
                            cluster.clock(1).advance(Duration.ofMinutes(3));
                            cluster.clock(2).advance(Duration.ofMinutes(2));
                        })
                        .request("one", session -> session.has("mark"))
                        .request("two", session -> session.has("mark"))
                        .request("logout", Session::destroy),
                InterleavingsTest::logoutPersists);
    }

    @Test
    void a_session_that_one_node_found_expired_is_ended_for_all_nodes_or_alive_for_both() {
        check(
                new Scenario("expiry/touch")
                        .beforeRequests(cluster -> {
                            cluster.clock(0).advance(Duration.ofMinutes(29));
                            cluster.clock(1).advance(Duration.ofMinutes(31));
                        })
                        .request("use", session -> session.has("mark"))
                        .request("late", session -> session.has("mark")),
                outcome -> outcome.responses().stream()
                        .filter(response -> response.request().equals("late"))
                        .forEach(response -> {
                            boolean cleared = !response.setCookies().isEmpty();
                            if (cleared) {
                                Invariants.endedSessionLeavesNothing(outcome);
                            }
                        }));
    }

    @Test
    void a_new_session_with_an_unknown_first_save_stays_ended_after_its_logout() {
        check(
                new Scenario("unknown create, then logout")
                        .startWith(session -> {})
                        .requestThenNext("create", session -> session.set("mark", "first"), Session::destroy),
                outcome -> {
                    if (outcome.isAcknowledged("create") && outcome.isAcknowledged("next")) {
                        Invariants.endedSessionLeavesNothing(outcome);
                    }
                });
    }

    @Test
    void two_id_changes_concurrent_with_a_write_lose_nothing() {
        check(
                new Scenario("changeId/changeId/write")
                        .request("one", Session::changeId)
                        .request("two", Session::changeId)
                        .request("write", set("cart")),
                Invariants.all(
                        outcome -> Invariants.acknowledgedWriteIsKept(outcome, "write", "cart"),
                        outcome -> Invariants.acknowledgedWriteIsKept(outcome, "one", "mark")));
    }

    @Test
    void end_all_leaves_no_session_of_a_login_in_progress() {
        check(
                new Scenario("login/endAll")
                        .request("login", login("alice"))
                        .userOperation("end", "alice", UserSessions::endAll),
                InterleavingsTest::onlyLaterLoginsSurvive);
    }

    @Test
    @Tag("further")
    void end_all_leaves_no_session_of_two_logins_in_progress() {
        check(
                new Scenario("login/login/endAll")
                        .startWith(session -> {})
                        .request("one", login("alice"))
                        .request("two", login("alice"))
                        .withoutFaults()
                        .userOperation("end", "alice", UserSessions::endAll),
                InterleavingsTest::onlyLaterLoginsSurvive);
    }

    private static void onlyLaterLoginsSurvive(Outcome outcome) {
        if (!outcome.isAcknowledged("end")) {
            return;
        }
        assertThat(outcome.cluster().index().hasEndAllStarted("alice"))
                .as("whether logins in progress can notice endAll")
                .isTrue();
        for (StoreKey key : reachableSurvivors(outcome)) {
            assertThat(outcome.cluster().index().wasEnteredAfterEndAll("alice", key))
                    .as("whether a session that outlived endAll started after it")
                    .isTrue();
        }
    }

    /** Returns the live records whose id a client received; a record with an unknown id opens nothing. */
    private static List<StoreKey> reachableSurvivors(Outcome outcome) {
        List<String> publicIds = outcome.allCookies().stream()
                .map(cookie -> outcome.cluster()
                        .read(cookie, session -> session.subject() == null ? null : session.publicId()))
                .flatMap(Optional::stream)
                .toList();
        return outcome.cluster().liveRecordsOf("alice").stream()
                .filter(key -> publicIds.contains(Cluster.publicId(key)))
                .toList();
    }

    @Test
    void end_all_persists_despite_a_concurrent_id_change_and_a_write() {
        check(
                new Scenario("changeId/write/endAll")
                        .startWith(session -> {
                            session.login("alice");
                            session.set("mark", "first");
                        })
                        .request("change", Session::changeId)
                        .request("write", set("cart"))
                        .withoutFaults()
                        .userOperation("end", "alice", UserSessions::endAll),
                outcome -> {
                    if (outcome.isAcknowledged("end")) {
                        Invariants.endedSessionLeavesNothing(outcome);
                    }
                });
    }

    @Test
    @Tag("further")
    void end_all_persists_despite_a_concurrent_id_change() {
        check(
                new Scenario("changeId/endAll")
                        .startWith(session -> {
                            session.login("alice");
                            session.set("mark", "first");
                        })
                        .request("change", Session::changeId)
                        .userOperation("end", "alice", UserSessions::endAll),
                outcome -> {
                    if (outcome.isAcknowledged("end")) {
                        Invariants.endedSessionLeavesNothing(outcome);
                    }
                });
    }

    @Test
    @Tag("further")
    void end_by_public_id_persists_despite_a_concurrent_id_change() {
        check(
                new Scenario("changeId/end by public id")
                        .startWith(session -> {
                            session.login("alice");
                            session.set("mark", "first");
                        })
                        .request("change", Session::changeId)
                        .userOperation("end", "alice", all -> all.list().forEach(each -> all.end(each.publicId()))),
                outcome -> {
                    boolean listed = outcome.isAcknowledged("end");
                    boolean complete = outcome.withoutResponse() == 0 && outcome.unknown() == 0;
                    if (listed && complete) {
                        Invariants.endedSessionLeavesNothing(outcome);
                    }
                });
    }

    private static final Key<String> DEVICE = Key.of("device", String.class);

    /** Ends the sessions of one device. */
    private static Consumer<UserSessions> endOn(String device) {
        return all -> all.endIf(DEVICE, device::equals);
    }

    /** Creates a scenario with a signed-in session on a phone. */
    private static Scenario onPhone(String name) {
        return new Scenario(name).startWith(session -> {
            session.login("alice");
            session.set("mark", "first");
            session.set(DEVICE, "phone");
        });
    }

    private static void endPersists(Outcome outcome) {
        if (outcome.isAcknowledged("end")) {
            Invariants.endedSessionLeavesNothing(outcome);
        }
    }

    @Test
    void end_if_leaves_no_session_of_a_login_in_progress() {
        check(
                new Scenario("login/endIf")
                        .startWith(session -> {
                            session.set("mark", "first");
                            session.set(DEVICE, "phone");
                        })
                        .request("login", login("alice"))
                        .userOperation("end", "alice", endOn("phone")),
                InterleavingsTest::onlyLaterLoginsSurvive);
    }

    @Test
    @Tag("further")
    void end_if_persists_despite_a_concurrent_login_in_the_same_session() {
        check(
                onPhone("login again/endIf")
                        .request("login", login("alice"))
                        .userOperation("end", "alice", endOn("phone")),
                Invariants.all(InterleavingsTest::onlyLaterLoginsSurvive, outcome -> {
                    if (outcome.isAcknowledged("end")) {
                        assertThat(outcome.cluster().read(outcome.cookie(), Invariants::mark))
                                .as("the session of the former id")
                                .isEmpty();
                    }
                }));
    }

    @Test
    void end_if_persists_despite_a_concurrent_logout() {
        check(
                onPhone("logout/endIf")
                        .request("logout", Session::destroy)
                        .userOperation("end", "alice", endOn("phone")),
                Invariants.all(InterleavingsTest::logoutPersists, InterleavingsTest::endPersists));
    }

    @Test
    void end_if_persists_despite_a_concurrent_write() {
        check(
                onPhone("write/endIf").request("write", set("cart")).userOperation("end", "alice", endOn("phone")),
                InterleavingsTest::endPersists);
    }

    @Test
    void end_if_persists_despite_a_concurrent_id_change() {
        check(
                onPhone("changeId/endIf")
                        .request("change", Session::changeId)
                        .userOperation("end", "alice", endOn("phone")),
                InterleavingsTest::endPersists);
    }

    @Test
    void a_session_without_the_value_loses_nothing_during_end_if() {
        check(
                onPhone("write/endIf of another device")
                        .request("write", set("cart"))
                        .userOperation("end", "alice", endOn("laptop")),
                outcome -> Invariants.acknowledgedWriteIsKept(outcome, "write", "cart"));
        check(
                onPhone("changeId/endIf of another device")
                        .request("change", Session::changeId)
                        .userOperation("end", "alice", endOn("laptop")),
                outcome -> Invariants.acknowledgedWriteIsKept(outcome, "change", "mark"));
    }

    /** Creates a scenario in which one request sets the value while {@code endIf} runs and records its result. */
    private static Scenario setValueDuringEndIf(String name, List<Integer> ended) {
        return onPhone(name)
                .beforeRequests(cluster -> ended.clear())
                .request("write", session -> session.set(DEVICE, "laptop"))
                .userOperation("end", "alice", all -> ended.add(all.endIf(DEVICE, "laptop"::equals)));
    }

    @Test
    void a_session_that_gets_the_value_during_end_if_is_kept_completely_or_ended() {
        List<Integer> ended = new ArrayList<>();
        check(setValueDuringEndIf("set the value/endIf, no faults", ended).withoutFaults(), outcome -> {
            if (ended.contains(1)) {
                Invariants.endedSessionLeavesNothing(outcome);
            } else {
                Invariants.acknowledgedWriteIsKept(outcome, "write", "mark");
            }
        });
        // A delete that takes effect after its caller gave up is done, but not counted.
        check(setValueDuringEndIf("set the value/endIf", ended), outcome -> {
            if (ended.contains(1)) {
                Invariants.endedSessionLeavesNothing(outcome);
            }
        });
    }

    @Test
    void a_list_that_drops_stale_entries_never_drops_a_session_being_created() {
        check(
                new Scenario("login/list")
                        .request("login", login("alice"))
                        .userOperation("list", "alice", UserSessions::list),
                outcome -> {
                    if (outcome.isAcknowledged("login")) {
                        assertThat(outcome.cluster().liveRecordsOf("alice"))
                                .filteredOn(key -> reachableSurvivors(outcome).contains(key))
                                .isNotEmpty()
                                .allMatch(key -> outcome.cluster().index().contains("alice", key));
                    }
                });
    }

    /** Asserts that one more list removes all stale entries, as those of a stopped node. */
    private static void indexIsExactAfterAnotherList(Outcome outcome) {
        outcome.cluster().runUserOperation("look", 0, UserSessions::list, "alice");
        assertThat(outcome.cluster().liveRecordsOf("alice"))
                .as("sessions in the index")
                .containsAll(outcome.cluster().index().keysOf("alice"));
        assertThat(outcome.cluster().index().keysOf("alice"))
                .as("sessions whose id a client has")
                .containsAll(reachableSurvivors(outcome));
    }

    @Test
    void an_id_change_replaces_the_entry_and_the_next_list_drops_a_stale_one() {
        check(
                signedIn("changeId/list")
                        .request("change", Session::changeId)
                        .userOperation("list", "alice", UserSessions::list),
                InterleavingsTest::indexIsExactAfterAnotherList);
    }

    @Test
    void a_logout_removes_the_entry_and_the_next_list_drops_a_stale_one() {
        check(
                signedIn("logout/list")
                        .request("logout", Session::destroy)
                        .userOperation("list", "alice", UserSessions::list),
                InterleavingsTest::indexIsExactAfterAnotherList);
    }

    @Test
    void a_list_during_an_id_change_contains_the_session_under_its_former_or_new_public_id() {
        List<Integer> sizes = new ArrayList<>();
        check(
                signedIn("changeId/list, no faults")
                        .beforeRequests(cluster -> sizes.clear())
                        .request("change", Session::changeId)
                        .withoutFaults()
                        .userOperation(
                                "list", "alice", all -> sizes.add(all.list().size())),
                outcome -> assertThat(sizes).as("number of listed sessions").allMatch(size -> size >= 1));
    }

    private static Consumer<Session> absoluteTimeout(int hours) {
        return session -> session.absoluteTimeout(Duration.ofHours(hours));
    }

    private static Scenario signedIn(String name) {
        return new Scenario(name).startWith(session -> {
            session.login("alice");
            session.set("mark", "first");
        });
    }

    /** Asserts that no entry expires before its record, which would hide the session from {@code endAll}. */
    private static void noSessionOutlivesItsEntry(Outcome outcome) {
        for (StoreKey key : outcome.cluster().liveRecordsOf("alice")) {
            assertThat(outcome.cluster().index().expiryOf("alice", key))
                    .as("expiry of the session's entry")
                    .isAfterOrEqualTo(outcome.cluster().absoluteEnd(key));
        }
    }

    @Test
    void the_entry_of_a_session_with_a_shorter_timeout_outlives_it_even_if_the_timeout_is_not_saved() {
        check(
                signedIn("sooner/write").request("sooner", absoluteTimeout(1)).request("write", set("cart")),
                InterleavingsTest::noSessionOutlivesItsEntry);
    }

    @Test
    void the_entry_of_a_session_with_a_longer_timeout_outlives_it_despite_another_timeout_change() {
        for (int other : new int[] {1, 24, 96}) {
            check(
                    signedIn("48 hours/" + other + " hours")
                            .request("longer", absoluteTimeout(48))
                            .request("other", absoluteTimeout(other)),
                    InterleavingsTest::noSessionOutlivesItsEntry);
        }
    }

    @Test
    void the_entry_of_a_session_with_a_longer_timeout_outlives_it_despite_an_id_change() {
        check(
                signedIn("changeId/48 hours")
                        .request("change", Session::changeId)
                        .request("longer", absoluteTimeout(48)),
                InterleavingsTest::noSessionOutlivesItsEntry);
    }

    @Test
    void the_entry_of_a_session_with_a_longer_timeout_outlives_it_despite_a_login() {
        check(
                new Scenario("login/48 hours").request("login", login("alice")).request("longer", absoluteTimeout(48)),
                Invariants.all(InterleavingsTest::noSessionOutlivesItsEntry, InterleavingsTest::loginPersists));
    }

    /** Increments by a get and a set under a lease; without a lease, concurrent increments would be lost. */
    private static void leasedIncrement(Session session) {
        session.exclusive();
        Integer n = session.get("n", Integer.class);
        session.set("n", n == null ? 1 : n + 1);
    }

    @Test
    void two_exclusive_requests_get_and_set_without_loss() {
        check(
                new Scenario("exclusive/exclusive")
                        .startWith(session -> session.set("n", 0))
                        .request("one", InterleavingsTest::leasedIncrement)
                        .request("two", InterleavingsTest::leasedIncrement),
                Invariants.all(Invariants::everyIncrementCountsOnce, Invariants::noLeaseRemains));
    }

    @Test
    void a_lease_that_another_node_considers_expired_loses_no_increment() {
        check(
                new Scenario("exclusive/exclusive, different clocks")
                        .startWith(session -> session.set("n", 0))
                        .beforeRequests(cluster -> cluster.clock(1).advance(Duration.ofSeconds(40)))
                        .request("one", InterleavingsTest::leasedIncrement)
                        .request("two", InterleavingsTest::leasedIncrement),
                Invariants.all(Invariants::everyIncrementCountsOnce, Invariants::noLeaseRemains));
    }

    @Test
    void a_write_without_a_lease_is_kept_during_another_requests_lease() {
        check(
                new Scenario("exclusive/write")
                        .startWith(session -> session.set("n", 0))
                        .request("one", InterleavingsTest::leasedIncrement)
                        .request("write", set("cart")),
                Invariants.all(
                        outcome -> Invariants.acknowledgedWriteIsKept(outcome, "write", "cart"),
                        outcome -> Invariants.acknowledgedWriteIsKept(outcome, "write", "n"),
                        Invariants::noLeaseRemains));
    }

    @Test
    void a_logout_ends_a_session_leased_by_another_request() {
        check(
                new Scenario("exclusive/logout")
                        .startWith(session -> {
                            session.set("mark", "first");
                            session.set("n", 0);
                        })
                        .request("one", InterleavingsTest::leasedIncrement)
                        .request("logout", Session::destroy),
                Invariants.all(InterleavingsTest::logoutPersists, Invariants::noLeaseRemains));
    }

    @Test
    void a_login_under_a_lease_keeps_a_concurrent_write() {
        check(
                new Scenario("exclusive login/write")
                        .request("login", session -> {
                            session.exclusive();
                            session.login("alice");
                        })
                        .request("write", set("cart")),
                Invariants.all(
                        outcome -> Invariants.acknowledgedWriteIsKept(outcome, "write", "cart"),
                        InterleavingsTest::loginPersists,
                        Invariants::noLeaseRemains));
    }
}
