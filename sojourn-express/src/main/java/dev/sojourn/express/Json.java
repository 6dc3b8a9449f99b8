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

/** Objects as their members, byte for byte, and the few plain values that a record's own fields are made of. */
final class Json {
    private Json() {}

    /** The members of a text that is one JSON object and nothing else. */
    static JsonMembers members(byte[] text) {
        try (JsonParser parser = JsonMembers.parser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new UnreadableRecordException("a session of Express is one JSON object, and this is none", null);
            }
            JsonMembers members = JsonMembers.read(parser, text);
            if (parser.nextToken() != null) {
                throw new UnreadableRecordException("a session of Express is one JSON object, and more follows", null);
            }
            return members;
        } catch (JacksonException e) {
            // The parser's message quotes the data, so it is not passed on.
            throw new UnreadableRecordException(
                    "not a session of Express: " + e.getClass().getSimpleName() + " in " + text.length + " bytes",
                    null);
        }
    }

    /** The members of a member that is an object; none if it is no object or not there. */
    static JsonMembers object(@Nullable Slice slice) {
        return slice == null || slice.source()[slice.from()] != '{' ? JsonMembers.EMPTY : members(slice.bytes());
    }

    /** A text, or null if it is none. */
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

    /** A number, cut to a whole one, or null if it is none; what is beyond a long is the nearest long. */
    static @Nullable Long whole(@Nullable Slice slice) {
        if (slice == null) {
            return null;
        }
        try {
            // JavaScript's numbers are doubles, however they are spelled.
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

    /** One object of all these members. */
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
