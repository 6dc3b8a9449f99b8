package dev.sojourn.engine;

import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.SessionRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The member of a record that counts its session towards the limit of its user, where there is one: 11 characters of
 * base64url, given by the login. It stays under a new id, so that a session counts once while it has two records. It
 * identifies a session and gives no access.
 */
final class Permit {
    /** The member of a record. Formats without this class pass it through. */
    private static final String MEMBER = "permit";

    /** The number of characters. */
    static final int LENGTH = 11;

    private Permit() {}

    static String random() {
        byte[] bytes = ByteBuffer.allocate(Long.BYTES)
                .putLong(ThreadLocalRandom.current().nextLong())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Returns a record with a permit. */
    static SessionRecord write(SessionRecord record, String permit) {
        return record.withUnknown(record.unknown().with(MEMBER, SojournRecordFormat.quoted(permit)));
    }

    /** Returns the permit of a record; null if it has none. */
    static @Nullable String of(SessionRecord record) {
        return of(record.unknown());
    }

    private static @Nullable String of(JsonMembers members) {
        Slice json = members.get(MEMBER);
        return json == null || json.length() != LENGTH + 2
                ? null
                : new String(json.source(), json.from() + 1, LENGTH, StandardCharsets.ISO_8859_1);
    }

    /** Returns a later state of a record with the permit of the former one. */
    static SessionRecord carry(SessionRecord from, SessionRecord to) {
        String permit = of(from);
        return permit == null || permit.equals(of(to)) ? to : write(to, permit);
    }
}
