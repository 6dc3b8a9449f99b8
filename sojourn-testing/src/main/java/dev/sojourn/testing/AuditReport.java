package dev.sojourn.testing;

import java.util.List;

/**
 * The findings of a {@link CookieAudit} or a {@link FixationCheck}. {@link #toString} is a table for people, one line for each
 * rule. Contains no token. Immutable.
 *
 * @param findings the findings, in the order in which they were made
 */
public record AuditReport(List<Finding> findings) {
    /** Says whether a rule holds. */
    public enum Result {
        /** The rule holds. */
        PASSED,
        /** The rule is violated. */
        FAILED,
        /** The rule was not checked, because a request that it needs is missing. */
        NOT_CHECKED
    }

    /**
     * What was found about one rule.
     *
     * @param rule the rule, a sentence
     * @param result whether it holds
     * @param detail what was found; empty if the rule holds
     */
    public record Finding(String rule, Result result, String detail) {}

    /**
     * Copies the findings.
     *
     * @param findings the findings
     */
    public AuditReport {
        findings = List.copyOf(findings);
    }

    /**
     * Returns the violated rules.
     *
     * @return the findings with {@link Result#FAILED}, in order
     */
    public List<Finding> failures() {
        return findings.stream().filter(each -> each.result() == Result.FAILED).toList();
    }

    /**
     * Throws unless every checked rule holds.
     *
     * @throws AssertionError if a rule is violated; the message is the whole report
     */
    public void assertPassed() {
        if (!failures().isEmpty()) {
            throw new AssertionError("the handlers violate " + failures().size() + " rules of sessions:\n" + this);
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Finding each : findings) {
            String mark = switch (each.result()) {
                case PASSED -> "ok    ";
                case FAILED -> "FAILED";
                case NOT_CHECKED -> "-     ";
            };
            text.append(mark).append("  ").append(each.rule());
            if (!each.detail().isEmpty()) {
                text.append(": ").append(each.detail());
            }
            text.append('\n');
        }
        return text.toString();
    }
}
