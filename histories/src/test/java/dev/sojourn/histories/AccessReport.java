package dev.sojourn.histories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.histories.AccessOutcome.Status;
import dev.sojourn.histories.AccessViolation.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A summary of a history of tokens and its violations.
 *
 * @param name the name of the test
 * @param settings the settings that repeat the test
 * @param flavor the kind of sessions
 * @param mode the options of the nodes
 * @param operations all operations
 * @param faults the injected faults with their times
 * @param violations the violated guarantees
 */
record AccessReport(
        String name,
        Settings settings,
        AccessFlavor flavor,
        AccessMode mode,
        List<AccessOperation> operations,
        List<String> faults,
        List<AccessViolation> violations) {
    private static final int MAX_DESCRIBED = 8;
    private static final int MIN_DONE = 100;
    private static final int MIN_REFUSED = 20;
    private static final int MIN_REPEATED = 10;

    static AccessReport of(
            String name,
            Settings settings,
            AccessFlavor flavor,
            AccessMode mode,
            List<AccessOperation> operations,
            List<String> faults) {
        List<AccessViolation> violations = AccessChecker.check(operations, mode.times());
        return new AccessReport(name, settings, flavor, mode, operations, faults, violations);
    }

    /**
     * Returns a history without the sessions whose login or end a failover may have undone: what a master acknowledged last,
     * no replica has. Everything else must hold, and a lost replacement of a refresh token signs no client out.
     */
    static List<AccessOperation> withoutUndone(List<AccessOperation> operations, List<Outage> outages) {
        List<AccessOperation> undone = operations.stream()
                .filter(each -> each.isAccepted()
                        && (each.kind() == AccessKind.LOGIN || each.kind().ends()))
                .filter(each -> outages.stream().anyMatch(outage -> outage.overlaps(each.start(), each.end())))
                .toList();
        Set<String> families = undone.stream().map(AccessOperation::family).collect(Collectors.toSet());
        Set<String> users = undone.stream()
                .filter(each -> each.kind() == AccessKind.END_ALL)
                .map(AccessOperation::user)
                .collect(Collectors.toSet());
        return operations.stream()
                .filter(each -> !families.contains(each.family()) && !users.contains(each.user()))
                .toList();
    }

    /**
     * Returns whether the history proves something: enough operations succeeded, each kind did, tokens were refused that would
     * have violated a guarantee, and refresh tokens were replaced, and presented by two requests.
     */
    static boolean isEnough(AccessFlavor flavor, AccessMode mode, List<AccessOperation> operations) {
        Map<AccessKind, Long> done = countDone(operations);
        boolean hasEachKind =
                Set.of(AccessKind.values()).stream().allMatch(kind -> !flavor.has(kind) || done.containsKey(kind));
        return hasEachKind
                && done.values().stream().mapToLong(Long::longValue).sum() >= MIN_DONE
                && AccessChecker.countRefusedInTime(operations, mode.times()) >= MIN_REFUSED
                && (flavor == AccessFlavor.SEALED
                        || (countRepeated(operations) >= MIN_REPEATED && countReplaced(operations) > 0));
    }

    /** Asserts that faults occurred, that the history proves something, and that no guarantee was violated. */
    void assertNoViolations() {
        assertThat(faults).as("faults").isNotEmpty();
        assertThat(violations.isEmpty()).as(this::describeViolations).isTrue();
        assertThat(isEnough(flavor, mode, operations))
                .as("enough happened: %s", summary())
                .isTrue();
    }

    /** Returns how many exchanges presented a refresh token that another exchange had presented, and succeeded. */
    private static long countRepeated(List<AccessOperation> operations) {
        Set<String> presented = new HashSet<>();
        return operations.stream()
                .filter(each -> each.kind() == AccessKind.REFRESH && each.isAccepted())
                .filter(each -> !presented.add(each.requireToken()))
                .count();
    }

    /** Returns how many refresh tokens replaced another one. */
    private static long countReplaced(List<AccessOperation> operations) {
        return operations.stream()
                .filter(each ->
                        each.kind() == AccessKind.REFRESH && each.outcome().refresh() != null)
                .filter(each -> !each.requireToken().equals(each.outcome().refresh()))
                .map(each -> each.outcome().refresh())
                .distinct()
                .count();
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
                .filter(each -> !each.isAccepted() && !each.isRefused())
                .collect(Collectors.groupingBy(
                        each -> each.outcome().note().strip(), TreeMap::new, Collectors.counting()));
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%s, %s nodes, seed %d: %d operations on %d sessions in %.1f s%n",
                name,
                mode.name().toLowerCase(Locale.ROOT),
                settings.seed(),
                operations.size(),
                operations.stream().map(AccessOperation::family).distinct().count(),
                seconds()));
        text.append("  outcomes: ").append(outcomes).append('\n');
        text.append("  done: ").append(countDone(operations)).append('\n');
        text.append("  refused, and had to be: ")
                .append(AccessChecker.countRefusedInTime(operations, mode.times()))
                .append("; refresh tokens replaced: ")
                .append(countReplaced(operations))
                .append(", presented again with success: ")
                .append(countRepeated(operations))
                .append("; responses lost: ")
                .append(operations.stream()
                        .filter(each -> each.outcome().lost())
                        .count())
                .append('\n');
        failures.forEach((note, count) ->
                text.append("  ").append(count).append(" × ").append(note).append('\n'));
        faults.forEach(each -> text.append("  fault ").append(each).append('\n'));
        text.append("  found: ").append(violations.isEmpty() ? "no violation" : counts().toString());
        return text.toString();
    }

    private static Map<AccessKind, Long> countDone(List<AccessOperation> operations) {
        return operations.stream()
                .filter(AccessOperation::isAccepted)
                .collect(Collectors.groupingBy(
                        AccessOperation::kind, () -> new EnumMap<>(AccessKind.class), Collectors.counting()));
    }

    private double seconds() {
        return operations.isEmpty()
                ? 0
                : (operations.stream().mapToLong(AccessOperation::end).max().orElse(0) - origin()) / 1e9;
    }

    private long origin() {
        return operations.isEmpty() ? 0 : operations.get(0).start();
    }

    /** Returns the first violations with their evidence, and the command that repeats the test. */
    String describeViolations() {
        return describeViolations(MAX_DESCRIBED) + "\nfull report: " + write() + "\nto repeat: "
                + settings.repeatCommand(name);
    }

    private String describeViolations(int limit) {
        Function<AccessViolation, String> one =
                each -> each.rule() + ": " + each.message() + "\n" + describe(each.evidence());
        return violations.stream().limit(limit).map(one).collect(Collectors.joining("\n"));
    }

    /** Writes the violations, all operations of their sessions and the ends of their users to a file. */
    private Path write() {
        Set<String> families = violations.stream().map(AccessViolation::family).collect(Collectors.toSet());
        Set<String> users = operations.stream()
                .filter(each -> families.contains(each.family()))
                .map(AccessOperation::user)
                .collect(Collectors.toSet());
        List<AccessOperation> relevant = operations.stream()
                .filter(each -> families.contains(each.family())
                        || (each.kind() == AccessKind.END_ALL && users.contains(each.user())))
                .toList();
        String text = summary() + "\n\n" + describeViolations(violations.size()) + "\n\n" + describe(relevant) + "\n";
        Path file = Settings.folder().resolve(name + "-" + settings.seed() + ".txt");
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String describe(List<AccessOperation> some) {
        return some.stream().map(each -> "    " + each.describe(origin())).collect(Collectors.joining("\n"));
    }
}
