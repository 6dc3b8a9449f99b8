package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.UserIndex;
import io.lettuce.core.protocol.CommandType;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * For each user a sorted set of keys by the instant at which they may be forgotten, and an epoch beside it in the same slot.
 * The records lie in other slots of a Cluster: an entry may therefore outlive its record, never the other way round.
 *
 * <p>Both are kept for a while that begins and ends by the clock of Redis. So what a node's clock says prunes nothing of another
 * node's: it tells how long an entry is kept from now on, not until when.
 */
final class RedisUserIndex implements UserIndex {
    private static final Duration GRACE = Duration.ofMinutes(5);
    private static final byte[] PX = "PX".getBytes(US_ASCII);

    private final CommandExecutor wire;
    private final ReplicaWait replicas;
    private final KeyLayout layout;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    RedisUserIndex(CommandExecutor wire, ReplicaWait replicas, KeyLayout layout, Clock clock) {
        this.wire = wire;
        this.replicas = replicas;
        this.layout = layout;
        this.clock = clock;
    }

    @Override
    public long enter(String subject, StoreKey key, Instant until) {
        byte[] epoch = replicas.alwaysConfirmed(
                        Script.ENTER,
                        List.of(layout.sessionsOf(subject), layout.epochOf(subject)),
                        RecordEncoding.millisBetween(clock.instant(), until),
                        key.text().getBytes(UTF_8))
                .bytes();
        return epoch == null ? 0 : Long.parseLong(new String(epoch, US_ASCII));
    }

    @Override
    public void advanceEpoch(String subject, Instant keepUntil) {
        replicas.confirmed(CommandExecutor.question(
                CommandType.SET,
                layout.epochOf(subject),
                CommandExecutor.decimal(newEpoch()),
                PX,
                CommandExecutor.decimal(Math.max(
                                SHORTEST_EPOCH.toMillis(),
                                RecordEncoding.epochMillis(keepUntil) - RecordEncoding.epochMillis(clock.instant()))
                        + GRACE.toMillis())));
    }

    private long newEpoch() {
        long epoch = random.nextLong();
        return epoch == 0 ? 1 : epoch;
    }

    @Override
    public List<Entry> find(String subject, @Nullable Entry after, int limit) {
        List<byte[]> keys = List.of(layout.sessionsOf(subject));
        byte[] most = CommandExecutor.decimal(limit);
        List<byte[]> found = (after == null
                        ? wire.read(Script.FIND, keys, most)
                        : wire.read(
                                Script.FIND,
                                keys,
                                most,
                                RecordEncoding.millis(after.until()),
                                after.key().text().getBytes(UTF_8)))
                .list();
        List<Entry> entries = new ArrayList<>(found.size() / 2);
        for (int i = 0; i + 1 < found.size(); i += 2) {
            long until = Long.parseLong(new String(found.get(i + 1), US_ASCII));
            entries.add(new Entry(StoreKey.of(new String(found.get(i), UTF_8)), Instant.ofEpochMilli(until)));
        }
        return entries;
    }

    @Override
    public void drop(String subject, Entry entry) {
        wire.change(
                Script.DROP,
                List.of(layout.sessionsOf(subject)),
                RecordEncoding.millis(entry.until()),
                entry.key().text().getBytes(UTF_8));
    }

    @Override
    public void leave(String subject, StoreKey key) {
        wire.change(CommandExecutor.question(
                CommandType.ZREM, layout.sessionsOf(subject), key.text().getBytes(UTF_8)));
    }
}
