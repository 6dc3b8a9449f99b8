package dev.sojourn.engine;

import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.SessionRecord;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The tag that a session with refresh tokens got at its login: that of the latest end of all its user's sessions. It is a
 * member of the record and a claim of the access tokens. Without a tag, the user's sessions had never all been ended.
 */
final class UserTag {
    /** The member of a record. Formats without this class pass it through. */
    private static final String MEMBER = "tag";
    /** The claim of an access token. */
    static final String CLAIM = "sojourn_tag";

    private UserTag() {}

    /** Returns a record with this tag, or without one. */
    static SessionRecord write(SessionRecord record, @Nullable String tag) {
        JsonMembers unknown = record.unknown();
        if (tag == null && unknown.get(MEMBER) == null) {
            return record;
        }
        return record.withUnknown(
                tag == null ? unknown.without(MEMBER) : unknown.with(MEMBER, SojournRecordFormat.quoted(tag)));
    }

    /** Returns the tag of a record, or null. */
    static @Nullable String of(SessionRecord record) {
        return text(record.unknown(), MEMBER);
    }

    /** Returns the tag in the claims of an access token, or null. */
    static @Nullable String inClaims(JsonMembers claims) {
        return text(claims, CLAIM);
    }

    /** A tag is of base64url, so it is written without escapes; what is written otherwise equals no tag. */
    private static @Nullable String text(JsonMembers members, String name) {
        Slice json = members.get(name);
        return json == null || json.length() < 2
                ? null
                : new String(json.source(), json.from() + 1, json.length() - 2, StandardCharsets.UTF_8);
    }
}
