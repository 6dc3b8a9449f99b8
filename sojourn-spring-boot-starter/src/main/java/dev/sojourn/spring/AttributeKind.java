package dev.sojourn.spring;

import dev.sojourn.servlet.AttributeFormat;
import tools.jackson.databind.JsonNode;

/** Values that Spring itself puts into sessions, and how they become JSON. Thread-safe. */
interface AttributeKind {
    /** What marks them in the store; no class could be called that. */
    String tag();

    boolean takes(Object value);

    /**
     * What is stored.
     *
     * @param name the attribute's name, for messages
     * @param value one of this kind
     * @param all what to use for values inside of it
     */
    JsonNode write(String name, Object value, AttributeFormat all);

    Object read(JsonNode stored, AttributeFormat all);
}
