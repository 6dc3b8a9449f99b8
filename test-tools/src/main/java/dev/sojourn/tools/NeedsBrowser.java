package dev.sojourn.tools;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Marks tests that need Chromium. If it is missing they are skipped with a message that explains how to install it. With
 * {@code CI=true} they fail with the same message instead. Only {@code mvn verify -Pall} runs them.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("programs")
@ExtendWith(NeedsBrowser.Condition.class)
public @interface NeedsBrowser {
    /** Enables the tests if Chromium is installed or required. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (HeadlessChromium.isInstalled() || "true".equals(System.getenv("CI"))) {
                return ConditionEvaluationResult.enabled("Chromium is installed or required");
            }
            return ConditionEvaluationResult.disabled(HeadlessChromium.MISSING);
        }
    }
}
