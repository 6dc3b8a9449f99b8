package dev.sojourn.proof.interleavings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.OnLimit;
import dev.sojourn.Session;
import dev.sojourn.UserSessions;
import dev.sojourn.proof.interleavings.Scenario.Outcome;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Runs every schedule of logins whose user may have a limited number of sessions, with at most one fault: a user never has
 * more, and no login is refused while there is room.
 */
final class LimitInterleavingsTest {
    /** A lost response, and a node that stops: those that leave a login half done. */
    private static final Set<Fault> SOME_FAULTS = EnumSet.of(Fault.DONE_RESPONSE_LOST, Fault.STOP_AFTER);

    private static int finalStates;

    private static void check(Scenario scenario, Consumer<Outcome> invariant) {
        int count = scenario.check(invariant);
        System.out.println("  " + scenario + ": " + count + " final states");
        finalStates += count;
    }

    @AfterAll
    static void print_the_number_of_final_states() {
        System.out.println("limits: " + finalStates + " final states, all invariants hold");
    }

    private static Scenario limited(String name, int max, OnLimit onLimit) {
        return new Scenario(name, new Cluster(settings -> {
            settings.maxSessionsPerUser = max;
            settings.onSessionLimit = onLimit;
        }));
    }

    /** A user who is signed in: a request in that session, and a login in another browser. */
    private static Scenario signedIn(String name, int max, OnLimit onLimit, String request, Consumer<Session> handler) {
        return limited(name, max, onLimit)
                .startWith(LimitInterleavingsTest::signIn)
                .request(request, handler)
                .requestOfAnotherBrowser("login", LimitInterleavingsTest::login)
                .withFaults(SOME_FAULTS);
    }

    private static void login(Session session) {
        session.login("alice");
    }

    private static void signIn(Session session) {
        session.login("alice");
        session.set("mark", "first");
    }

    /** Returns how many clients can use a session of the user. */
    private static long usable(Outcome outcome) {
        return outcome.allCookies().stream()
                .distinct()
                .filter(cookie -> outcome.cluster()
                        .read(cookie, Session::subject)
                        .filter("alice"::equals)
                        .isPresent())
                .count();
    }

    private static boolean isWithoutFault(Outcome outcome) {
        return outcome.withoutResponse() == 0 && outcome.unknown() == 0;
    }

    private static long refused(Outcome outcome) {
        return outcome.responses().stream()
                .filter(response -> response.status() == 409)
                .count();
    }

    private static void exactlyOneRemains(Outcome outcome) {
        assertThat(usable(outcome)).as("usable sessions").isLessThanOrEqualTo(1);
        if (isWithoutFault(outcome)) {
            assertThat(usable(outcome)).as("usable sessions").isEqualTo(1);
        }
    }

    private static void oneLoginIsRefused(Outcome outcome) {
        exactlyOneRemains(outcome);
        if (isWithoutFault(outcome)) {
            assertThat(outcome.acknowledgedCount()).as("logins").isEqualTo(1);
            assertThat(refused(outcome)).as("refused logins").isEqualTo(1);
        }
    }

    @Test
    void of_two_first_logins_at_once_one_is_refused() {
        check(
                limited("login/login, refuse, without a list", 1, OnLimit.REFUSE_LOGIN)
                        .startWith(session -> {})
                        .requestOfAnotherBrowser("one", LimitInterleavingsTest::login)
                        .requestOfAnotherBrowser("two", LimitInterleavingsTest::login)
                        .withoutFaults(),
                LimitInterleavingsTest::oneLoginIsRefused);
    }

    private static Scenario afterALogout(Scenario scenario) {
        return scenario.startWith(LimitInterleavingsTest::login)
                .beforeRequests(cluster -> cluster.runUserOperation("end", 0, UserSessions::endAll, "alice"));
    }

    @Test
    void of_two_logins_at_once_one_is_refused_despite_a_fault() {
        check(
                afterALogout(limited("login/login, refuse", 1, OnLimit.REFUSE_LOGIN))
                        .requestOfAnotherBrowser("one", LimitInterleavingsTest::login)
                        .requestOfAnotherBrowser("two", LimitInterleavingsTest::login)
                        .withFaults(SOME_FAULTS),
                LimitInterleavingsTest::oneLoginIsRefused);
    }

    @Test
    void of_two_logins_at_once_the_later_one_ends_the_other_despite_a_fault() {
        check(
                afterALogout(limited("login/login, end the oldest", 1, OnLimit.END_OLDEST))
                        .requestOfAnotherBrowser("one", LimitInterleavingsTest::login)
                        .requestOfAnotherBrowser("two", LimitInterleavingsTest::login)
                        .withFaults(SOME_FAULTS),
                outcome -> {
                    exactlyOneRemains(outcome);
                    assertThat(refused(outcome)).as("refused logins").isZero();
                });
    }

    @Test
    void a_session_that_gets_a_new_id_counts_once() {
        check(
                signedIn("changeId/login, room for two", 2, OnLimit.REFUSE_LOGIN, "change", Session::changeId),
                outcome -> assertThat(refused(outcome)).as("refused logins").isZero());
        check(
                signedIn("changeId/login, room for one", 1, OnLimit.REFUSE_LOGIN, "change", Session::changeId),
                outcome -> {
                    assertThat(usable(outcome)).as("usable sessions").isLessThanOrEqualTo(1);
                    assertThat(outcome.isAcknowledged("login")).as("the login").isFalse();
                });
    }

    @Test
    void a_session_is_ended_even_if_it_gets_a_new_id_at_this_moment() {
        check(
                signedIn("changeId/login, end the oldest", 1, OnLimit.END_OLDEST, "change", Session::changeId),
                outcome -> {
                    assertThat(usable(outcome)).as("usable sessions").isLessThanOrEqualTo(1);
                    if (outcome.isAcknowledged("login")) {
                        Invariants.endedSessionLeavesNothing(outcome);
                    }
                });
    }

    @Test
    void signing_in_again_in_the_same_session_is_never_refused() {
        check(
                signedIn("login again/login", 1, OnLimit.REFUSE_LOGIN, "again", LimitInterleavingsTest::login),
                outcome -> {
                    assertThat(usable(outcome)).as("usable sessions").isLessThanOrEqualTo(1);
                    assertThat(outcome.isAcknowledged("login")).as("the login").isFalse();
                    if (isWithoutFault(outcome)) {
                        assertThat(outcome.isAcknowledged("again"))
                                .as("the login in the same session")
                                .isTrue();
                    }
                });
    }

    @Test
    void a_session_that_begins_anew_takes_one_place_even_if_another_request_moves_the_old_one() {
        check(
                limited("regenerate and login/changeId, room for one", 1, OnLimit.END_OLDEST)
                        .startWith(LimitInterleavingsTest::signIn)
                        .request("anew", session -> {
                            session.regenerate();
                            session.login("alice");
                        })
                        .request("change", Session::changeId)
                        .withFaults(EnumSet.of(Fault.DONE_RESPONSE_LOST)),
                outcome -> assertThat(usable(outcome)).as("usable sessions").isLessThanOrEqualTo(1));
    }

    @Test
    void a_login_concurrent_with_a_logout_finds_room_or_is_refused_and_leaves_nothing() {
        check(signedIn("logout/login", 1, OnLimit.REFUSE_LOGIN, "logout", Session::destroy), outcome -> {
            assertThat(usable(outcome)).as("usable sessions").isLessThanOrEqualTo(1);
            if (isWithoutFault(outcome)) {
                assertThat(usable(outcome)).as("usable sessions").isEqualTo(outcome.isAcknowledged("login") ? 1 : 0);
                assertThat(outcome.cluster().liveRecordsOf("alice")).hasSize((int) usable(outcome));
            }
        });
    }
}
