package dev.sojourn.servlet;

import tools.jackson.databind.JsonNode;

/**
 * Converts attributes of the drop-in {@code HttpSession} to JSON and back, if their JSON alone does not determine their type.
 * The application does not name a type when it reads an attribute, so the format has to know it.
 *
 * <p>Strings, booleans, {@code Integer}, {@code Double}, and {@code ArrayList} and {@code LinkedHashMap} of these do not use a
 * format: they are plain JSON, readable through {@code dev.sojourn.Session} and by other languages. For every other value the
 * record notes, outside its attributes, that this format wrote it ({@link #name}). Only then is {@link #read} called. JSON that
 * reached an attribute in any other way is data, whatever it looks like.
 *
 * <p>Implementations are thread-safe.
 */
public interface AttributeFormat {
    /**
     * Returns the JSON to store for a value.
     *
     * @param name the attribute's name, for messages
     * @param value the value
     * @return its JSON
     * @throws IllegalArgumentException if the type may not be stored, or the value could not be read back unchanged; the
     *     message says what to do
     */
    JsonNode write(String name, Object value);

    /**
     * Returns the value of stored JSON.
     *
     * @param stored the JSON that {@link #write} of a format of this name returned
     * @return the value, a new instance
     * @throws RuntimeException if it cannot be read: the attribute then reads as absent and stays stored
     */
    Object read(JsonNode stored);

    /**
     * Returns the name that a record stores with the values of this format. Formats with other names never read them.
     *
     * @return 1 to 32 characters of a-z, 0-9 and -; default: {@code custom}
     */
    default String name() {
        return "custom";
    }

    /**
     * Creates a JSON format for a closed set of types. A value is read back with the same class, order and keys, or it is
     * rejected when it is set.
     *
     * <p>The set contains JDK types: numbers, strings, {@code java.time}, {@code java.sql} times, {@code Calendar},
     * {@code UUID}, {@code Locale}, {@code URI}, {@code Optional}, atomic numbers and references, arrays, and lists, sets,
     * queues and maps of these with keys of any kind. Sorted collections keep their comparator; unmodifiable ones stay
     * unmodifiable. Rejected are comparators that are lambdas, views ({@code keySet()}, {@code subList}),
     * {@code IdentityHashMap}, {@code Properties} with defaults, and objects such as threads and streams.
     *
     * <p>Types of the application are registered here and stored under their names without the package. Their fields are
     * stored, except {@code transient} ones; enum constants are stored by name. A type must have a constructor without
     * arguments, be a record, or have Jackson annotations that say how it is created. The first value of a type is read back
     * when it is set, and rejected if anything is lost. An object that is referenced twice is read back as two objects.
     *
     * <p>No class name is taken from stored data: a name that is not registered is not read.
     *
     * @param types the application's types, including those nested in other types
     * @return the format
     * @throws IllegalArgumentException if two of them have the same name, or one is a JDK type that cannot be stored
     */
    static AttributeFormat json(Class<?>... types) {
        return new JsonFormat(types);
    }

    /**
     * Creates a format that uses Java serialization for everything that is not plain JSON, for applications whose types cannot
     * be registered. A filter (JEP 290) limits what is read: it rejects classes that no pattern allows, before any of their
     * code runs, and values that are small when stored and large when read. The format is only as safe as the classes that you
     * allow: name those of your application, and no whole library.
     *
     * <p>Each value is read back when it is set, and rejected if it contains a class that no pattern allows; the message names
     * the class.
     *
     * @param allowed patterns of classes that may be read, in the syntax of
     *     {@link java.io.ObjectInputFilter.Config#createFilter}: {@code com.acme.shop.*}, {@code com.acme.**}. Always allowed
     *     are {@code java.lang}, {@code java.util} with {@code concurrent}, {@code concurrent.atomic} and
     *     {@code concurrent.locks}, {@code java.time}, {@code java.math}, the times of {@code java.sql}, {@code URI},
     *     {@code Pattern}, and lambdas of allowed classes
     * @return the format
     * @throws IllegalArgumentException if there is no pattern, or one is malformed or allows everything
     */
    static AttributeFormat filteredJavaSerialization(String... allowed) {
        return new SerializedFormat(allowed);
    }
}
