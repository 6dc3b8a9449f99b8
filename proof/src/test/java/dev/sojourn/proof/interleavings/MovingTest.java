package dev.sojourn.proof.interleavings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Session;
import dev.sojourn.UserSessions;
import dev.sojourn.proof.interleavings.Cluster.Migration;
import dev.sojourn.proof.interleavings.Cluster.NodeStores;
import dev.sojourn.proof.interleavings.Scenario.Outcome;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs every schedule of two requests that use a session while it moves to another store, with at most one fault. No acknowledged
 * write is lost, no increment counts twice, no ended session comes back, and no client is signed out. The next change always finds
 * the session and completes its move. Covers moves between two stores with Sojourn's records, from Express's records to
 * Sojourn's, and back.
 */
final class MovingTest {
    private static int states;

    private static void check(Scenario scenario, Consumer<Outcome> invariant) {
        int count = scenario.check(invariant);
        System.out.println("  " + scenario + ": " + count + " final states");
        states += count;
    }

    @AfterAll
    static void print_the_number_of_final_states() {
        System.out.println("moving: " + states + " final states, all invariants hold");
    }

    private static Scenario allNodesMoving(Migration migration, String name) {
        return new Scenario(
                migration + " " + name,
                new Cluster(migration, NodeStores.MOVING, NodeStores.MOVING, NodeStores.MOVING));
    }

    /** Runs faults only with {@code -DeveryFault=true}: two nodes that both move have too many schedules for every build. */
    private static Scenario withOptionalFaults(Scenario scenario) {
        return Boolean.getBoolean("everyFault") ? scenario : scenario.withoutFaults();
    }

    /** Creates a scenario during the deployment of the second step: one node moves sessions, another only prepares to. */
    private static Scenario duringDeployment(Migration migration, String name) {
        Scenario scenario = new Scenario(
                migration + " " + name, new Cluster(migration, NodeStores.MOVING, NodeStores.BOTH, NodeStores.MOVING));
        return migration == Migration.TO_EXPRESS ? withOptionalFaults(scenario) : scenario;
    }

    private static Consumer<Session> set(String name) {
        return session -> session.set(name, 1);
    }

    private static void increment(Session session) {
        session.update("n", Integer.class, n -> n == null ? 1 : n + 1);
    }

    private static void read(Session session) {
        if (Invariants.mark(session) == null) {
            throw new AssertionError("the browser was signed out");
        }
    }

    /** Asserts that the browser's next change finds the session and completes its move to the new store. */
    private static void nextChangeCompletesTheMove(Outcome outcome) {
        Cluster cluster = outcome.cluster();
        Response response = cluster.request("afterwards", 2, outcome.cookie(), session -> {
            read(session);
            session.set("afterwards", 1);
        });
        assertThat(response.status()).as("the next change").isEqualTo(200);
        assertThat(cluster.isCompleteInNewStore(cluster.firstKey()))
                .as("whether the move is complete")
                .isTrue();
        assertThat(cluster.latestRecordOf(cluster.firstKey()).orElseThrow()).contains("\"afterwards\":1");
    }

    private static void bothWritesAreKept(Outcome outcome) {
        Invariants.acknowledgedWriteIsKept(outcome, "a", "a");
        Invariants.acknowledgedWriteIsKept(outcome, "b", "b");
        nextChangeCompletesTheMove(outcome);
    }

    private static void logoutPersists(Outcome outcome) {
        if (outcome.isAcknowledged("logout")) {
            Invariants.endedSessionLeavesNothing(outcome);
        }
    }

    @ParameterizedTest
    @EnumSource(Migration.class)
    void two_concurrent_changes_that_move_the_session_are_both_kept(Migration migration) {
        check(
                withOptionalFaults(allNodesMoving(migration, "write/write"))
                        .request("a", set("a"))
                        .request("b", set("b")),
                MovingTest::bothWritesAreKept);
    }

    @ParameterizedTest
    @EnumSource(Migration.class)
    @Tag("further")
    void a_change_that_moves_the_session_and_a_concurrent_one_that_does_not_are_both_kept(Migration migration) {
        check(
                duringDeployment(migration, "write/write in place")
                        .request("a", set("a"))
                        .request("b", set("b")),
                MovingTest::bothWritesAreKept);
    }

    @ParameterizedTest
    @EnumSource(Migration.class)
    void two_concurrent_increments_that_move_the_session_each_count_once(Migration migration) {
        check(
                withOptionalFaults(allNodesMoving(migration, "update/update"))
                        .startWith(session -> {
                            session.set("mark", "first");
                            session.set("n", 0);
                        })
                        .request("one", MovingTest::increment)
                        .request("two", MovingTest::increment),
                Invariants.all(Invariants::everyIncrementCountsOnce, MovingTest::nextChangeCompletesTheMove));
    }

    @ParameterizedTest
    @EnumSource(Migration.class)
    void a_read_during_a_move_finds_the_session(Migration migration) {
        check(
                allNodesMoving(migration, "write/read").request("a", set("a")).request("read", MovingTest::read),
                MovingTest::nextChangeCompletesTheMove);
        check(
                duringDeployment(migration, "write/read by a preparing node")
                        .request("a", set("a"))
                        .request("read", MovingTest::read),
                MovingTest::nextChangeCompletesTheMove);
    }

    @ParameterizedTest
    @EnumSource(Migration.class)
    void a_touch_during_a_move_loses_nothing(Migration migration) {
        check(
                withOptionalFaults(allNodesMoving(migration, "touch/write"))
                        .beforeRequests(cluster -> {
                            cluster.clock(0).advance(Duration.ofMinutes(2));
                            cluster.clock(1).advance(Duration.ofMinutes(3));
                        })
                        .request("touch", MovingTest::read)
                        .request("b", set("b")),
                MovingTest::bothWritesAreKept);
    }

    @ParameterizedTest
    @EnumSource(Migration.class)
    void a_logout_during_a_move_persists(Migration migration) {
        check(
                withOptionalFaults(allNodesMoving(migration, "write/logout"))
                        .request("write", set("cart"))
                        .request("logout", Session::destroy),
                MovingTest::logoutPersists);
    }

    @ParameterizedTest
    @EnumSource(Migration.class)
    @Tag("further")
    void a_logout_on_a_preparing_node_persists(Migration migration) {
        check(
                duringDeployment(migration, "write/logout in place")
                        .request("write", set("cart"))
                        .request("logout", Session::destroy),
                MovingTest::logoutPersists);
        check(
                duringDeployment(migration, "logout/write in place")
                        .request("logout", Session::destroy)
                        .request("write", set("cart")),
                MovingTest::logoutPersists);
    }

    @ParameterizedTest
    @EnumSource(Migration.class)
    void a_login_during_a_move_is_never_undone(Migration migration) {
        check(
                withOptionalFaults(allNodesMoving(migration, "login/write"))
                        .request("login", session -> session.login("alice"))
                        .request("write", set("cart")),
                outcome -> {
                    Invariants.oldIdOpensNoSignedInSession(outcome);
                    if (migration == Migration.SAME_FORMAT) {
                        Invariants.acknowledgedWriteIsKept(outcome, "write", "cart");
                    }
                    if (outcome.isAcknowledged("login")) {
                        loginPersists(migration, outcome);
                    }
                });
    }

    /** Express's records name no successor, so a late write with the former id creates a new session and may set its cookie. */
    private static void loginPersists(Migration migration, Outcome outcome) {
        if (migration == Migration.SAME_FORMAT) {
            Invariants.browserIsSignedIn(outcome, "alice");
        } else {
            Browser browser = new Browser(outcome.cookie());
            browser.receive(outcome.response("login"));
            assertThat(outcome.cluster().read(browser.cookie(), Session::subject))
                    .as("the subject of the login's cookie")
                    .contains("alice");
        }
    }

    @Test
    void end_all_finds_a_session_that_is_moving() {
        check(
                withOptionalFaults(allNodesMoving(Migration.SAME_FORMAT, "write/endAll"))
                        .startWith(session -> {
                            session.login("alice");
                            session.set("mark", "first");
                        })
                        .request("write", set("cart"))
                        .userOperation("end", "alice", UserSessions::endAll),
                outcome -> {
                    if (outcome.isAcknowledged("end")) {
                        Invariants.endedSessionLeavesNothing(outcome);
                    }
                });
    }
}
