package dev.sojourn.express;

import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.JsonMembers.Slice;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The field in which an Express application keeps who is signed in: an attribute, or a member of an attribute that is an object.
 * Its value is a text or a whole number.
 *
 * @param attribute the attribute's name
 * @param member the member's name, or null if the attribute itself is the field
 */
record UserField(String attribute, @Nullable String member) {
    private static final int MAX_LENGTH = 256;
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,19}");

    /** Returns the user who is signed in, or null. */
    @Nullable
    String userIn(JsonMembers attributes) {
        return user(attributes.get(attribute));
    }

    private @Nullable String user(@Nullable Slice value) {
        return member == null ? name(value) : name(Json.object(value).get(member));
    }

    /** Returns the user that a JSON value names, or null if it names none. */
    static @Nullable String name(@Nullable Slice value) {
        String text = Json.text(value);
        if (text == null && value != null) {
            String digits = new String(value.bytes(), StandardCharsets.US_ASCII);
            text = WHOLE_NUMBER.matcher(digits).matches() ? digits : null;
        }
        return text == null || text.isEmpty() || text.length() > MAX_LENGTH ? null : text;
    }

    /** Whether the attribute contains nothing but the user, as a text. */
    boolean containsOnly(JsonMembers attributes, String user) {
        return member == null && user.equals(Json.text(attributes.get(attribute)));
    }

    /** Returns the attribute's value for a user, to be written as JSON. */
    Object valueFor(String user) {
        return member == null ? user : Map.of(member, user);
    }

    /** Returns the attribute's value for a user, in JSON. */
    byte[] jsonFor(String user) {
        byte[] quoted = Json.utf8(Json.quoted(user));
        return member == null ? quoted : Json.object(JsonMembers.EMPTY.with(member, quoted));
    }
}
