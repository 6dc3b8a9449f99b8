package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.engine.CommitPlan.Intent;
import dev.sojourn.engine.SealedPlan.Need;
import dev.sojourn.engine.SealedPlan.Situation;
import dev.sojourn.engine.SealedPlan.Size;
import dev.sojourn.spi.SessionRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Compares the plan for every situation with a table. Each situation must match exactly one line, or several lines with the
 * same plan. {@code changed} and the columns after it are yes (y), no (n) or any (-).
 */
class SealedPlanTest {
    private static final List<String> TABLE = List.of(
            // state       intent      changed destroying touchDue tooLarge  plan
            // never used
            "UNTOUCHED     -           -       -          -        -         NOTHING",
            "CLOSED        -           -       -          -        -         NOTHING",
            // new: empty, with data, or with a requested id
            "NONE          KEEP        n       -          -        -         NOTHING",
            "NONE          KEEP        y       -          -        n         BEGIN",
            "NONE          CHANGE_ID   -       -          -        n         BEGIN",
            "NONE          LOGIN       -       -          -        n         BEGIN",
            "NONE          REGENERATE  -       -          -        n         BEGIN",
            // unchanged; touch due; changed
            "ANONYMOUS     KEEP        n       -          n        -         NOTHING",
            "ANONYMOUS     KEEP        n       -          y        n         SEAL",
            "ANONYMOUS     KEEP        y       -          -        n         SEAL",
            "SIGNED_IN     KEEP        n       -          n        -         NOTHING",
            "SIGNED_IN     KEEP        n       -          y        n         SEAL",
            "SIGNED_IN     KEEP        y       -          -        n         SEAL",
            // login: only a user's session has to be ended
            "ANONYMOUS     LOGIN       -       -          -        n         REPLACE",
            "SIGNED_IN     LOGIN       -       -          -        n         END_AND_REPLACE",
            // regenerated
            "ANONYMOUS     REGENERATE  -       -          -        n         END_AND_REPLACE",
            "SIGNED_IN     REGENERATE  -       -          -        n         END_AND_REPLACE",
            "ANONYMOUS     CHANGE_ID   -       -          -        n         END_AND_REPLACE",
            "SIGNED_IN     CHANGE_ID   -       -          -        n         END_AND_REPLACE",
            // destroyed, and destroyed then used again
            "CONDEMNED     KEEP        n       -          -        -         END",
            "CONDEMNED     KEEP        y       -          -        n         END_AND_BEGIN",
            "CONDEMNED     CHANGE_ID   -       -          -        n         END_AND_BEGIN",
            "CONDEMNED     LOGIN       -       -          -        n         END_AND_BEGIN",
            "CONDEMNED     REGENERATE  -       -          -        n         END_AND_BEGIN",
            // unknown key: nothing is set or removed, and a write is an error
            "UNKNOWN_KEY   KEEP        n       n          -        -         NOTHING",
            "UNKNOWN_KEY   KEEP        y       -          -        -         REFUSE_UNKNOWN_KEY",
            "UNKNOWN_KEY   KEEP        -       y          -        -         REFUSE_UNKNOWN_KEY",
            "UNKNOWN_KEY   CHANGE_ID   -       -          -        -         REFUSE_UNKNOWN_KEY",
            "UNKNOWN_KEY   LOGIN       -       -          -        n         BEGIN",
            "UNKNOWN_KEY   LOGIN       -       -          -        y         REFUSE_TOO_LARGE",
            "UNKNOWN_KEY   REGENERATE  -       -          -        -         REFUSE_UNKNOWN_KEY",
            // too large: an error before anything is ended, except for a touch, which is left out
            "NONE          KEEP        y       -          -        y         REFUSE_TOO_LARGE",
            "NONE          CHANGE_ID   -       -          -        y         REFUSE_TOO_LARGE",
            "NONE          LOGIN       -       -          -        y         REFUSE_TOO_LARGE",
            "NONE          REGENERATE  -       -          -        y         REFUSE_TOO_LARGE",
            "ANONYMOUS     KEEP        n       -          y        y         NOTHING",
            "SIGNED_IN     KEEP        n       -          y        y         NOTHING",
            "ANONYMOUS     KEEP        y       -          -        y         REFUSE_TOO_LARGE",
            "SIGNED_IN     KEEP        y       -          -        y         REFUSE_TOO_LARGE",
            "ANONYMOUS     CHANGE_ID   -       -          -        y         REFUSE_TOO_LARGE",
            "ANONYMOUS     LOGIN       -       -          -        y         REFUSE_TOO_LARGE",
            "ANONYMOUS     REGENERATE  -       -          -        y         REFUSE_TOO_LARGE",
            "SIGNED_IN     CHANGE_ID   -       -          -        y         REFUSE_TOO_LARGE",
            "SIGNED_IN     LOGIN       -       -          -        y         REFUSE_TOO_LARGE",
            "SIGNED_IN     REGENERATE  -       -          -        y         REFUSE_TOO_LARGE",
            "CONDEMNED     KEEP        y       -          -        y         REFUSE_TOO_LARGE",
            "CONDEMNED     CHANGE_ID   -       -          -        y         REFUSE_TOO_LARGE",
            "CONDEMNED     LOGIN       -       -          -        y         REFUSE_TOO_LARGE",
            "CONDEMNED     REGENERATE  -       -          -        y         REFUSE_TOO_LARGE");

    private static final Map<String, SealedState> STATES = states();

    private static Map<String, SealedState> states() {
        Map<String, SealedState> states = new LinkedHashMap<>();
        SealedState.Live signedIn = new SealedState.Live(sealed("alice"));
        states.put("UNTOUCHED", SealedState.Untouched.INSTANCE);
        states.put("NONE", SealedState.None.INSTANCE);
        states.put("ANONYMOUS", new SealedState.Live(sealed(null)));
        states.put("SIGNED_IN", signedIn);
        states.put(
                "CONDEMNED", new SealedState.Condemned(List.of(signedIn.session()), signedIn, DestroyReason.DESTROYED));
        states.put("UNKNOWN_KEY", SealedState.UnknownKey.INSTANCE);
        states.put("CLOSED", SealedState.Closed.INSTANCE);
        return states;
    }

    private static SealedRecord sealed(@Nullable String subject) {
        return new SealedRecord(
                "AAAAAAAAAAAAAAAAAAAAAA", Instant.EPOCH, null, SessionRecord.live(Instant.EPOCH, subject));
    }

    @Test
    void every_situation_has_the_plan_of_the_table() {
        for (Named named : everySituation()) {
            Set<SealedPlan> expected = EnumSet.noneOf(SealedPlan.class);
            for (String line : TABLE) {
                String[] cells = line.split(" +", -1);
                if (matches(cells, named)) {
                    expected.add(SealedPlan.valueOf(cells[6]));
                }
            }

            assertThat(expected).as("the table has one plan for %s", named).hasSize(1);
            assertThat(SealedPlan.of(named.situation())).as("%s", named).isIn(expected);
        }
    }

    @Test
    void every_line_of_the_table_and_every_plan_is_used() {
        List<Named> situations = everySituation();

        assertThat(situations).hasSize(448).doesNotHaveDuplicates();
        assertThat(TABLE).allMatch(line -> situations.stream().anyMatch(named -> matches(line.split(" +", -1), named)));
        assertThat(situations.stream()
                        .map(named -> SealedPlan.of(named.situation()))
                        .distinct())
                .containsExactlyInAnyOrder(SealedPlan.values());
    }

    private static boolean matches(String[] cells, Named named) {
        Situation situation = named.situation();
        return cells[0].equals(named.state())
                && (cells[1].equals("-") || cells[1].equals(situation.intent().name()))
                && matches(cells[2], situation.needs(Need.SAVE_CHANGES))
                && matches(cells[3], situation.needs(Need.DESTROY))
                && matches(cells[4], situation.needs(Need.TOUCH))
                && matches(cells[5], situation.size() == Size.TOO_LARGE);
    }

    private static boolean matches(String cell, boolean holds) {
        return cell.equals("-") || cell.equals(holds ? "y" : "n");
    }

    private record Named(String state, Situation situation) {}

    private static List<Named> everySituation() {
        List<Named> situations = new ArrayList<>();
        STATES.forEach((name, state) -> {
            for (Intent intent : Intent.values()) {
                for (Set<Need> needs : everySetOfNeeds()) {
                    for (Size size : Size.values()) {
                        situations.add(new Named(name, new Situation(state, intent, needs, size)));
                    }
                }
            }
        });
        return situations;
    }

    private static List<Set<Need>> everySetOfNeeds() {
        List<Set<Need>> sets = new ArrayList<>();
        sets.add(EnumSet.noneOf(Need.class));
        for (Need need : Need.values()) {
            for (Set<Need> without : List.copyOf(sets)) {
                Set<Need> with = EnumSet.of(need);
                with.addAll(without);
                sets.add(with);
            }
        }
        return sets;
    }
}
