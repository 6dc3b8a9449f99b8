package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import io.lettuce.core.protocol.CommandType;
import java.time.Instant;
import java.util.Optional;

/**
 * The five record operations of a store, as Redis commands. There are three kinds: {@link PlainRecords}, {@link DueRecords}
 * for a store with a sweep, and {@link BareRecords} for another library's records.
 */
abstract class Records {
    private static final byte[] PX = "PX".getBytes(US_ASCII);
    private static final byte[] ONE_SECOND = "1000".getBytes(US_ASCII);

    final CommandExecutor executor;
    final ReplicaWait replicas;
    final KeyLayout layout;

    Records(CommandExecutor executor, ReplicaWait replicas, KeyLayout layout) {
        this.executor = executor;
        this.replicas = replicas;
        this.layout = layout;
    }

    Optional<StoredSession> load(StoreKey key) {
        return Optional.ofNullable(
                        replicas.read(KeyedCommand.of(CommandType.GET, layout.record(key)), () -> markerCommand(key))
                                .bytes())
                .map(RecordEncoding::read);
    }

    /** Returns a write of a key that expires in a second: it is only written to be replicated after the writes before it. */
    private KeyedCommand markerCommand(StoreKey key) {
        return KeyedCommand.of(CommandType.SET, layout.replicationMarker(key), KeyedCommand.decimal(1), PX, ONE_SECOND);
    }

    abstract boolean create(StoreKey key, StoredSession session);

    abstract Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement);

    abstract boolean touch(StoreKey key, long expected, long version, Instant expiresAt);

    abstract Outcome delete(StoreKey key, long expected);

    /** Returns the outcome of a reply that is 1 if the write was done, else the current record, or empty if there is none. */
    static Outcome outcome(Reply reply) {
        if (reply.is(1)) {
            return Outcome.DONE;
        }
        byte[] current = reply.bytes();
        return current == null ? Outcome.absent() : Outcome.lost(RecordEncoding.read(current));
    }
}
