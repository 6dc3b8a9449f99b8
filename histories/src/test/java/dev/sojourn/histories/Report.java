package dev.sojourn.histories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.histories.OperationOutcome.Status;
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
 * A summary of a history and its violations.
 *
 * @param name the name of the test
 * @param settings the settings that repeat the test
 * @param operations all operations
 * @param faults the injected faults with their times
 * @param violations the violated guarantees
 */
record Report(
        String name, Settings settings, List<Operation> operations, List<String> faults, List<Violation> violations) {
    private static final int MAX_DESCRIBED = 8;
    /** The minimum number of successful operations: a history with fewer proves little. */
    private static final int MIN_DONE = 100;

    static Report of(String name, Settings settings, List<Operation> operations, List<String> faults) {
        return new Report(name, settings, operations, faults, Checker.check(operations));
    }

    /** Returns whether there are enough successful operations, with at least one of each kind. */
    static boolean isEnough(List<Operation> operations) {
        Map<OperationKind, Long> done = countDone(operations);
        return done.size() == OperationKind.values().length
                && done.values().stream().mapToLong(Long::longValue).sum() >= MIN_DONE;
    }

    /** Asserts that faults occurred, that enough operations succeeded, and that no guarantee was violated. */
    void assertNoViolations() {
        assertThat(faults).as("faults").isNotEmpty();
        assertThat(isEnough(operations))
                .as("enough operations of each kind succeeded: %s", countDone(operations))
                .isTrue();
        assertThat(violations).as(this::describeViolations).isEmpty();
    }

    /** Returns a report of the same history with other violations. */
    Report withViolations(List<Violation> others) {
        return new Report(name, settings, operations, faults, others);
    }

    /** Returns the number of violations by rule. */
    Map<Rule, Integer> counts() {
        Map<Rule, Integer> counts = new EnumMap<>(Rule.class);
        violations.forEach(each -> counts.merge(each.rule(), 1, Integer::sum));
        return counts;
    }

    /** Returns a readable summary. */
    String summary() {
        Map<Status, Long> outcomes = operations.stream()
                .collect(Collectors.groupingBy(
                        each -> each.outcome().status(), () -> new EnumMap<>(Status.class), Collectors.counting()));
        Map<String, Long> failures = operations.stream()
                .filter(each ->
                        each.outcome().status() != Status.DONE && each.outcome().status() != Status.NO_SESSION)
                .collect(Collectors.groupingBy(
                        each -> each.outcome().note().strip(), TreeMap::new, Collectors.counting()));
        long sessions = operations.stream().map(Operation::owner).distinct().count();
        long tokens = operations.stream()
                .filter(each -> each.outcome().newToken() != null)
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
        text.append("  outcomes: ").append(outcomes).append('\n');
        text.append("  done: ").append(countDone(operations)).append('\n');
        failures.forEach((note, count) ->
                text.append("  ").append(count).append(" × ").append(note).append('\n'));
        faults.forEach(each -> text.append("  fault ").append(each).append('\n'));
        text.append("  found: ").append(violations.isEmpty() ? "no violation" : counts().toString());
        return text.toString();
    }

    private static Map<OperationKind, Long> countDone(List<Operation> operations) {
        return operations.stream()
                .filter(Operation::isDone)
                .collect(Collectors.groupingBy(
                        Operation::kind, () -> new EnumMap<>(OperationKind.class), Collectors.counting()));
    }

    private double seconds() {
        if (operations.isEmpty()) {
            return 0;
        }
        long end = operations.stream().mapToLong(Operation::end).max().orElse(0);
        return (end - operations.get(0).start()) / 1e9;
    }

    /** Writes the violations and all operations of their sessions to a file, and returns its path. */
    Path write(String title) {
        long origin = operations.isEmpty() ? 0 : operations.get(0).start();
        Map<String, List<Operation>> byOwner = operations.stream().collect(Collectors.groupingBy(Operation::owner));
        String text = summary() + "\n\n" + describeViolations(violations.size()) + "\n\n"
                + violations.stream()
                        .map(Violation::owner)
                        .distinct()
                        .map(owner -> "== " + owner + "\n" + describe(byOwner.getOrDefault(owner, List.of()), origin))
                        .collect(Collectors.joining("\n"));
        Path file = Settings.folder().resolve(title.replaceAll("[^A-Za-z0-9]+", "-") + "-" + settings.seed() + ".txt");
        try {
            return Files.writeString(file, text + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the first violations with their evidence, and the command that repeats the test. */
    String describeViolations() {
        return describeViolations(MAX_DESCRIBED) + "\nfull report: " + write(name) + "\nto repeat: "
                + settings.repeatCommand(name);
    }

    private String describeViolations(int limit) {
        long origin = operations.isEmpty() ? 0 : operations.get(0).start();
        Function<Violation, String> one =
                each -> each.rule() + ": " + each.message() + "\n" + describe(each.evidence(), origin);
        return violations.stream().limit(limit).map(one).collect(Collectors.joining("\n"));
    }

    private static String describe(List<Operation> operations, long origin) {
        return operations.stream().map(each -> "    " + each.describe(origin)).collect(Collectors.joining("\n"));
    }
}
