package dev.sojourn.engine;

import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What is sealed: a record of the project's own format with four more members, because no store keeps them next to it.
 * They are described in {@code docs/reference/record-format.md}. Other unknown members pass through.
 *
 * @param id the session's public id, which is also the name under which it is revoked
 * @param expiresAt its last access and its idle timeout, as {@link Deadlines#expiry} computes it
 * @param tag the user's tag at the login; null if the user's sessions had never all been ended
 * @param record the record, with the subject
 */
record SealedRecord(String id, Instant expiresAt, @Nullable String tag, SessionRecord record) {
    /** The number of random bytes in an id. */
    static final int ID_BYTES = 16;

    private static final String ID = "id";
    private static final String EXPIRES = "expires";
    private static final String SUBJECT = "subject";
    private static final String TAG = "tag";
    private static final int ID_LENGTH = 22;
    private static final int LONGEST_TAG = 64;

    /**
     * Reads a sealed content.
     *
     * @throws UnreadableRecordException if this version cannot read it
     */
    static SealedRecord read(byte[] content) {
        SessionRecord read = SojournRecordFormat.read(content, null);
        JsonMembers.Draft rest = read.unknown().draft();
        String id = text(rest, ID);
        Slice expires = rest.get(EXPIRES);
        String subject = text(rest, SUBJECT);
        String tag = text(rest, TAG);
        if (id == null || id.length() != ID_LENGTH || !SessionIds.wellFormed(id, ID_LENGTH)) {
            throw new UnreadableRecordException("a sealed session must have an id of 22 characters of base64url", null);
        }
        if (expires == null || read.isRetired() || (tag != null && tag.length() > LONGEST_TAG)) {
            throw new UnreadableRecordException("a sealed session must have an expiry and no successor", null);
        }
        if (subject != null) {
            requireSubject(subject);
        }
        for (String ours : new String[] {ID, EXPIRES, SUBJECT, TAG}) {
            rest.remove(ours);
        }
        SessionRecord record = new SessionRecord(
                read.createdAt(),
                subject,
                read.settings(),
                null,
                read.writtenAt(),
                null,
                read.attributes(),
                rest.members(),
                List.of(),
                null,
                read.signIn(),
                read.device(),
                null);
        return new SealedRecord(id, time(expires), tag, record);
    }

    private static void requireSubject(String subject) {
        try {
            TextRules.requireSubject(subject);
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecordException("the subject of a sealed session is not well-formed", null);
        }
    }

    private static @Nullable String text(JsonMembers.Draft members, String name) {
        Slice json = members.get(name);
        if (json == null) {
            return null;
        }
        String plain = plainText(json);
        if (plain != null) {
            return plain;
        }
        try (JsonParser parser = JsonMembers.parser(json.bytes())) {
            if (parser.nextToken() == JsonToken.VALUE_STRING) {
                return parser.getString();
            }
        } catch (JacksonException e) {
            // The parser's message quotes the data, so it is not passed on.
        }
        throw new UnreadableRecordException("the " + name + " of a sealed session must be a text", null);
    }

    /** Returns a text of ASCII without escapes, which needs no parser of its own; null if the value is anything else. */
    private static @Nullable String plainText(Slice json) {
        byte[] source = json.source();
        int last = json.to() - 1;
        if (source[json.from()] != '"') {
            return null;
        }
        for (int i = json.from() + 1; i < last; i++) {
            if (source[i] < 0 || source[i] == '\\') {
                return null;
            }
        }
        return new String(source, json.from() + 1, last - json.from() - 1, StandardCharsets.US_ASCII);
    }

    private static Instant time(Slice json) {
        try {
            return Instant.ofEpochMilli(Long.parseLong(new String(json.bytes(), StandardCharsets.US_ASCII)));
        } catch (NumberFormatException e) {
            // The message quotes the data, so it is not passed on.
            throw new UnreadableRecordException("the expiry of a sealed session must be a whole number", null);
        }
    }

    /** Returns this session without the attributes that have ended. */
    SealedRecord withoutEndedAttributes(Instant now) {
        JsonMembers rest = TimeMark.withoutEnded(record.attributes(), now);
        return rest == record.attributes() ? this : new SealedRecord(id, expiresAt, tag, record.withAttributes(rest));
    }

    /** Returns the content to be sealed. */
    byte[] write() {
        JsonMembers.Draft members = JsonMembers.EMPTY.draft();
        members.set(ID, SojournRecordFormat.quoted(id), null);
        members.set(EXPIRES, Long.toString(expiresAt.toEpochMilli()).getBytes(StandardCharsets.US_ASCII), null);
        String subject = record.subject();
        if (subject != null) {
            members.set(SUBJECT, SojournRecordFormat.quoted(subject), null);
        }
        if (tag != null) {
            members.set(TAG, SojournRecordFormat.quoted(tag), null);
        }
        for (String name : record.unknown().names()) {
            Slice json = record.unknown().get(name);
            if (json != null) {
                members.set(name, json.bytes(), null);
            }
        }
        return SojournRecordFormat.payload(record.withUnknown(members.members()));
    }

    /** Shows the public id only. */
    @Override
    public String toString() {
        return "SealedRecord[" + id + "]";
    }
}
