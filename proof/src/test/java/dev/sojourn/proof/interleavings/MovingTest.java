package dev.sojourn.proof.interleavings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Session;
import dev.sojourn.UserSessions;
import dev.sojourn.proof.interleavings.Scenario.Outcome;
import dev.sojourn.proof.interleavings.World.Knows;
import dev.sojourn.proof.interleavings.World.Way;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A session that moves from one store to another while two requests use it: no lost acknowledged write, no doubled
 * increment, nothing back from the dead, nobody signed out; in every schedule, with at most one fault. Afterwards a further
 * change always finds the session, and brings it wholly into the new store. Between two stores of our own, and from Express's
 * records into ours and back.
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

    private static Scenario bothMoving(Way way, String name) {
        return new Scenario(way + " " + name, new World(way, Knows.MOVING, Knows.MOVING, Knows.MOVING));
    }

    /** With faults too if asked for: two nodes that both move make too many schedules for every build. */
    private static Scenario longest(Scenario scenario) {
        return Boolean.getBoolean("everyFault") ? scenario : scenario.withoutFaults();
    }

    /** While the nodes are brought from the first step to the second one. */
    private static Scenario firstMoving(Way way, String name) {
        Scenario scenario = new Scenario(way + " " + name, new World(way, Knows.MOVING, Knows.BOTH, Knows.MOVING));
        return way == Way.TO_EXPRESS ? longest(scenario) : scenario;
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

    @ParameterizedTest
    @EnumSource(Way.class)
    void two_changes_that_both_move_the_session_are_both_kept(Way way) {
        prove(
                longest(bothMoving(way, "write/write")).request("a", set("a")).request("b", set("b")),
                MovingTest::bothWritesAreKept);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Tag("further")
    void a_change_that_moves_the_session_and_one_that_does_not_are_both_kept(Way way) {
        prove(
                firstMoving(way, "write/write in place").request("a", set("a")).request("b", set("b")),
                MovingTest::bothWritesAreKept);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void two_increments_that_both_move_the_session_each_count_once(Way way) {
        prove(
                longest(bothMoving(way, "update/update"))
                        .beginsWith(session -> {
                            session.set("mark", "first");
                            session.set("n", 0);
                        })
                        .request("one", MovingTest::increment)
                        .request("two", MovingTest::increment),
                Laws.all(Laws::everyIncrementCountsOnce, MovingTest::itGoesOn));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void nobody_who_reads_beside_a_move_is_signed_out(Way way) {
        prove(
                bothMoving(way, "write/read").request("a", set("a")).request("read", MovingTest::read),
                MovingTest::itGoesOn);
        prove(
                firstMoving(way, "write/read by a node that moves nothing")
                        .request("a", set("a"))
                        .request("read", MovingTest::read),
                MovingTest::itGoesOn);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void a_touch_beside_a_move_loses_nothing(Way way) {
        prove(
                longest(bothMoving(way, "touch/write"))
                        .then(world -> {
                            world.clock(0).advance(Duration.ofMinutes(2));
                            world.clock(1).advance(Duration.ofMinutes(3));
                        })
                        .request("touch", MovingTest::read)
                        .request("b", set("b")),
                MovingTest::bothWritesAreKept);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void a_logout_beside_a_move_holds(Way way) {
        prove(
                longest(bothMoving(way, "write/logout"))
                        .request("write", set("cart"))
                        .request("logout", Session::destroy),
                MovingTest::logoutHolds);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Tag("further")
    void a_logout_on_a_node_that_moves_nothing_holds(Way way) {
        prove(
                firstMoving(way, "write/logout in place")
                        .request("write", set("cart"))
                        .request("logout", Session::destroy),
                MovingTest::logoutHolds);
        prove(
                firstMoving(way, "logout/write in place")
                        .request("logout", Session::destroy)
                        .request("write", set("cart")),
                MovingTest::logoutHolds);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void a_login_beside_a_move_is_never_undone(Way way) {
        prove(
                longest(bothMoving(way, "login/write"))
                        .request("login", session -> session.login("alice"))
                        .request("write", set("cart")),
                outcome -> {
                    Laws.theOldIdOpensNoSignedInSession(outcome);
                    if (way == Way.OWN) {
                        Laws.noAcknowledgedWriteIsLost(outcome, "write", "cart");
                    }
                    if (outcome.acknowledged("login")) {
                        aliceIsSignedIn(way, outcome);
                    }
                });
    }

    /** Express's records name no successor: there a late write with the old id is a new visitor's, and may leave its cookie. */
    private static void aliceIsSignedIn(Way way, Outcome outcome) {
        if (way == Way.OWN) {
            Laws.theBrowserIsSignedIn(outcome, "alice");
        } else {
            Browser browser = new Browser(outcome.cookie());
            browser.hears(outcome.answer("login"));
            assertThat(outcome.world().look(browser.cookie(), Session::subject))
                    .as("who has the cookie of the login")
                    .contains("alice");
        }
    }

    @Test
    void an_end_of_all_sessions_finds_one_that_is_moving() {
        prove(
                longest(bothMoving(Way.OWN, "write/endAll"))
                        .beginsWith(session -> {
                            session.login("alice");
                            session.set("mark", "first");
                        })
                        .request("write", set("cart"))
                        .act("end", "alice", UserSessions::endAll),
                outcome -> {
                    if (outcome.acknowledged("end")) {
                        Laws.nothingOfTheEndedSessionIsLeft(outcome);
                    }
                });
    }
}
