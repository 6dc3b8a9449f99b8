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
 * Tests that need Chromium. Where there is none they are skipped with a sentence that says how to get it; where
 * {@code CI=true} they are not skipped and fail with the same sentence. Only {@code mvn verify -Pall} runs them.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("programs")
@ExtendWith(NeedsBrowser.Condition.class)
public @interface NeedsBrowser {
    /** Whether the browser is there. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (HeadlessChromium.isInstalled() || "true".equals(System.getenv("CI"))) {
                return ConditionEvaluationResult.enabled("a browser is there, or has to be");
            }
            return ConditionEvaluationResult.disabled(HeadlessChromium.HOW_TO_GET_IT);
        }
    }
}
