package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.FirstFailure;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * A sweep that queries the due sets in which something may have expired, many in one round trip, in ring order from the set
 * where this node's last sweep stopped.
 *
 * <p>One node sweeps at a time: it holds a claim, which it releases, or which expires after a minute if the node died. The
 * claim saves work and protects nothing: a record is removed only if it is still the one that was reported.
 */
final class RedisSweep implements ExpirySweep {
    /** How many due sets are queried in one round trip. */
    private static final int BATCH = 256;

    private static final Duration CLAIM_DURATION = Duration.ofSeconds(60);
    private static final long CLAIM_RENEWAL_NANOS = Duration.ofSeconds(15).toNanos();
    private static final byte[] ZERO = {'0'};

    private final CommandExecutor executor;
    private final KeyLayout layout;
    private final DueRecords records;
    private final DueTimeCache dueTimes;
    /** The tag of the due set at which the next sweep begins. */
    private final AtomicInteger cursor =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(KeyLayout.TAGS));

    RedisSweep(CommandExecutor executor, KeyLayout layout, DueRecords records, DueTimeCache dueTimes) {
        this.executor = executor;
        this.layout = layout;
        this.records = records;
        this.dueTimes = dueTimes;
    }

    @Override
    public int sweep(Instant expiredBefore, int limit, BiConsumer<StoreKey, StoredSession> deliver) {
        List<Integer> candidates = dueTimes.candidates(cursor.get(), RedisTime.epochMillis(expiredBefore));
        byte[] claimant = UUID.randomUUID().toString().getBytes(US_ASCII);
        if (candidates.isEmpty() || !claim(claimant)) {
            return 0;
        }
        try {
            return new Pass(claimant, expiredBefore, limit, deliver).run(candidates);
        } finally {
            releaseClaim(claimant);
        }
    }

    private boolean claim(byte[] claimant) {
        byte[][] onlyIfAbsent = {claimant, ascii("NX"), ascii("PX"), KeyedCommand.decimal(CLAIM_DURATION.toMillis())};
        return executor.write(KeyedCommand.of(CommandType.SET, layout.sweepClaim(), onlyIfAbsent))
                        .bytes()
                != null;
    }

    /** A claim that cannot be released expires. The sweep is complete in both cases. */
    private void releaseClaim(byte[] claimant) {
        try {
            executor.write(Script.RELEASE_CLAIM, List.of(layout.sweepClaim()), claimant);
        } catch (StoreException e) {
            System.getLogger("dev.sojourn")
                    .log(System.Logger.Level.DEBUG, "the claim of a sweep was not released and will expire", e);
        }
    }

    /** One pass over the candidates, to the end or to the limit. */
    private final class Pass {
        private final byte[] claimant;
        private final Instant expiredBefore;
        private final int limit;
        private final BiConsumer<StoreKey, StoredSession> deliver;
        private long claimRenewedAt = System.nanoTime();
        private final FirstFailure failures = new FirstFailure();
        private int removed;

        Pass(byte[] claimant, Instant expiredBefore, int limit, BiConsumer<StoreKey, StoredSession> deliver) {
            this.claimant = claimant;
            this.expiredBefore = expiredBefore;
            this.limit = limit;
            this.deliver = deliver;
        }

        int run(List<Integer> candidates) {
            sweepSets(candidates);
            failures.throwIfAny();
            return removed;
        }

        private void sweepSets(List<Integer> candidates) {
            for (int from = 0; from < candidates.size() && remaining() > 0; from += BATCH) {
                List<Integer> batch = candidates.subList(from, Math.min(from + BATCH, candidates.size()));
                for (int tag : queryDueSets(batch)) {
                    cursor.set(tag);
                    if (remaining() == 0 || !sweepSet(tag)) {
                        return;
                    }
                }
            }
        }

        private int remaining() {
            return limit - removed - failures.count();
        }

        /** Returns those of the sets whose first record has expired. */
        private List<Integer> queryDueSets(List<Integer> tags) {
            tags.forEach(dueTimes::beginQuery);
            List<KeyedCommand> queries = new ArrayList<>(tags.size());
            for (int tag : tags) {
                queries.add(KeyedCommand.of(CommandType.ZRANGE, layout.dueSet(tag), ZERO, ZERO, ascii("WITHSCORES")));
            }
            List<Reply> heads;
            try {
                heads = executor.readAll(queries);
            } catch (StoreException e) {
                tags.forEach(dueTimes::invalidate);
                throw e;
            }
            List<Integer> due = new ArrayList<>();
            for (int i = 0; i < heads.size(); i++) {
                List<byte[]> head = heads.get(i).list();
                if (head.size() == 2) {
                    long expiry = Long.parseLong(new String(head.get(1), US_ASCII));
                    dueTimes.noteExpiry(tags.get(i), expiry);
                    if (expiry < RedisTime.epochMillis(expiredBefore)) {
                        due.add(tags.get(i));
                    }
                }
            }
            return due;
        }

        /** Reports what is due in one set. Returns false if the claim is lost. */
        private boolean sweepSet(int tag) {
            // Whatever fails from here on, the next sweep queries this set again.
            dueTimes.invalidate(tag);
            int failuresBefore = failures.count();
            for (StoreKey key : dueKeys(tag)) {
                if (!holdsClaim()) {
                    return false;
                }
                sweepRecord(key);
            }
            if (failures.count() > failuresBefore) {
                // A record whose delivery always fails must not keep the next sweep from the other sets.
                cursor.set((tag + 1) % KeyLayout.TAGS);
            }
            return true;
        }

        private List<StoreKey> dueKeys(int tag) {
            byte[] before = ascii("(" + new String(RedisTime.millis(expiredBefore), US_ASCII));
            byte[] limit = KeyedCommand.decimal(remaining());
            KeyedCommand query = KeyedCommand.of(
                    CommandType.ZRANGEBYSCORE, layout.dueSet(tag), ascii("-inf"), before, ascii("LIMIT"), ZERO, limit);
            return executor.read(query).list().stream()
                    .map(text -> StoreKey.of(new String(text, UTF_8)))
                    .toList();
        }

        private void sweepRecord(StoreKey key) {
            StoredSession record = records.load(key).orElse(null);
            if (record == null) {
                records.dropEntry(key);
            } else if (!record.expiresAt().isBefore(expiredBefore)) {
                records.correctEntry(key, record);
            } else if (failures.attempt(() -> deliver.accept(key, record)) && records.remove(key, record.version())) {
                removed++;
            }
        }

        /** Renews the claim while deliveries take long. Returns false if another node has it by now. */
        private boolean holdsClaim() {
            if (System.nanoTime() - claimRenewedAt < CLAIM_RENEWAL_NANOS) {
                return true;
            }
            claimRenewedAt = System.nanoTime();
            return executor.write(
                            Script.RENEW_CLAIM,
                            List.of(layout.sweepClaim()),
                            claimant,
                            KeyedCommand.decimal(CLAIM_DURATION.toMillis()))
                    .is(1);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
