package dev.sojourn.engine;

import java.lang.reflect.Modifier;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;

/**
 * Where inside a value reading failed, and why, in words that reveal nothing of the value: the mapper's own messages
 * quote it.
 *
 * @param path the path from the value to the place, empty for the value itself; keys of maps are omitted
 * @param cause what was found and what was expected
 */
record ReadProblem(String path, String cause) {
    private static final int LONGEST_PATH = 20;

    static ReadProblem of(Throwable problem) {
        return new ReadProblem(problem instanceof JacksonException known ? path(known) : "", cause(problem));
    }

    private static String path(JacksonException problem) {
        StringBuilder path = new StringBuilder();
        int steps = 0;
        for (Reference step : problem.getPath()) {
            if (++steps > LONGEST_PATH) {
                return path + "...";
            }
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else if (isMap(step.from())) {
                path.append("[value]");
            } else {
                path.append('.').append(step.getPropertyName());
            }
        }
        return path.toString();
    }

    private static boolean isMap(Object from) {
        return from instanceof Map || (from instanceof Class<?> type && Map.class.isAssignableFrom(type));
    }

    private static String cause(Throwable problem) {
        if (problem instanceof StackOverflowError) {
            return "it is nested too deeply";
        }
        if (problem instanceof OutOfMemoryError) {
            return "there is not enough memory";
        }
        if (problem instanceof LinkageError) {
            return "a class that it needs is missing or fails to start ("
                    + problem.getClass().getSimpleName() + ")";
        }
        if (problem instanceof ValueInstantiationException refused) {
            Throwable why = refused.getCause();
            return "the constructor of " + refused.getType().getRawClass().getTypeName() + " rejected the stored data"
                    + (why == null ? "" : " (" + why.getClass().getSimpleName() + ")");
        }
        if (problem instanceof InvalidDefinitionException undefined && undefined.getType() != null) {
            return notCreatable(undefined.getType().getRawClass());
        }
        if (problem instanceof InvalidFormatException form && form.getTargetType() != null) {
            return kind(form.getCurrentToken()) + " that is not a "
                    + form.getTargetType().getTypeName();
        }
        if (problem instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return kind(mismatch.getCurrentToken()) + " instead of "
                    + mismatch.getTargetType().getTypeName();
        }
        if (problem instanceof StreamReadException) {
            return "it is not JSON that the mapper can read, or exceeds its limits";
        }
        return problem.getClass().getSimpleName();
    }

    private static String notCreatable(Class<?> type) {
        if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
            return "JSON does not specify which " + type.getTypeName()
                    + " it is: put @JsonTypeInfo(use = Id.NAME) and @JsonSubTypes on that type, or declare a class";
        }
        return type.getTypeName()
                + " cannot be created from JSON: make it a record, or give it a constructor without arguments"
                + " or one with @JsonCreator";
    }

    private static String kind(JsonToken token) {
        if (token == null) {
            return "nothing";
        }
        return switch (token) {
            case START_OBJECT, END_OBJECT, PROPERTY_NAME -> "an object";
            case START_ARRAY, END_ARRAY -> "an array";
            case VALUE_STRING -> "a text";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NULL -> "null";
            default -> "nothing";
        };
    }

    /** Returns the place and the cause. */
    @Override
    public String toString() {
        return path.isEmpty() ? cause : "at " + path + ", " + cause;
    }
}
