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
     * JSON for a closed set of types: what is put in comes back as what it is, of the same class, in the same order and with the same
     * keys, or it is refused when it is set.
     *
     * <p>Java's own are in it: numbers, texts, {@code java.time}, {@code java.sql} times, {@code Calendar}, {@code UUID}, {@code
     * Locale}, {@code URI}, {@code Optional}, atomic numbers and references, arrays, and lists, sets, queues and maps of them with keys
     * of any kind, sorted ones with their comparator and unmodifiable ones as such. A comparator that is made of code, a view ({@code
     * keySet()}, {@code subList}), an {@code IdentityHashMap}, {@code Properties} with defaults and what lives by itself, a thread or a
     * stream, are refused.
     *
     * <p>Types of the application are registered here and kept under their names without the package; their fields are what is stored,
     * {@code transient} ones excepted, and constants of enums by their names. A type needs a constructor without arguments, or is a
     * record, or says by Jackson's annotations how it is made. The first value of a type is read back when it is set and refused if
     * anything is lost. An object that stands at two places comes back as two.
     *
     * <p>No class name is taken from what is stored: a name that is not registered is not read.
     *
     * @param types the application's types, those inside of others too
     * @return the format
     * @throws IllegalArgumentException if two of them have the same name, or one is Java's own and could not be kept
     */
    static AttributeFormat json(Class<?>... types) {
        return new JsonFormat(types);
    }

    /**
     * Java serialization for everything that is not plain JSON, for applications whose stored types cannot be registered.
     * What is read is limited by a filter (JEP 290): classes that no pattern allows are refused, before any of their code
     * runs, and so are values that are small when they are stored and large once they are read. It is as safe as the classes that you
     * allow, so name those of your application and no library as a whole.
     *
     * <p>Each value is read back when it is set, and refused if it holds a class that no pattern allows; the message names the class.
     *
     * @param allowed patterns of classes that may be read, as {@link java.io.ObjectInputFilter.Config#createFilter} has
     *     them: {@code com.acme.shop.*}, {@code com.acme.**}. Allowed already are {@code java.lang}, {@code java.util} with {@code
     *     concurrent}, {@code concurrent.atomic} and {@code concurrent.locks}, {@code java.time}, {@code java.math}, the times of {@code
     *     java.sql}, {@code URI}, {@code Pattern}, and lambdas of classes that are allowed
     * @return the format
     * @throws IllegalArgumentException if there is no pattern, one is not well-formed or allows everything
     */
    static AttributeFormat filteredJavaSerialization(String... allowed) {
        return new SerializedFormat(allowed);
    }
}
