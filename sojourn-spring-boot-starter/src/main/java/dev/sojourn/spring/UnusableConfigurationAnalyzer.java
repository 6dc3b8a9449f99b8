package dev.sojourn.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Describes an unusable configuration without a stack trace. */
final class UnusableConfigurationAnalyzer extends AbstractFailureAnalyzer<UnusableConfigurationException> {
    @Override
    protected FailureAnalysis analyze(Throwable root, UnusableConfigurationException cause) {
        return new FailureAnalysis("Sessions cannot be set up: " + cause.getMessage(), cause.action(), cause);
    }
}
