package dev.sojourn.servlet;

import dev.sojourn.spi.LogText;
import dev.sojourn.spi.TypedAttributes;
import dev.sojourn.spi.TypedAttributes.Stored;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How a drop-in session's values are stored: plain data as it is, everything else by the format that the filter was given. */
final class DropInValues {
    private final FilterSettings settings;
    private final TypedAttributes attributes;
    private final Supplier<String> session;

    /**
     * @param attributes where they are stored
     * @param session gives the session's public name, for the log
     */
    DropInValues(FilterSettings settings, TypedAttributes attributes, Supplier<String> session) {
        this.settings = settings;
        this.attributes = attributes;
        this.session = session;
    }

    /** What is to be stored: typed if a format is named, and otherwise plain data. */
    record Written(JsonNode json, @Nullable String format) {}

    Written write(String name, Object value) {
        if (isPlain(value)) {
            return new Written(PlainData.tree(name, value), null);
        }
        if (!attributes.keepsTypes()) {
            throw new IllegalArgumentException("attribute " + LogText.quote(name) + " of type "
                    + value.getClass().getName()
                    + " cannot be kept in these sessions: their records, such as Express's, have no"
                    + " place for its type that other writers of attributes cannot reach. Set texts, booleans, Integer, Double,"
                    + " ArrayList or LinkedHashMap of these, or keep sessions in Sojourn's own record format");
        }
        return new Written(
                settings.format().write(name, value), settings.format().name());
    }

    /**
     * What is to be compared with, later, to find a change inside of a value that was read. Another program may have stored what we
     * would not, a number beyond every double: then it can be read, and what is changed inside of it is not found.
     */
    @Nullable
    Written writeAgain(String name, Object value) {
        try {
            return write(name, value);
        } catch (IllegalArgumentException e) {
            SojournFilter.log().log(
                    Level.WARNING,
                    "session " + session.get() + ": attribute '" + shown(name)
                            + "' was read and could not be stored again:"
                            + " what is changed inside of it is not saved");
            return null;
        }
    }

    /** While types in data are trusted, what looks like one is written with its type. */
    private boolean isPlain(Object value) {
        boolean mistakable = settings.trustsTypesInData() && attributes.keepsTypes() && PlainData.looksTyped(value);
        return !mistakable && PlainData.holds(value);
    }

    void set(String name, Written written) {
        attributes.set(name, PlainData.bytes(written.json()), written.format());
    }

    /** Null if there is none, or if it cannot be read: that is no reason to refuse every request of its client for ever. */
    @Nullable
    Object get(String name) {
        Stored stored = attributes.get(name);
        if (stored == null) {
            return null;
        }
        try {
            return read(stored);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            SojournFilter.log().log(
                    Level.ERROR,
                    "session " + session.get() + ": attribute '" + shown(name)
                            + "' cannot be read and counts as absent: " + told(e));
            return null;
        }
    }

    private @Nullable Object read(Stored stored) {
        AttributeFormat format = settings.format();
        String writer = stored.format();
        if (writer == null) {
            boolean typed = settings.trustsTypesInData() && PlainData.looksTyped(PlainData.read(stored.json()));
            return typed ? format.read(PlainData.tree(stored.json())) : PlainData.read(stored.json());
        }
        if (!writer.equals(format.name())) {
            throw new OtherFormatException(
                    "it was written by the format '" + writer + "', and the filter has '" + format.name() + "'");
        }
        return format.read(PlainData.tree(stored.json()));
    }

    /** A name may come from a client, and must not begin a line of the log. */
    private static String shown(String name) {
        return name.replaceAll("\\p{Cntrl}|[\u2028\u2029]", "?");
    }

    /** Messages of others quote what they met, which may be a secret. */
    private static String told(Throwable problem) {
        boolean ours = problem instanceof OtherFormatException || problem instanceof UnregisteredTypeException;
        return ours ? String.valueOf(problem.getMessage()) : problem.getClass().getName();
    }

    /** The application changed its format while sessions live. */
    private static final class OtherFormatException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OtherFormatException(String message) {
            super(message);
        }
    }
}
