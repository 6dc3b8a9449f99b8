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
 * The table of the design, line by line, against every situation there is. Each situation has to match exactly one line
 * or several that agree. {@code changed} and the rest are yes (y), no (n) or any (-).
 */
class CommitPlanTest {
    private static final List<String> TABLE = List.of(
            // state     intent      changed destroying touchDue saveUninitialized resave  plan
            "UNTOUCHED   -           -       -          -        -                 -       NOTHING",
            "CLOSED      -           -       -          -        -                 -       NOTHING",
            // new and empty; with data; asked for
            "NONE        KEEP        n       -          -        n                 -       NOTHING",
            "NONE        KEEP        n       -          -        y                 -       CREATE",
            "NONE        -           y       -          -        -                 -       CREATE",
            "NONE        LOGIN       -       -          -        -                 -       CREATE",
            "NONE        REGENERATE  -       -          -        -                 -       CREATE",
            "NONE        CHANGE_ID   n       -          -        n                 -       NOTHING",
            "NONE        CHANGE_ID   n       -          -        y                 -       CREATE",
            // a session that is to end is absent already
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
            // a late request never undoes a login, is told of a change with 409, may log in itself
            "SUPERSEDED  KEEP        n       n          -        -                 -       NOTHING",
            "SUPERSEDED  KEEP        y       -          -        -                 -       REFUSE_SUPERSEDED",
            "SUPERSEDED  KEEP        -       y          -        -                 -       REFUSE_SUPERSEDED",
            "SUPERSEDED  CHANGE_ID   -       -          -        -                 -       REFUSE_SUPERSEDED",
            "SUPERSEDED  REGENERATE  -       -          -        -                 -       REFUSE_SUPERSEDED",
            "SUPERSEDED  LOGIN       -       -          -        -                 -       CREATE",
            // ended meanwhile: sets are dropped, changeId is refused, what begins empty begins
            "ENDED       KEEP        n       -          -        -                 -       NOTHING",
            "ENDED       KEEP        y       -          -        -                 -       DROP",
            "ENDED       CHANGE_ID   -       -          -        -                 -       REFUSE_ENDED",
            "ENDED       LOGIN       -       -          -        -                 -       CREATE",
            "ENDED       REGENERATE  -       -          -        -                 -       CREATE",
            // a store that is unavailable is an honest error, unless nothing was to be stored
            "UNAVAILABLE KEEP        n       n          -        -                 -       NOTHING",
            "UNAVAILABLE KEEP        y       -          -        -                 -       REFUSE_UNAVAILABLE",
            "UNAVAILABLE KEEP        -       y          -        -                 -       REFUSE_UNAVAILABLE",
            "UNAVAILABLE CHANGE_ID   -       -          -        -                 -       REFUSE_UNAVAILABLE",
            "UNAVAILABLE LOGIN       -       -          -        -                 -       REFUSE_UNAVAILABLE",
            "UNAVAILABLE REGENERATE  -       -          -        -                 -       REFUSE_UNAVAILABLE");

    @Test
    void every_situation_is_decided_as_the_table_says() {
        for (Situation situation : everySituation()) {
            Set<CommitPlan> expected = EnumSet.noneOf(CommitPlan.class);
            for (String line : TABLE) {
                String[] cells = line.split(" +", -1);
                if (matches(cells, situation)) {
                    expected.add(CommitPlan.valueOf(cells[7]));
                }
            }

            assertThat(expected)
                    .as("the table has one answer for %s", situation)
                    .hasSize(1);
            assertThat(CommitPlan.of(situation)).as("%s", situation).isIn(expected);
        }
    }

    @Test
    void every_line_of_the_table_and_every_plan_is_needed() {
        List<Situation> situations = everySituation();

        assertThat(situations).hasSize(1024).doesNotHaveDuplicates();
        assertThat(TABLE).allMatch(line -> situations.stream().anyMatch(now -> matches(line.split(" +", -1), now)));
        assertThat(situations.stream().map(CommitPlan::of).distinct()).containsExactlyInAnyOrder(CommitPlan.values());
    }

    private static boolean matches(String[] cells, Situation now) {
        return cells[0].equals(nameOf(now.state()))
                && (cells[1].equals("-") || cells[1].equals(now.intent().name()))
                && matches(cells[2], now.needs(Need.SAVE_CHANGES))
                && matches(cells[3], now.needs(Need.DESTROY))
                && matches(cells[4], now.needs(Need.TOUCH))
                && matches(cells[5], now.needs(Need.SAVE_UNINITIALIZED))
                && matches(cells[6], now.needs(Need.RESAVE));
    }

    private static boolean matches(String cell, boolean flag) {
        return cell.equals("-") || cell.equals(flag ? "y" : "n");
    }

    private static String nameOf(SessionState state) {
        // A constant of an enum with one constant is of the enum's own class.
        return state.getClass().getSimpleName().toUpperCase(Locale.ROOT);
    }

    /** One of each, and no fewer than there are. */
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
                new SessionState.Superseded("id"),
                new SessionState.Ended("id"),
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
