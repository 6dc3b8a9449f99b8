package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.UserIndex;
import io.lettuce.core.protocol.CommandType;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user index with one sorted set per subject: store keys by the time at which their entry may be dropped. The subject's
 * epoch is a key of its own in the same slot. The records are in other slots of a Cluster, so an entry may outlive its
 * record, but never the reverse.
 *
 * <p>How long entries and epochs are kept is measured by the clock of Redis. A node's clock only determines a duration from
 * now on, not a point in time, so a wrong clock drops no entries of other nodes.
 */
final class RedisUserIndex implements UserIndex {
    private static final byte[] PX = "PX".getBytes(US_ASCII);

    private final CommandExecutor executor;
    private final ReplicaWait replicas;
    private final KeyLayout layout;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    RedisUserIndex(CommandExecutor executor, ReplicaWait replicas, KeyLayout layout, Clock clock) {
        this.executor = executor;
        this.replicas = replicas;
        this.layout = layout;
        this.clock = clock;
    }

    @Override
    public long enter(String subject, StoreKey key, Instant keepUntil) {
        byte[] epoch = replicas.writeAlways(
                        Script.ADD_INDEX_ENTRY,
                        List.of(layout.userIndex(subject), layout.epoch(subject)),
                        RedisTime.millisBetween(clock.instant(), keepUntil),
                        key.text().getBytes(UTF_8))
                .bytes();
        return epoch == null ? 0 : Long.parseLong(new String(epoch, US_ASCII));
    }

    @Override
    public void advanceEpoch(String subject, Instant keepUntil) {
        long keepMillis = RedisTime.epochMillis(keepUntil) - RedisTime.epochMillis(clock.instant());
        replicas.write(KeyedCommand.of(
                CommandType.SET,
                layout.epoch(subject),
                KeyedCommand.decimal(newEpoch()),
                PX,
                KeyedCommand.decimal(
                        Math.max(MIN_EPOCH_LIFETIME.toMillis(), keepMillis) + SessionStore.GRACE_PERIOD.toMillis())));
    }

    private long newEpoch() {
        long epoch = random.nextLong();
        return epoch == 0 ? 1 : epoch;
    }

    @Override
    public List<Entry> find(String subject, @Nullable Entry after, int limit) {
        List<byte[]> keys = List.of(layout.userIndex(subject));
        byte[] most = KeyedCommand.decimal(limit);
        List<byte[]> found = (after == null
                        ? executor.read(Script.FIND_INDEX_ENTRIES, keys, most)
                        : executor.read(
                                Script.FIND_INDEX_ENTRIES,
                                keys,
                                most,
                                RedisTime.millis(after.keepUntil()),
                                after.key().text().getBytes(UTF_8)))
                .list();
        List<Entry> entries = new ArrayList<>(found.size() / 2);
        for (int i = 0; i + 1 < found.size(); i += 2) {
            long keepUntil = Long.parseLong(new String(found.get(i + 1), US_ASCII));
            entries.add(new Entry(StoreKey.of(new String(found.get(i), UTF_8)), Instant.ofEpochMilli(keepUntil)));
        }
        return entries;
    }

    @Override
    public void drop(String subject, Entry entry) {
        executor.write(
                Script.DROP_INDEX_ENTRY,
                List.of(layout.userIndex(subject)),
                RedisTime.millis(entry.keepUntil()),
                entry.key().text().getBytes(UTF_8));
    }

    @Override
    public void removeKey(String subject, StoreKey key) {
        executor.write(KeyedCommand.of(
                CommandType.ZREM, layout.userIndex(subject), key.text().getBytes(UTF_8)));
    }
}
