package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.spi.SessionRecord.Generation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Compares what happens to every presented generation with a table. Each situation must match exactly one line. The current
 * generation is 7. {@code predecessor} is 6, or 5 where the client of generation 5 has skipped 6 before.
 */
class RotationTest {
    private static final Instant SINCE = Instant.parse("2026-11-30T12:00:00Z");
    private static final Duration OFF = Duration.ZERO;
    private static final Duration A_DAY = Duration.ofDays(1);

    private static final List<String> TABLE = List.of(
            // presented predecessor age    lostResponses  number from  what
            "7           -           YOUNG  -              -      -     Repeat",
            "7           -           OLDER  -              8      7     Advance",
            "7           -           LATE   -              8      7     Advance",
            "6           6           YOUNG  -              -      -     Repeat",
            "6           6           OLDER  OFF            -      -     Reuse",
            "6           6           OLDER  DAY            8      6     Advance",
            "6           6           LATE   -              -      -     Reuse",
            // 5 has skipped 6: its repetition gets 7 again, but it cannot skip 7 as well, and 6 is dead
            "5           5           YOUNG  -              -      -     Repeat",
            "5           5           OLDER  -              -      -     Reuse",
            "5           5           LATE   -              -      -     Reuse",
            "6           5           -      -              -      -     Reuse",
            "5           6           -      -              -      -     Reuse",
            "4           -           -      -              -      -     Reuse",
            "1           -           -      -              -      -     Reuse",
            // the store lost writes
            "8           -           -      -              8      7     Recover",
            "9           -           -      -              9      8     Recover");

    private record Situation(long presented, long predecessor, Duration age, Duration lostResponses) {
        Rotation rotation() {
            return Rotation.of(
                    presented,
                    new Generation(7, SINCE, predecessor),
                    SINCE.plus(age),
                    Rotation.Times.ofEachUse(lostResponses));
        }

        String ageName() {
            if (age.compareTo(Duration.ofSeconds(30)) < 0) {
                return "YOUNG";
            }
            return age.compareTo(A_DAY) < 0 ? "OLDER" : "LATE";
        }

        boolean matches(String line) {
            String[] cells = cells(line);
            return Long.parseLong(cells[0]) == presented
                    && (cells[1].equals("-") || Long.parseLong(cells[1]) == predecessor)
                    && (cells[2].equals("-") || cells[2].equals(ageName()))
                    && (cells[3].equals("-") || cells[3].equals(lostResponses.isZero() ? "OFF" : "DAY"));
        }
    }

    private static String[] cells(String line) {
        return line.split(" +", -1);
    }

    @Test
    void every_presented_generation_has_the_result_of_the_table() {
        for (Situation situation : everySituation()) {
            List<String> lines = TABLE.stream().filter(situation::matches).toList();

            assertThat(lines).as("the table has one line for %s", situation).hasSize(1);
            String[] cells = cells(lines.get(0));
            assertThat(describe(situation.rotation(), SINCE.plus(situation.age())))
                    .as("%s", situation)
                    .isEqualTo(cells[4] + " " + cells[5] + " " + cells[6]);
        }
    }

    @Test
    void every_line_of_the_table_and_every_result_is_used() {
        List<Situation> situations = everySituation();

        assertThat(TABLE).allMatch(line -> situations.stream().anyMatch(situation -> situation.matches(line)));
        assertThat(situations.stream()
                        .<Class<?>>map(situation -> situation.rotation().getClass())
                        .collect(Collectors.toSet()))
                .isEqualTo(Set.of(Rotation.class.getPermittedSubclasses()));
    }

    /** A new generation is current from now on, so that its own 30 seconds begin. */
    private static String describe(Rotation rotation, Instant now) {
        String name = rotation.getClass().getSimpleName();
        Generation next = rotation instanceof Rotation.Advance advance
                ? advance.next()
                : rotation instanceof Rotation.Recover recover ? recover.found() : null;
        if (next == null) {
            return "- - " + name;
        }
        assertThat(next.since()).isEqualTo(now);
        return next.number() + " " + next.predecessor() + " " + name;
    }

    private static List<Situation> everySituation() {
        List<Situation> all = new ArrayList<>();
        for (long presented : List.of(1L, 4L, 5L, 6L, 7L, 8L, 9L)) {
            for (long predecessor : List.of(5L, 6L)) {
                for (Duration age : List.of(
                        Duration.ofMinutes(-1),
                        Duration.ZERO,
                        Duration.ofMillis(29_999),
                        Duration.ofSeconds(30),
                        A_DAY.minusMillis(1),
                        A_DAY,
                        A_DAY.multipliedBy(30))) {
                    for (Duration lostResponses : List.of(OFF, A_DAY)) {
                        all.add(new Situation(presented, predecessor, age, lostResponses));
                    }
                }
            }
        }
        return all;
    }
}
