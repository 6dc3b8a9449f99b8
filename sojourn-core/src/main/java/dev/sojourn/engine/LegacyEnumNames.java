package dev.sojourn.engine;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.DeserializationProblemHandler;

/**
 * Reads enum constants as earlier versions wrote them: by {@code toString}. A text that is not a constant's name is
 * read as the constant with that label, if there is exactly one.
 */
final class LegacyEnumNames extends DeserializationProblemHandler {
    @Override
    public @Nullable Object handleWeirdStringValue(
            DeserializationContext context, Class<?> type, String text, String problem) {
        return constant(type, text);
    }

    @Override
    public @Nullable Object handleWeirdKey(DeserializationContext context, Class<?> type, String key, String problem) {
        return constant(type, key);
    }

    private static @Nullable Object constant(Class<?> type, String label) {
        if (!type.isEnum()) {
            return NOT_HANDLED;
        }
        List<?> labelled = Arrays.stream(type.getEnumConstants())
                .filter(constant -> label.equals(constant.toString()))
                .toList();
        return labelled.size() == 1 ? labelled.get(0) : NOT_HANDLED;
    }
}
