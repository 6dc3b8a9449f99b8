package dev.sojourn.engine;

import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.SignInFacts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The facts of a sign-in in an access token: {@code amr} and {@code acr} (RFC 9068, section 2.2.1), and {@code act} (RFC 8693,
 * section 4.1) for a user who acts as another. The time is {@code auth_time}. Claims of other issuers may have any form: one
 * that is not of this form says nothing.
 */
final class SignInClaims {
    static final String METHODS = "amr";
    static final String LEVEL = "acr";
    static final String ACTOR = "act";
    /** The subject within {@link #ACTOR}. */
    private static final String SUBJECT = "sub";

    private SignInClaims() {}

    static void write(JsonMembers.Draft claims, SignInFacts facts) {
        if (!facts.methods().isEmpty()) {
            String methods =
                    facts.methods().stream().map(SignInClaims::quoted).collect(Collectors.joining(",", "[", "]"));
            claims.set(METHODS, methods.getBytes(StandardCharsets.UTF_8), null);
        }
        if (facts.level() != null) {
            claims.set(LEVEL, SojournRecordFormat.quoted(facts.level()), null);
        }
        if (facts.actingBy() != null) {
            String actor = "{\"" + SUBJECT + "\":" + quoted(facts.actingBy()) + "}";
            claims.set(ACTOR, actor.getBytes(StandardCharsets.UTF_8), null);
        }
    }

    private static String quoted(String text) {
        return new String(SojournRecordFormat.quoted(text), StandardCharsets.UTF_8);
    }

    /** Whether the token was issued to someone who acts as its subject. */
    static boolean isActing(JsonMembers claims) {
        return claims.get(ACTOR) != null;
    }

    /** Returns what the claims say, without a time. */
    static SignInFacts read(JsonMembers claims) {
        SignInFacts facts = SignInFacts.NONE;
        Slice methods = claims.get(METHODS);
        Slice level = claims.get(LEVEL);
        Slice actor = claims.get(ACTOR);
        if (methods != null) {
            facts = with(facts, texts(methods), null, null);
        }
        if (level != null) {
            facts = with(facts, facts.methods(), text(level), null);
        }
        if (actor != null) {
            facts = with(facts, facts.methods(), facts.level(), subject(actor));
        }
        return facts;
    }

    /** Returns the facts as they were if one is out of bounds. */
    private static SignInFacts with(
            SignInFacts before, List<String> methods, @Nullable String level, @Nullable String actingBy) {
        try {
            return new SignInFacts(null, methods, level, null, null, actingBy, Map.of());
        } catch (IllegalArgumentException e) {
            return before;
        }
    }

    private static List<String> texts(Slice json) {
        List<String> texts = new ArrayList<>();
        try (JsonParser parser = JsonMembers.parser(json.bytes())) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                return List.of();
            }
            while (parser.nextToken() == JsonToken.VALUE_STRING) {
                texts.add(parser.getString());
            }
            return parser.currentToken() == JsonToken.END_ARRAY ? texts : List.of();
        } catch (JacksonException e) {
            return List.of();
        }
    }

    private static @Nullable String text(Slice json) {
        try (JsonParser parser = JsonMembers.parser(json.bytes())) {
            return parser.nextToken() == JsonToken.VALUE_STRING ? parser.getString() : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private static @Nullable String subject(Slice json) {
        String subject = null;
        try (JsonParser parser = JsonMembers.parser(json.bytes())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals(SUBJECT) && value == JsonToken.VALUE_STRING) {
                    subject = parser.getString();
                } else {
                    parser.skipChildren();
                }
            }
            return subject;
        } catch (JacksonException e) {
            return null;
        }
    }
}
