package dev.sojourn.engine;

import dev.sojourn.spi.SessionRecord.Remember;
import dev.sojourn.spi.SessionRecord.Remember.Kind;
import dev.sojourn.spi.StoreKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads and writes the relation to a remembered browser as a member of a record. Drops unknown members of it. */
final class RememberJson {
    static final String MEMBER = "remember";

    private static final Map<Kind, String> TEXTS =
            new EnumMap<>(Map.of(Kind.BROWSER, "browser", Kind.SIGNED_IN, "signed-in", Kind.REMEMBERED, "remembered"));

    private RememberJson() {}

    /** Reads a relation; throws IllegalArgumentException if its kind is unknown, or if a session does not name its browser. */
    static Remember read(JsonParser parser) {
        SignInJson.requireObject(parser, "the relation to a remembered browser");
        Kind kind = null;
        StoreKey browser = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "kind" -> kind = kind(SignInJson.text(parser));
                case "browser" -> browser = StoreKey.of(SojournRecordFormat.key(parser));
                default -> parser.skipChildren();
            }
        }
        if (kind == null) {
            throw new IllegalArgumentException("the relation to a remembered browser has a kind");
        }
        return new Remember(kind, browser);
    }

    private static Kind kind(String text) {
        return TEXTS.entrySet().stream()
                .filter(each -> each.getValue().equals(text))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("the kind of a relation to a remembered browser is unknown"));
    }

    static void write(ByteArrayOutputStream out, Remember remember) {
        StoreKey browser = remember.browser();
        String json = ",\"" + MEMBER + "\":{\"kind\":\"" + TEXTS.get(remember.kind()) + '"'
                + (browser == null ? "" : ",\"browser\":\"" + browser.text() + '"') + '}';
        out.writeBytes(json.getBytes(StandardCharsets.US_ASCII));
    }
}
