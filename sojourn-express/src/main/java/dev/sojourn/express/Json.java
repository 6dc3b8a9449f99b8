package dev.sojourn.express;

import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.UnreadableRecordException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.io.JsonStringEncoder;

/** Reads and writes JSON objects by their members, byte for byte, and the few simple values in a record's own fields. */
final class Json {
    private Json() {}

    /** Returns the members of a text that must be one JSON object and nothing else. */
    static JsonMembers members(byte[] text) {
        try (JsonParser parser = JsonMembers.parser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new UnreadableRecordException(
                        "a session of Express is one JSON object, and this is not an object", null);
            }
            JsonMembers members = JsonMembers.read(parser, text);
            if (parser.nextToken() != null) {
                throw new UnreadableRecordException(
                        "a session of Express is one JSON object, and this has more after the object", null);
            }
            return members;
        } catch (JacksonException e) {
            // The parser's exception is dropped, because its message quotes the data.
            throw new UnreadableRecordException(
                    "not a session of Express: " + e.getClass().getSimpleName() + " in " + text.length + " bytes",
                    null);
        }
    }

    /** Returns the members of a value that is an object; none if the value is not an object or is missing. */
    static JsonMembers object(@Nullable Slice slice) {
        return slice == null || slice.source()[slice.from()] != '{' ? JsonMembers.EMPTY : members(slice.bytes());
    }

    /** Returns a text, or null if the value is not a text. */
    static @Nullable String text(@Nullable Slice slice) {
        if (slice == null || slice.source()[slice.from()] != '"') {
            return null;
        }
        try (JsonParser parser = JsonMembers.parser(slice.bytes())) {
            parser.nextToken();
            return parser.getString();
        } catch (JacksonException e) {
            return null;
        }
    }

    /** Returns a number cut to a whole number, or the nearest long; null if the value is not a number. */
    static @Nullable Long whole(@Nullable Slice slice) {
        if (slice == null) {
            return null;
        }
        try {
            // All numbers of JavaScript are doubles, whatever their notation.
            return (long) Double.parseDouble(new String(slice.bytes(), StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
    }

    static byte[] utf8(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns one object with the members of all parts. */
    static byte[] object(JsonMembers... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        out.write('{');
        for (JsonMembers part : parts) {
            if (!part.isEmpty()) {
                if (out.size() > 1) {
                    out.write(',');
                }
                part.writeTo(out);
            }
        }
        out.write('}');
        return out.toByteArray();
    }
}
