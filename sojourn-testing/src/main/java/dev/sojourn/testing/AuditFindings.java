package dev.sojourn.testing;

import dev.sojourn.testing.AuditReport.Finding;
import dev.sojourn.testing.AuditReport.Result;
import java.util.ArrayList;
import java.util.List;

/** Collects the findings of an audit. Not thread-safe. */
final class AuditFindings {
    private final List<Finding> findings = new ArrayList<>();

    void add(String rule, boolean holds, String otherwise) {
        findings.add(new Finding(rule, holds ? Result.PASSED : Result.FAILED, holds ? "" : otherwise));
    }

    void notChecked(String rule, String why) {
        findings.add(new Finding(rule, Result.NOT_CHECKED, why));
    }

    AuditReport report() {
        return new AuditReport(findings);
    }
}
