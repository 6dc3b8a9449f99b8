package dev.sojourn.proof.interleavings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Session;
import dev.sojourn.UserSessions;
import dev.sojourn.proof.interleavings.Cluster.Migration;
import dev.sojourn.proof.interleavings.Cluster.NodeStores;
import dev.sojourn.proof.interleavings.Scenario.Outcome;
import dev.sojourn.proof.interleavings.Schedules.Reduction;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Compares the outcomes of all schedules with those that remain after a reduction, in scenarios that are small enough to run
 * completely: responses, stopped nodes and records are the same.
 */
final class ReductionTest {
    private static void compare(Scenario scenario) {
        Schedules all = new Schedules(Reduction.NOTHING);
        Set<String> outcomes = outcomes(scenario, all);
        assertThat(outcomes).isNotEmpty();
        for (Reduction reduction : new Reduction[] {Reduction.SLEEP_SETS, Reduction.VISITED_STATES}) {
            Schedules fewer = new Schedules(reduction);
            assertThat(outcomes(scenario, fewer)).as("%s", reduction).isEqualTo(outcomes);
            assertThat(fewer.finalStates()).as("%s", reduction).isEqualTo(all.finalStates());
            assertThat(fewer.runs()).as("%s", reduction).isLessThan(all.runs());
        }
        System.out.println("  " + scenario + ": " + all.runs() + " schedules, " + outcomes.size() + " outcomes");
    }

    private static Set<String> outcomes(Scenario scenario, Schedules schedules) {
        Set<String> outcomes = new TreeSet<>();
        scenario.check(schedules, outcome -> outcomes.add(text(outcome)));
        return outcomes;
    }

    private static String text(Outcome outcome) {
        // Express's records contain a random tag.
        Optional<String> record = outcome.cluster()
                .latestRecordOf(outcome.cluster().firstKey())
                .map(text -> text.replaceAll("\"tag\":\"[0-9a-f]+\"", "tag"));
        return outcome.responses().stream().map(Response::toString).sorted().toList()
                + " " + outcome.withoutResponse()
                + " " + record;
    }

    @Test
    void two_writes_have_the_same_outcomes() {
        compare(new Scenario("write/write")
                .request("a", session -> session.set("a", 1))
                .request("b", session -> session.set("b", 1)));
    }

    @Test
    void a_login_and_a_logout_have_the_same_outcomes() {
        compare(new Scenario("login/logout")
                .withoutFaults()
                .request("login", session -> session.login("alice"))
                .request("logout", Session::destroy));
    }

    @Test
    void a_write_and_a_logout_have_the_same_outcomes() {
        compare(new Scenario("write/logout")
                .request("write", session -> session.set("cart", 1))
                .request("logout", Session::destroy));
    }

    @Test
    void three_writes_have_the_same_outcomes() {
        compare(new Scenario("write/write/logout")
                .withoutFaults()
                .request("a", session -> session.set("a", 1))
                .request("b", session -> session.set("b", 1))
                .request("logout", Session::destroy));
    }

    @Test
    void an_end_of_all_sessions_has_the_same_outcomes() {
        compare(new Scenario("write/endAll")
                .startWith(session -> session.login("alice"))
                .request("write", session -> session.set("cart", 1))
                .userOperation("end", "alice", UserSessions::endAll));
    }

    @Test
    void a_move_has_the_same_outcomes() {
        for (Migration migration : Migration.values()) {
            compare(new Scenario(
                            migration + " write/write",
                            new Cluster(migration, NodeStores.MOVING, NodeStores.MOVING, NodeStores.MOVING))
                    .withoutFaults()
                    .request("a", session -> session.set("a", 1))
                    .request("read", session -> session.has("a")));
        }
    }
}
