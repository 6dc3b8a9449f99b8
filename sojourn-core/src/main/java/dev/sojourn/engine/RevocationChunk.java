package dev.sojourn.engine;

import dev.sojourn.engine.RevocationEntry.Token;
import dev.sojourn.engine.RevocationEntry.User;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A record of the revocation list that entries are appended to: {@code SRC1}, a byte that is 1 once nothing more is
 * appended, and the entries. Numbers are big-endian. It expires with its last entry. Immutable.
 *
 * <p>It is no JSON, so an engine of sessions that finds it reads no session.
 */
final class RevocationChunk {
    /** The maximum size. */
    static final int MAX_BYTES = 32_768;

    private static final int MAGIC = 0x53524331; // "SRC1"
    private static final int HEADER_BYTES = 5;
    private static final byte OPEN = 0;
    private static final byte SEALED = 1;
    private static final byte TOKEN = 1;
    private static final byte USER = 2;
    private static final int TOKEN_BYTES = 1 + 8 + 4;
    private static final int USER_BYTES = 1 + 8 + 4 + 8 + 8;

    private final long name;
    private final long version;
    private final byte[] payload;
    private final long until;

    private RevocationChunk(long name, long version, byte[] payload, long until) {
        this.name = name;
        this.version = version;
        this.payload = payload;
        this.until = until;
    }

    /** Creates a chunk without entries. */
    static RevocationChunk empty(long name) {
        byte[] header =
                ByteBuffer.allocate(HEADER_BYTES).putInt(MAGIC).put(OPEN).array();
        return new RevocationChunk(name, 0, header, 0);
    }

    /**
     * Reads a chunk.
     *
     * @throws StoreException if the record is no chunk
     */
    static RevocationChunk read(long name, StoredSession stored) {
        byte[] payload = stored.payload();
        if (payload.length < HEADER_BYTES || ByteBuffer.wrap(payload).getInt() != MAGIC) {
            throw unreadable();
        }
        RevocationChunk chunk = new RevocationChunk(name, stored.version(), payload, 0);
        long latest =
                chunk.entries().stream().mapToLong(RevocationEntry::until).max().orElse(0);
        return new RevocationChunk(name, stored.version(), payload, latest);
    }

    /** Returns the key under which the store keeps a chunk. */
    static StoreKey keyOf(long name) {
        return SessionIds.storeKey("sojourn revocations " + HexFormat.of().toHexDigits(name));
    }

    long name() {
        return name;
    }

    long version() {
        return version;
    }

    /** Returns the second from which the record may be removed: the latest of its entries'. */
    long until() {
        return until;
    }

    /** Returns whether nothing more is appended. */
    boolean isSealed() {
        return payload[HEADER_BYTES - 1] == SEALED;
    }

    /** Returns the record to store. */
    StoredSession toStored() {
        return new StoredSession(payload, version, Instant.ofEpochSecond(until), null);
    }

    /** Returns how many of these entries fit, from the first on. */
    int countFitting(List<? extends RevocationEntry> entries) {
        int bytes = payload.length;
        int count = 0;
        for (RevocationEntry entry : entries) {
            bytes += bytesOf(entry);
            if (bytes > MAX_BYTES) {
                break;
            }
            count++;
        }
        return count;
    }

    /** Returns this chunk with further entries. */
    RevocationChunk with(List<? extends RevocationEntry> entries, long newVersion) {
        int more = entries.stream().mapToInt(RevocationChunk::bytesOf).sum();
        ByteBuffer longer = ByteBuffer.allocate(payload.length + more).put(payload);
        long latest = until;
        for (RevocationEntry entry : entries) {
            longer.put(entry instanceof User ? USER : TOKEN)
                    .putLong(entry.key())
                    .putInt((int) entry.until());
            if (entry instanceof User user) {
                longer.putLong(user.tag()).putLong(user.at());
            }
            latest = Math.max(latest, entry.until());
        }
        return new RevocationChunk(name, newVersion, longer.array(), latest);
    }

    /** Returns this chunk as one to which nothing more is appended. */
    RevocationChunk sealed() {
        byte[] end = payload.clone();
        end[HEADER_BYTES - 1] = SEALED;
        return new RevocationChunk(name, version, end, until);
    }

    /** Returns whether this chunk has everything that an earlier state of it had. */
    boolean continues(RevocationChunk earlier) {
        int length = earlier.payload.length;
        return payload.length >= length
                && Arrays.equals(payload, HEADER_BYTES, length, earlier.payload, HEADER_BYTES, length);
    }

    /** Returns all entries. */
    List<RevocationEntry> entries() {
        return entriesFrom(HEADER_BYTES);
    }

    /** Returns the entries that an earlier state of this chunk did not have. */
    List<RevocationEntry> entriesSince(RevocationChunk earlier) {
        return continues(earlier) ? entriesFrom(earlier.payload.length) : entries();
    }

    private List<RevocationEntry> entriesFrom(int position) {
        ByteBuffer from = ByteBuffer.wrap(payload).position(position);
        List<RevocationEntry> entries = new ArrayList<>(from.remaining() / TOKEN_BYTES);
        while (from.hasRemaining()) {
            byte kind = from.get();
            int rest = kind == TOKEN ? TOKEN_BYTES - 1 : USER_BYTES - 1;
            if ((kind != TOKEN && kind != USER) || from.remaining() < rest) {
                throw unreadable();
            }
            long key = from.getLong();
            long until = Integer.toUnsignedLong(from.getInt());
            entries.add(kind == TOKEN ? new Token(key, until) : new User(key, until, from.getLong(), from.getLong()));
        }
        return entries;
    }

    private static int bytesOf(RevocationEntry entry) {
        return entry instanceof User ? USER_BYTES : TOKEN_BYTES;
    }

    private static StoreException unreadable() {
        return RevocationHead.unreadable("a chunk");
    }
}
