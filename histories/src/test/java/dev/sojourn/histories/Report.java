package dev.sojourn.histories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.histories.Answer.Meaning;
import dev.sojourn.histories.Violation.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a history was like, and what the checker found in it.
 *
 * @param name the test
 * @param settings how to repeat it
 * @param operations all of it
 * @param faults what went wrong when
 * @param violations what should not have been
 */
record Report(
        String name, Settings settings, List<Operation> operations, List<String> faults, List<Violation> violations) {
    private static final int MOST_TOLD = 8;
    /** A history in which little happened proves little. */
    private static final int LEAST_DONE = 100;

    static Report of(String name, Settings settings, List<Operation> operations, List<String> faults) {
        return new Report(name, settings, operations, faults, Checker.check(operations));
    }

    /** Whether there is enough in it to say anything: of each kind something was done. */
    static boolean isEnough(List<Operation> operations) {
        Map<Kind, Long> done = done(operations);
        return done.size() == Kind.values().length
                && done.values().stream().mapToLong(Long::longValue).sum() >= LEAST_DONE;
    }

    /** Fails unless something went wrong, much was done all the same, and all of it is in order. */
    void assertNothingWrongUnderFaults() {
        assertThat(faults).as("faults").isNotEmpty();
        assertThat(isEnough(operations))
                .as("much was done, of each kind something: %s", done(operations))
                .isTrue();
        assertThat(violations).as(this::told).isEmpty();
    }

    /** The same history with what somebody else found in it. */
    Report with(List<Violation> found) {
        return new Report(name, settings, operations, faults, found);
    }

    /** How many operations the violations of a rule are about. */
    Map<Rule, Integer> counts() {
        Map<Rule, Integer> counts = new EnumMap<>(Rule.class);
        violations.forEach(each -> counts.merge(each.rule(), 1, Integer::sum));
        return counts;
    }

    /** A few lines for people. */
    String summary() {
        Map<Meaning, Long> answers = operations.stream()
                .collect(Collectors.groupingBy(
                        each -> each.answer().meaning(), () -> new EnumMap<>(Meaning.class), Collectors.counting()));
        Map<String, Long> unhappy = operations.stream()
                .filter(each ->
                        each.answer().meaning() != Meaning.DONE && each.answer().meaning() != Meaning.EMPTY)
                .collect(Collectors.groupingBy(
                        each -> each.answer().note().strip(), TreeMap::new, Collectors.counting()));
        long sessions = operations.stream().map(Operation::owner).distinct().count();
        long tokens = operations.stream()
                .filter(each -> each.answer().given() != null)
                .count();
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%s, seed %d: %d operations on %d sessions with %d ids in %.1f s%n",
                name,
                settings.seed(),
                operations.size(),
                sessions,
                tokens,
                seconds()));
        text.append("  answers: ").append(answers).append('\n');
        text.append("  done: ").append(done(operations)).append('\n');
        unhappy.forEach((note, count) ->
                text.append("  ").append(count).append(" × ").append(note).append('\n'));
        faults.forEach(each -> text.append("  fault ").append(each).append('\n'));
        text.append("  found: ").append(violations.isEmpty() ? "nothing wrong" : counts().toString());
        return text.toString();
    }

    private static Map<Kind, Long> done(List<Operation> operations) {
        return operations.stream()
                .filter(Operation::isDone)
                .collect(
                        Collectors.groupingBy(Operation::kind, () -> new EnumMap<>(Kind.class), Collectors.counting()));
    }

    private double seconds() {
        if (operations.isEmpty()) {
            return 0;
        }
        long end = operations.stream().mapToLong(Operation::end).max().orElse(0);
        return (end - operations.get(0).start()) / 1e9;
    }

    /** Leaves what was found, with all that happened to the sessions concerned, in a file; says where. */
    Path write(String title) {
        long origin = operations.isEmpty() ? 0 : operations.get(0).start();
        Map<String, List<Operation>> byOwner = operations.stream().collect(Collectors.groupingBy(Operation::owner));
        String text = summary() + "\n\n" + told(violations.size()) + "\n\n"
                + violations.stream()
                        .map(Violation::owner)
                        .distinct()
                        .map(owner -> "== " + owner + "\n" + lines(byOwner.getOrDefault(owner, List.of()), origin))
                        .collect(Collectors.joining("\n"));
        Path file = Settings.folder().resolve(title.replaceAll("[^A-Za-z0-9]+", "-") + "-" + settings.seed() + ".txt");
        try {
            return Files.writeString(file, text + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first violations, with their proof, and how to see them again. */
    String told() {
        return told(MOST_TOLD) + "\nall of it: " + write(name) + "\nto repeat it: " + settings.toRepeat(name);
    }

    private String told(int most) {
        long origin = operations.isEmpty() ? 0 : operations.get(0).start();
        Function<Violation, String> one = each -> each.rule() + ": " + each.what() + "\n" + lines(each.proof(), origin);
        return violations.stream().limit(most).map(one).collect(Collectors.joining("\n"));
    }

    private static String lines(List<Operation> operations, long origin) {
        return operations.stream().map(each -> "    " + each.told(origin)).collect(Collectors.joining("\n"));
    }
}
