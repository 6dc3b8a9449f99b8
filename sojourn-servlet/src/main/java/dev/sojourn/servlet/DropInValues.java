package dev.sojourn.servlet;

import dev.sojourn.spi.LogText;
import dev.sojourn.spi.TypedAttributes;
import dev.sojourn.spi.TypedAttributes.TypedValue;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Stores the values of a drop-in session: plain data as JSON, everything else in the filter's {@link AttributeFormat}. */
final class DropInValues {
    private final FilterSettings settings;
    private final TypedAttributes attributes;
    private final Supplier<String> session;

    /**
     * @param attributes the attributes that hold the values
     * @param session returns the session's public id, for the log
     */
    DropInValues(FilterSettings settings, TypedAttributes attributes, Supplier<String> session) {
        this.settings = settings;
        this.attributes = attributes;
        this.session = session;
    }

    /** An encoded value: written by the named format, or plain data if that is null. */
    @SuppressWarnings("ArrayRecordComponent") // bytes handed over; compared by isSameAs
    record EncodedValue(byte[] json, @Nullable String format) {
        /** Returns whether another one is read as the same value: an object's members may be in another order. */
        boolean isSameAs(EncodedValue other) {
            return Objects.equals(format, other.format)
                    && (Arrays.equals(json, other.json) || PlainData.parse(json).equals(PlainData.parse(other.json)));
        }

        /** Omits the value. */
        @Override
        public String toString() {
            return "EncodedValue[" + json.length + " bytes]";
        }
    }

    EncodedValue encode(String name, Object value) {
        if (isPlain(value)) {
            return new EncodedValue(PlainData.encode(name, value), null);
        }
        if (!attributes.keepsTypes()) {
            throw new IllegalArgumentException("attribute " + LogText.quote(name) + " of type "
                    + value.getClass().getName()
                    + " cannot be stored in these sessions: their records, such as Express's, have no"
                    + " place for its type that other writers of attributes cannot reach. Set strings, booleans, Integer, Double,"
                    + " ArrayList or LinkedHashMap of these, or store sessions in Sojourn's record format");
        }
        AttributeFormat format = settings.format();
        byte[] json = format instanceof JsonFormat typed
                ? typed.encode(name, value)
                : PlainData.bytes(format.write(name, value));
        return new EncodedValue(json, format.name());
    }

    /**
     * Returns the encoded form of a value that was read, to detect changes inside it later. Another program may have stored a
     * value that this one cannot, such as a number outside the range of double. Such a value can be read, but changes inside it
     * are not detected.
     */
    @Nullable
    EncodedValue encodeForComparison(String name, Object value) {
        try {
            return encode(name, value);
        } catch (IllegalArgumentException e) {
            SojournFilter.logger()
                    .log(
                            Level.WARNING,
                            "session " + session.get() + ": attribute '" + printable(name)
                                    + "' was read but could not be stored again: changes inside it are not saved");
            return null;
        }
    }

    /** While types in data are trusted, plain data that looks like a typed value is written with its type. */
    private boolean isPlain(Object value) {
        boolean ambiguous = settings.trustsTypesInData() && attributes.keepsTypes() && PlainData.looksTyped(value);
        return !ambiguous && PlainData.isPlain(value);
    }

    void set(String name, EncodedValue written) {
        attributes.set(name, written.json(), written.format());
    }

    /** Returns a value; null if there is none, or if it cannot be read: that must not make every request of its client fail. */
    @Nullable
    Object get(String name) {
        TypedValue stored = attributes.get(name);
        if (stored == null) {
            return null;
        }
        try {
            return read(stored);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            SojournFilter.logger()
                    .log(
                            Level.ERROR,
                            "session " + session.get() + ": attribute '" + printable(name)
                                    + "' cannot be read and reads as absent: " + safeMessage(e));
            return null;
        }
    }

    private @Nullable Object read(TypedValue stored) {
        AttributeFormat format = settings.format();
        String writer = stored.format();
        if (writer == null) {
            boolean typed = settings.trustsTypesInData() && PlainData.looksTyped(PlainData.read(stored.json()));
            return typed ? decode(format, stored.json()) : PlainData.read(stored.json());
        }
        if (!writer.equals(format.name())) {
            throw new OtherFormatException(
                    "the format '" + writer + "' wrote it, but the filter's format is '" + format.name() + "'");
        }
        return decode(format, stored.json());
    }

    private static Object decode(AttributeFormat format, byte[] json) {
        return format instanceof JsonFormat typed ? typed.decode(json) : format.read(PlainData.parse(json));
    }

    /** Replaces line breaks and control characters: a client may choose the name, and must not forge log lines. */
    private static String printable(String name) {
        return name.replaceAll("\\p{Cntrl}|[\u2028\u2029]", "?");
    }

    /** Returns only messages of Sojourn: those of libraries quote values, which may be secret. */
    private static String safeMessage(Throwable problem) {
        boolean isSojournException =
                problem instanceof OtherFormatException || problem instanceof UnregisteredTypeException;
        return isSojournException
                ? String.valueOf(problem.getMessage())
                : problem.getClass().getName();
    }

    /** Thrown when the application has changed its format since the value was stored. */
    private static final class OtherFormatException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OtherFormatException(String message) {
            super(message);
        }
    }
}
