package dev.sojourn.engine;

import dev.sojourn.spi.SignInFacts;
import dev.sojourn.spi.UnreadableRecordException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.io.JsonStringEncoder;

/** Reads and writes the facts of a sign-in as a member of a record. Drops unknown members of it. */
final class SignInJson {
    static final String MEMBER = "signIn";

    private SignInJson() {}

    /** Reads the facts; throws IllegalArgumentException if a text is out of bounds. */
    static SignInFacts read(JsonParser parser) {
        requireObject(parser, "the facts of a sign-in");
        Instant at = null;
        List<String> methods = List.of();
        String level = null;
        String issuer = null;
        String providerSession = null;
        String actingBy = null;
        Map<String, Instant> elevations = Map.of();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "at" -> at = Instant.ofEpochMilli(SojournRecordFormat.whole(parser));
                case "amr" -> methods = texts(parser);
                case "acr" -> level = text(parser);
                case "iss" -> issuer = text(parser);
                case "sid" -> providerSession = text(parser);
                case "by" -> actingBy = text(parser);
                case "scopes" -> elevations = times(parser);
                default -> parser.skipChildren();
            }
        }
        return new SignInFacts(at, methods, level, issuer, providerSession, actingBy, elevations);
    }

    static void write(ByteArrayOutputStream out, SignInFacts facts) {
        StringJoiner members = new StringJoiner(",", ",\"" + MEMBER + "\":{", "}");
        if (facts.at() != null) {
            members.add("\"at\":" + facts.at().toEpochMilli());
        }
        if (!facts.methods().isEmpty()) {
            StringJoiner methods = new StringJoiner(",", "\"amr\":[", "]");
            facts.methods().forEach(method -> methods.add(quoted(method)));
            members.add(methods.toString());
        }
        text(members, "acr", facts.level());
        text(members, "iss", facts.issuer());
        text(members, "sid", facts.providerSession());
        text(members, "by", facts.actingBy());
        if (!facts.elevations().isEmpty()) {
            StringJoiner scopes = new StringJoiner(",", "\"scopes\":{", "}");
            facts.elevations().forEach((scope, end) -> scopes.add(quoted(scope) + ":" + end.toEpochMilli()));
            members.add(scopes.toString());
        }
        out.writeBytes(members.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void text(StringJoiner members, String name, @Nullable String text) {
        if (text != null) {
            members.add('"' + name + "\":" + quoted(text));
        }
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
    }

    private static List<String> texts(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new UnreadableRecordException("the methods of a sign-in must be a JSON array, but are not", null);
        }
        List<String> texts = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            texts.add(text(parser));
        }
        return texts;
    }

    private static Map<String, Instant> times(JsonParser parser) {
        requireObject(parser, "the scopes of a session");
        Map<String, Instant> times = new HashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            times.put(name, Instant.ofEpochMilli(SojournRecordFormat.whole(parser)));
        }
        return times;
    }

    /** Reads a text. Jackson would return the text "null" for a null. */
    static String text(JsonParser parser) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new UnreadableRecordException(
                    "the facts of a sign-in and of a device must be texts, but are not", null);
        }
        return parser.getString();
    }

    static void requireObject(JsonParser parser, String what) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new UnreadableRecordException(what + " must be a JSON object, but are not", null);
        }
    }
}
