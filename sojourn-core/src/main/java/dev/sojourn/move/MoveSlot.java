package dev.sojourn.move;

import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoredSession;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What one of the two stores holds under a key: an ordinary record, or the draft or mark of a move. Drafts and marks
 * begin with bytes that no record begins with.
 */
sealed interface MoveSlot {
    /** No record. */
    record Empty() implements MoveSlot {}

    /** A slot with a record in it: a session's own, or a copy. */
    sealed interface WithRecord extends MoveSlot permits Plain, Draft {
        /** Returns the record. */
        StoredSession record();

        /** Returns the version under which the store holds it: the record's own, or the draft's token. */
        long version();
    }

    /** A part of a move. The token is its version in the store, and is never used for anything else. */
    sealed interface Pending extends MoveSlot permits Draft, Mark {
        /** Returns the move's token. */
        long token();
    }

    /** A session's record. */
    record Plain(StoredSession record) implements WithRecord {
        @Override
        public long version() {
            return record.version();
        }
    }

    /**
     * A copy that is valid only while the other store holds the mark of the same token.
     *
     * @param token the move's token
     * @param record the copied record
     */
    record Draft(long token, StoredSession record) implements WithRecord, Pending {
        @Override
        public long version() {
            return token;
        }
    }

    /** Replaces the record that has moved: from now on the draft of this token is the session, or its successor. */
    record Mark(long token) implements Pending {}

    /** Fourteen characters between two zero bytes, which no JSON text begins with. */
    byte[] MAGIC = "\0sojourn moving\0".getBytes(StandardCharsets.US_ASCII);

    byte DRAFT = 'd';
    byte MARK = 'm';

    static MoveSlot of(Optional<StoredSession> stored) {
        return stored.map(MoveSlot::read).orElseGet(Empty::new);
    }

    static MoveSlot read(StoredSession stored) {
        byte[] bytes = stored.payload();
        if (!isOurs(bytes)) {
            return new Plain(stored);
        }
        return bytes[MAGIC.length] == MARK
                ? new Mark(stored.version())
                : new Draft(stored.version(), copy(stored, bytes));
    }

    private static boolean isOurs(byte[] bytes) {
        return bytes.length > MAGIC.length && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    private static StoredSession copy(StoredSession stored, byte[] bytes) {
        ByteBuffer rest = ByteBuffer.wrap(bytes, MAGIC.length + 1, bytes.length - MAGIC.length - 1);
        long version = rest.getLong();
        byte[] payload = new byte[rest.remaining()];
        rest.get(payload);
        return new StoredSession(payload, version, stored.expiresAt(), stored.subject());
    }

    /** Returns the stored form of a record's draft. */
    static StoredSession draft(StoredSession record, long token) {
        byte[] payload = ByteBuffer.allocate(MAGIC.length + 1 + Long.BYTES + record.payload().length)
                .put(MAGIC)
                .put(DRAFT)
                .putLong(record.version())
                .put(record.payload())
                .array();
        return new StoredSession(payload, token, record.expiresAt(), record.subject());
    }

    /**
     * Returns the stored form of a mark for a record. It lasts as long as the record would have, and so as long as its
     * draft, which is in the user index by then.
     */
    static StoredSession mark(StoredSession record, long token) {
        byte[] payload =
                ByteBuffer.allocate(MAGIC.length + 1).put(MAGIC).put(MARK).array();
        return new StoredSession(payload, token, record.expiresAt(), null);
    }

    /** Rejects a session that would be read as a draft or a mark. */
    static void check(StoredSession session) {
        if (isOurs(session.payload())) {
            throw StoreException.notDone("a session's record begins with the bytes that are reserved for a move", null);
        }
    }
}
