package dev.sojourn.servlet;

import tools.jackson.databind.JsonNode;

/**
 * How attributes of the drop-in {@code HttpSession} whose type cannot be told by their JSON become JSON and objects again. Code that
 * sets them does not say what they are to be read as, so the format has to know.
 *
 * <p>Texts, booleans, {@code Integer}, {@code Double}, and {@code ArrayList} and {@code LinkedHashMap} of these never come here: they
 * are plain JSON, readable through {@code dev.sojourn.Session} and by other languages. For everything else the record says, where no
 * attribute can reach, that this format wrote the value ({@link #name}); only then is {@link #read} called. JSON that came into an
 * attribute by another way is data, whatever it looks like.
 *
 * <p>Implementations are thread-safe.
 */
public interface AttributeFormat {
    /**
     * What is stored of a value.
     *
     * @param name the attribute's name, for messages
     * @param value the value
     * @return its JSON
     * @throws IllegalArgumentException if this type is not to be stored, or would not come back as it is; the message says what to
     *     do
     */
    JsonNode write(String name, Object value);

    /**
     * Returns the value that something stored stands for.
     *
     * @param stored what {@link #write} of a format of this name gave
     * @return the value, a new instance
     * @throws RuntimeException if it cannot be read: the attribute then counts as absent and stays stored
     */
    Object read(JsonNode stored);

    /**
     * Returns the name that stands in a record with what this format wrote. A format of another name is never asked to read it.
     *
     * @return 1 to 32 characters of a-z, 0-9 and -; default: {@code custom}
     */
    default String name() {
        return "custom";
    }

    /**
     * JSON for a closed set of types. What belongs to Java is in it: numbers, texts, enums of registered types, dates and
     * times, {@code UUID}, {@code Locale}, {@code URI}, arrays of these, and lists, sets and maps of them. An unmodifiable
     * list, set or map comes back as an {@code ArrayList}, {@code LinkedHashSet} or {@code LinkedHashMap}. Types of the
     * application are registered here and kept under their names without the package; their fields are what is stored. A
     * type needs a constructor without arguments, or is a record, or says by Jackson's annotations how it is made.
     *
     * <p>No class name is taken from what is stored: a name that is not registered is not read.
     *
     * @param types the application's types, those inside of others too
     * @return the format
     * @throws IllegalArgumentException if two of them have the same name
     */
    static AttributeFormat json(Class<?>... types) {
        return new JsonFormat(types);
    }

    /**
     * Java serialization for everything that is not plain JSON, for applications whose stored types cannot be registered.
     * What is read is limited by a filter (JEP 290): classes that no pattern allows are refused, before any of their code
     * runs. It is as safe as the classes that you allow, so name those of your application and no library as a whole.
     *
     * @param allowed patterns of classes that may be read, as {@link java.io.ObjectInputFilter.Config#createFilter} has
     *     them: {@code com.acme.shop.*}, {@code com.acme.**}. What belongs to {@code java.lang}, {@code java.util},
     *     {@code java.time} and {@code java.math} is allowed already
     * @return the format
     * @throws IllegalArgumentException if there is no pattern, one is not well-formed or allows everything
     */
    static AttributeFormat filteredJavaSerialization(String... allowed) {
        return new SerializedFormat(allowed);
    }
}
