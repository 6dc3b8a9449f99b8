package dev.sojourn.express;

import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.JsonMembers.Slice;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where Express's application keeps who is signed in: in an attribute, or in a member of one that is an object. A text or a whole
 * number says it.
 *
 * @param attribute the attribute's name
 * @param member the member's name, or null if the attribute itself says it
 */
record UserField(String attribute, @Nullable String member) {
    private static final int LONGEST = 256;
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,19}");

    /** Who is signed in, or null. */
    @Nullable
    String userIn(JsonMembers attributes) {
        return user(attributes.get(attribute));
    }

    private @Nullable String user(@Nullable Slice value) {
        return member == null ? name(value) : name(Json.object(value).get(member));
    }

    /** A user's name in JSON, or null if it names nobody. */
    static @Nullable String name(@Nullable Slice value) {
        String text = Json.text(value);
        if (text == null && value != null) {
            String digits = new String(value.bytes(), StandardCharsets.US_ASCII);
            text = WHOLE_NUMBER.matcher(digits).matches() ? digits : null;
        }
        return text == null || text.isEmpty() || text.length() > LONGEST ? null : text;
    }

    /** Whether the attribute says nothing else than who it is, and in the way in which we would write it. */
    boolean isAllOf(JsonMembers attributes, String user) {
        return member == null && user.equals(Json.text(attributes.get(attribute)));
    }

    /** The attribute's value for a user, to be written as JSON. */
    Object valueFor(String user) {
        return member == null ? user : Map.of(member, user);
    }

    /** The attribute's value for a user, in JSON. */
    byte[] jsonFor(String user) {
        byte[] quoted = Json.utf8(Json.quoted(user));
        return member == null ? quoted : Json.object(JsonMembers.EMPTY.with(member, quoted));
    }
}
