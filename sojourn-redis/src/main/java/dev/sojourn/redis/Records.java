package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The five calls of a store. There are three kinds: with and without sets that find what expires, and for another
 * library's records.
 */
abstract class Records {
    /** A store forgets no earlier than this after a record's expiry. */
    static final Duration GRACE = Duration.ofMinutes(5);

    private static final byte[][] ONE_SECOND = {"PX".getBytes(US_ASCII), "1000".getBytes(US_ASCII)};

    final CommandExecutor wire;
    final ReplicaWait replicas;
    final KeyLayout layout;

    Records(CommandExecutor wire, ReplicaWait replicas, KeyLayout layout) {
        this.wire = wire;
        this.replicas = replicas;
        this.layout = layout;
    }

    Optional<StoredSession> load(StoreKey key) {
        return Optional.ofNullable(
                        replicas.read(CommandExecutor.question(CommandType.GET, layout.record(key)), () -> marker(key))
                                .bytes())
                .map(RecordEncoding::read);
    }

    /** Gone in a moment: it is there to be replicated after what went before. */
    private CommandExecutor.Question marker(StoreKey key) {
        return CommandExecutor.question(
                CommandType.SET, layout.mark(key), CommandExecutor.decimal(1), ONE_SECOND[0], ONE_SECOND[1]);
    }

    abstract boolean create(StoreKey key, StoredSession session);

    abstract Outcome replace(StoreKey key, long expected, StoredSession replacement);

    abstract boolean touch(StoreKey key, long expected, long version, Instant expiresAt);

    abstract Outcome delete(StoreKey key, long expected);

    /** The number 1 for done, or the bytes that stand there, or nothing. */
    static Outcome outcome(Reply reply) {
        if (reply.is(1)) {
            return Outcome.DONE;
        }
        byte[] current = reply.bytes();
        return current == null ? Outcome.gone() : Outcome.lost(RecordEncoding.read(current));
    }
}
