package dev.sojourn.engine;

import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The record that names the chunks of the revocation list: {@code SRH1}, 8 random bytes that identify the list, 4 bytes with
 * the seconds for which an end of a user's sessions is kept, and for each chunk 8 bytes of name and 4 bytes with the second
 * until which it matters. Numbers are big-endian. Immutable.
 *
 * <p>The last chunk is the one that entries are appended to; its second may be later than stated here. All others are
 * complete.
 *
 * <p>It is no JSON, so an engine of sessions that finds it reads no session.
 *
 * @param version the record's version
 * @param list identifies the list; another one means that the store lost this one
 * @param lifetime the longest lifetime of a token, in seconds, that any node has named
 * @param chunks the chunks, oldest first
 */
record RevocationHead(long version, long list, long lifetime, List<Ref> chunks) {
    /** The key of no id: an id contains no space. */
    static final StoreKey KEY = SessionIds.storeKey("sojourn revocations");

    private static final int MAGIC = 0x53524831; // "SRH1"
    private static final int HEADER_BYTES = 4 + 8 + 4;
    private static final int REF_BYTES = 8 + 4;
    /** About 10 million revoked tokens, in a record of 48 kB. */
    static final int MAX_CHUNKS = 4_000;

    /**
     * A chunk's name.
     *
     * @param name the name
     * @param until the second from which it may be removed
     */
    record Ref(long name, long until) {}

    RevocationHead {
        chunks = List.copyOf(chunks);
    }

    /**
     * Reads the head.
     *
     * @throws StoreException if the record is no head
     */
    static RevocationHead read(StoredSession stored) {
        ByteBuffer from = ByteBuffer.wrap(stored.payload());
        boolean fits = from.remaining() >= HEADER_BYTES && (from.remaining() - HEADER_BYTES) % REF_BYTES == 0;
        if (!fits || from.getInt() != MAGIC) {
            throw unreadable("the head");
        }
        long list = from.getLong();
        long lifetime = Integer.toUnsignedLong(from.getInt());
        List<Ref> chunks = new ArrayList<>();
        while (from.hasRemaining()) {
            chunks.add(new Ref(from.getLong(), Integer.toUnsignedLong(from.getInt())));
        }
        return new RevocationHead(stored.version(), list, lifetime, chunks);
    }

    /** Returns the record to store. */
    StoredSession toStored(Instant now) {
        ByteBuffer to = ByteBuffer.allocate(HEADER_BYTES + chunks.size() * REF_BYTES)
                .putInt(MAGIC)
                .putLong(list)
                .putInt((int) lifetime);
        for (Ref chunk : chunks) {
            to.putLong(chunk.name()).putInt((int) chunk.until());
        }
        return new StoredSession(to.array(), version, now.plus(Deadlines.LONGEST), null);
    }

    /** Returns the chunk that entries are appended to; null if there is none yet. */
    @Nullable
    Ref last() {
        return chunks.isEmpty() ? null : chunks.get(chunks.size() - 1);
    }

    /** Returns the names of the chunks. */
    Set<Long> names() {
        return chunks.stream().map(Ref::name).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns this head with another lifetime. */
    RevocationHead withLifetime(long seconds, long newVersion) {
        return new RevocationHead(newVersion, list, seconds, chunks);
    }

    /** Returns this head with other chunks. */
    RevocationHead withChunks(List<Ref> newChunks, long newVersion) {
        return new RevocationHead(newVersion, list, lifetime, newChunks);
    }

    /** Returns the failure to read a record of the list. */
    static StoreException unreadable(String which) {
        return StoreException.notDone(
                which
                        + " of the revocation list is no record of its format 1: the store's prefix or table holds other data,"
                        + " or a newer version of Sojourn wrote it. Give the revocations a prefix or table of their own, or"
                        + " delete its records; the nodes then write back what they know",
                null);
    }
}
