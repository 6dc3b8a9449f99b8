package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.engine.CommitPlan.Intent;
import dev.sojourn.engine.CommitPlan.Need;
import dev.sojourn.engine.CommitPlan.Situation;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Compares the plan for every situation with a table. Each situation must match exactly one line, or several lines with the
 * same plan. {@code changed} and the columns after it are yes (y), no (n) or any (-).
 */
class CommitPlanTest {
    private static final List<String> TABLE = List.of(
            // state     intent      changed destroying touchDue saveUninitialized resave  plan
            "UNTOUCHED   -           -       -          -        -                 -       NOTHING",
            "CLOSED      -           -       -          -        -                 -       NOTHING",
            // new: empty, with data, or with a requested id
            "NONE        KEEP        n       -          -        n                 -       NOTHING",
            "NONE        KEEP        n       -          -        y                 -       CREATE",
            "NONE        -           y       -          -        -                 -       CREATE",
            "NONE        LOGIN       -       -          -        -                 -       CREATE",
            "NONE        REGENERATE  -       -          -        -                 -       CREATE",
            "NONE        CHANGE_ID   n       -          -        n                 -       NOTHING",
            "NONE        CHANGE_ID   n       -          -        y                 -       CREATE",
            // a condemned session counts as absent
            "CONDEMNED   KEEP        n       -          -        n                 -       NOTHING",
            "CONDEMNED   KEEP        n       -          -        y                 -       CREATE",
            "CONDEMNED   -           y       -          -        -                 -       CREATE",
            "CONDEMNED   LOGIN       -       -          -        -                 -       CREATE",
            "CONDEMNED   REGENERATE  -       -          -        -                 -       CREATE",
            "CONDEMNED   CHANGE_ID   n       -          -        n                 -       NOTHING",
            "CONDEMNED   CHANGE_ID   n       -          -        y                 -       CREATE",
            // read; touch due; changed; new id
            "LIVE        KEEP        n       -          n        -                 n       NOTHING",
            "LIVE        KEEP        n       -          y        -                 n       TOUCH",
            "LIVE        KEEP        n       -          -        -                 y       RESAVE",
            "LIVE        KEEP        y       -          -        -                 -       REPLACE",
            "LIVE        CHANGE_ID   -       -          -        -                 -       CHANGE_ID",
            "LIVE        LOGIN       -       -          -        -                 -       CHANGE_ID",
            "LIVE        REGENERATE  -       -          -        -                 -       CHANGE_ID",
            // a superseded request never undoes a login: its changes get a 409, and it may log in itself
            "SUPERSEDED  KEEP        n       n          -        -                 -       NOTHING",
            "SUPERSEDED  KEEP        y       -          -        -                 -       REFUSE_SUPERSEDED",
            "SUPERSEDED  KEEP        -       y          -        -                 -       REFUSE_SUPERSEDED",
            "SUPERSEDED  CHANGE_ID   -       -          -        -                 -       REFUSE_SUPERSEDED",
            "SUPERSEDED  REGENERATE  -       -          -        -                 -       REFUSE_SUPERSEDED",
            "SUPERSEDED  LOGIN       -       -          -        -                 -       CREATE",
            // ended concurrently: sets are dropped, changeId is refused, and a session that starts empty is created
            "ENDED       KEEP        n       -          -        -                 -       NOTHING",
            "ENDED       KEEP        y       -          -        -                 -       DROP",
            "ENDED       CHANGE_ID   -       -          -        -                 -       REFUSE_ENDED",
            "ENDED       LOGIN       -       -          -        -                 -       CREATE",
            "ENDED       REGENERATE  -       -          -        -                 -       CREATE",
            // an unavailable store is an error, unless there is nothing to store
            "UNAVAILABLE KEEP        n       n          -        -                 -       NOTHING",
            "UNAVAILABLE KEEP        y       -          -        -                 -       REFUSE_UNAVAILABLE",
            "UNAVAILABLE KEEP        -       y          -        -                 -       REFUSE_UNAVAILABLE",
            "UNAVAILABLE CHANGE_ID   -       -          -        -                 -       REFUSE_UNAVAILABLE",
            "UNAVAILABLE LOGIN       -       -          -        -                 -       REFUSE_UNAVAILABLE",
            "UNAVAILABLE REGENERATE  -       -          -        -                 -       REFUSE_UNAVAILABLE");

    @Test
    void every_situation_has_the_plan_of_the_table() {
        for (Situation situation : everySituation()) {
            Set<CommitPlan> expected = EnumSet.noneOf(CommitPlan.class);
            for (String line : TABLE) {
                String[] cells = line.split(" +", -1);
                if (matches(cells, situation)) {
                    expected.add(CommitPlan.valueOf(cells[7]));
                }
            }

            assertThat(expected).as("the table has one plan for %s", situation).hasSize(1);
            assertThat(CommitPlan.of(situation)).as("%s", situation).isIn(expected);
        }
    }

    @Test
    void every_line_of_the_table_and_every_plan_is_used() {
        List<Situation> situations = everySituation();

        assertThat(situations).hasSize(1024).doesNotHaveDuplicates();
        assertThat(TABLE)
                .allMatch(line -> situations.stream().anyMatch(situation -> matches(line.split(" +", -1), situation)));
        assertThat(situations.stream().map(CommitPlan::of).distinct()).containsExactlyInAnyOrder(CommitPlan.values());
    }

    private static boolean matches(String[] cells, Situation situation) {
        return cells[0].equals(nameOf(situation.state()))
                && (cells[1].equals("-") || cells[1].equals(situation.intent().name()))
                && matches(cells[2], situation.needs(Need.SAVE_CHANGES))
                && matches(cells[3], situation.needs(Need.DESTROY))
                && matches(cells[4], situation.needs(Need.TOUCH))
                && matches(cells[5], situation.needs(Need.SAVE_UNINITIALIZED))
                && matches(cells[6], situation.needs(Need.RESAVE));
    }

    private static boolean matches(String cell, boolean flag) {
        return cell.equals("-") || cell.equals(flag ? "y" : "n");
    }

    private static String nameOf(SessionState state) {
        // A constant of an enum with one constant is of the enum's own class.
        return state.getClass().getSimpleName().toUpperCase(Locale.ROOT);
    }

    /** Returns one state of each type. */
    private static List<SessionState> everyState() {
        SessionRecord record = SessionRecord.live(Instant.EPOCH, null);
        RecordSnapshot snapshot =
                new RecordSnapshot(StoreKey.of("key"), new SojournRecordFormat().write(record, Instant.EPOCH), record);
        SessionState.Live live = new SessionState.Live("id", snapshot);
        List<SessionState> states = List.of(
                SessionState.Untouched.INSTANCE,
                SessionState.None.INSTANCE,
                live,
                new SessionState.Condemned(live, DestroyReason.DESTROYED),
                new SessionState.Superseded("id", StoreKey.of("k")),
                new SessionState.Ended("id", StoreKey.of("k")),
                SessionState.Unavailable.INSTANCE,
                new SessionState.Closed("id"));
        assertThat(states).hasSameSizeAs(SessionState.class.getPermittedSubclasses());
        return states;
    }

    private static List<Situation> everySituation() {
        List<Situation> all = new ArrayList<>();
        for (SessionState state : everyState()) {
            for (Intent intent : Intent.values()) {
                for (int flags = 0; flags < 1 << Need.values().length; flags++) {
                    Set<Need> needs = EnumSet.noneOf(Need.class);
                    int bit = 0;
                    for (Need need : Need.values()) {
                        if ((flags >> bit++ & 1) == 1) {
                            needs.add(need);
                        }
                    }
                    all.add(new Situation(state, intent, needs));
                }
            }
        }
        return all;
    }
}
