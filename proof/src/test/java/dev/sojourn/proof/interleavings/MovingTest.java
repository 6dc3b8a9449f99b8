package dev.sojourn.proof.interleavings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Session;
import dev.sojourn.SubjectSessions;
import dev.sojourn.proof.interleavings.Scenario.Outcome;
import dev.sojourn.proof.interleavings.World.Knows;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * A session that moves from one store to another while two requests use it: no lost acknowledged write, no doubled
 * increment, nothing back from the dead, nobody signed out; in every schedule, with at most one fault. Afterwards a further
 * change always finds the session, and brings it wholly into the new store.
 */
final class MovingTest {
    private static int schedules;

    private static void prove(Scenario scenario, Consumer<Outcome> law) {
        int held = scenario.holds(law);
        System.out.println("  " + scenario + ": " + held + " schedules");
        schedules += held;
    }

    @AfterAll
    static void tell_how_many() {
        System.out.println("moving: " + schedules + " schedules, all lawful");
    }

    private static Scenario bothMoving(String name) {
        return new Scenario(name, new World(Knows.MOVING, Knows.MOVING, Knows.MOVING));
    }

    /** With faults too if asked for: two nodes that both move make too many schedules for every build. */
    private static Scenario longest(Scenario scenario) {
        return Boolean.getBoolean("everyFault") ? scenario : scenario.withoutFaults();
    }

    /** While the nodes are brought from the first step to the second one. */
    private static Scenario firstMoving(String name) {
        return new Scenario(name, new World(Knows.MOVING, Knows.BOTH, Knows.MOVING));
    }

    private static Consumer<Session> set(String name) {
        return session -> session.set(name, 1);
    }

    private static void increment(Session session) {
        session.update("n", Integer.class, n -> n == null ? 1 : n + 1);
    }

    private static void read(Session session) {
        if (Laws.mark(session) == null) {
            throw new AssertionError("the browser was signed out");
        }
    }

    /** The browser's next change finds the session, and it needs nothing of the old store any more. */
    private static void itGoesOn(Outcome outcome) {
        World world = outcome.world();
        Answer answer = world.request("afterwards", 2, outcome.cookie(), session -> {
            read(session);
            session.set("afterwards", 1);
        });
        assertThat(answer.status()).as("the next change").isEqualTo(200);
        assertThat(world.isWhollyInNewStore(world.firstKey()))
                .as("whether it has moved wholly")
                .isTrue();
        assertThat(world.recordAtTheEndOf(world.firstKey()).orElseThrow()).contains("\"afterwards\":1");
    }

    private static void bothWritesAreKept(Outcome outcome) {
        Laws.noAcknowledgedWriteIsLost(outcome, "a", "a");
        Laws.noAcknowledgedWriteIsLost(outcome, "b", "b");
        itGoesOn(outcome);
    }

    private static void logoutHolds(Outcome outcome) {
        if (outcome.acknowledged("logout")) {
            Laws.nothingOfTheEndedSessionIsLeft(outcome);
        }
    }

    @Test
    void two_changes_that_both_move_the_session_are_both_kept() {
        prove(
                longest(bothMoving("write/write")).request("a", set("a")).request("b", set("b")),
                MovingTest::bothWritesAreKept);
    }

    @Test
    void a_change_that_moves_the_session_and_one_that_does_not_are_both_kept() {
        prove(
                firstMoving("write/write in place").request("a", set("a")).request("b", set("b")),
                MovingTest::bothWritesAreKept);
    }

    @Test
    void two_increments_that_both_move_the_session_each_count_once() {
        prove(
                longest(bothMoving("update/update"))
                        .beginsWith(session -> {
                            session.set("mark", "first");
                            session.set("n", 0);
                        })
                        .request("one", MovingTest::increment)
                        .request("two", MovingTest::increment),
                Laws.all(Laws::everyIncrementCountsOnce, MovingTest::itGoesOn));
    }

    @Test
    void nobody_who_reads_beside_a_move_is_signed_out() {
        prove(bothMoving("write/read").request("a", set("a")).request("read", MovingTest::read), MovingTest::itGoesOn);
        prove(
                firstMoving("write/read by a node that moves nothing")
                        .request("a", set("a"))
                        .request("read", MovingTest::read),
                MovingTest::itGoesOn);
    }

    @Test
    void a_touch_beside_a_move_loses_nothing() {
        prove(
                longest(bothMoving("touch/write"))
                        .then(world -> {
                            world.clock(0).advance(Duration.ofMinutes(2));
                            world.clock(1).advance(Duration.ofMinutes(3));
                        })
                        .request("touch", MovingTest::read)
                        .request("b", set("b")),
                MovingTest::bothWritesAreKept);
    }

    @Test
    void a_logout_beside_a_move_holds() {
        prove(
                longest(bothMoving("write/logout"))
                        .request("write", set("cart"))
                        .request("logout", Session::destroy),
                MovingTest::logoutHolds);
    }

    @Test
    void a_logout_on_a_node_that_moves_nothing_holds() {
        prove(
                firstMoving("write/logout in place")
                        .request("write", set("cart"))
                        .request("logout", Session::destroy),
                MovingTest::logoutHolds);
        prove(
                firstMoving("logout/write in place")
                        .request("logout", Session::destroy)
                        .request("write", set("cart")),
                MovingTest::logoutHolds);
    }

    @Test
    void a_login_beside_a_move_is_never_undone() {
        prove(
                longest(bothMoving("login/write"))
                        .request("login", session -> session.login("alice"))
                        .request("write", set("cart")),
                outcome -> {
                    Laws.noAcknowledgedWriteIsLost(outcome, "write", "cart");
                    Laws.theOldIdOpensNoSignedInSession(outcome);
                    if (outcome.acknowledged("login")) {
                        Laws.theBrowserIsSignedIn(outcome, "alice");
                    }
                });
    }

    @Test
    void an_end_of_all_sessions_finds_one_that_is_moving() {
        prove(
                longest(bothMoving("write/endAll"))
                        .beginsWith(session -> {
                            session.login("alice");
                            session.set("mark", "first");
                        })
                        .request("write", set("cart"))
                        .act("end", "alice", SubjectSessions::endAll),
                outcome -> {
                    if (outcome.acknowledged("end")) {
                        Laws.nothingOfTheEndedSessionIsLeft(outcome);
                    }
                });
    }
}
