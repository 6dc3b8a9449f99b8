package dev.sojourn.spring;

import dev.sojourn.servlet.AttributeFormat;
import tools.jackson.databind.JsonNode;

/** A JSON format for one kind of value that Spring puts into sessions. Thread-safe. */
interface ValueFormat {
    /** Returns the tag of these values in the store. No class can have this name. */
    String tag();

    /** Returns whether a value is of this kind. */
    boolean supports(Object value);

    /**
     * Returns the JSON of a value.
     *
     * @param name the attribute's name, for messages
     * @param value a value of this kind
     * @param all the format for values inside this one
     */
    JsonNode write(String name, Object value, AttributeFormat all);

    /** Returns the value that {@link #write} stored. */
    Object read(JsonNode stored, AttributeFormat all);
}
