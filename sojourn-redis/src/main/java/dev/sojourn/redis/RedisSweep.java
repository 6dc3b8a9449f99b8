package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sojourn.spi.ExpirySweep;
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
import org.jspecify.annotations.Nullable;

/**
 * Goes round the sets of expiring records in which something may be due, many in one trip, and begins where the last sweep
 * of this node stopped.
 *
 * <p>One node sweeps at a time: it holds a claim that it gives back, or that runs out after a minute if it died. The claim
 * saves work, it protects nothing: a record is forgotten only if it is still the one that was told of.
 */
final class RedisSweep implements ExpirySweep {
    /** How many sets are asked in one trip. */
    private static final int BURST = 256;

    private static final Duration CLAIM = Duration.ofSeconds(60);
    private static final long RENEWED_AFTER = Duration.ofSeconds(15).toNanos();
    private static final byte[] ZERO = {'0'};

    private final CommandExecutor wire;
    private final KeyLayout layout;
    private final DueRecords records;
    private final DueTimeCache times;
    private final AtomicInteger next =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(KeyLayout.TAGS));

    RedisSweep(CommandExecutor wire, KeyLayout layout, DueRecords records, DueTimeCache times) {
        this.wire = wire;
        this.layout = layout;
        this.records = records;
        this.times = times;
    }

    @Override
    public int sweep(Instant expiredBefore, int limit, BiConsumer<StoreKey, StoredSession> deliver) {
        List<Integer> candidates = times.candidates(next.get(), RecordEncoding.epochMillis(expiredBefore));
        byte[] claimer = UUID.randomUUID().toString().getBytes(US_ASCII);
        if (candidates.isEmpty() || !claim(claimer)) {
            return 0;
        }
        try {
            return new Round(claimer, expiredBefore, limit, deliver).go(candidates);
        } finally {
            giveBack(claimer);
        }
    }

    private boolean claim(byte[] claimer) {
        byte[][] onlyIfFree = {claimer, ascii("NX"), ascii("PX"), CommandExecutor.decimal(CLAIM.toMillis())};
        return wire.change(CommandExecutor.question(CommandType.SET, layout.claim(), onlyIfFree))
                        .bytes()
                != null;
    }

    /** A claim that cannot be given back runs out; what was swept is swept. */
    private void giveBack(byte[] claimer) {
        try {
            wire.change(Script.GIVE_BACK, List.of(layout.claim()), claimer);
        } catch (StoreException e) {
            System.getLogger("dev.sojourn")
                    .log(System.Logger.Level.DEBUG, "the claim of a sweep runs out by itself", e);
        }
    }

    /** Once round, or to the limit. */
    private final class Round {
        private final byte[] claimer;
        private final Instant expiredBefore;
        private final int limit;
        private final BiConsumer<StoreKey, StoredSession> deliver;
        private long renewed = System.nanoTime();
        private int forgotten;
        /** How many could not be told of, and what the first one's failure was. */
        private int failures;

        private @Nullable RuntimeException failure;

        Round(byte[] claimer, Instant expiredBefore, int limit, BiConsumer<StoreKey, StoredSession> deliver) {
            this.claimer = claimer;
            this.expiredBefore = expiredBefore;
            this.limit = limit;
            this.deliver = deliver;
        }

        int go(List<Integer> candidates) {
            round(candidates);
            if (failure != null) {
                throw failure;
            }
            return forgotten;
        }

        private void round(List<Integer> candidates) {
            for (int from = 0; from < candidates.size() && left() > 0; from += BURST) {
                List<Integer> burst = candidates.subList(from, Math.min(from + BURST, candidates.size()));
                for (int tag : due(burst)) {
                    next.set(tag);
                    if (left() == 0 || !visit(tag)) {
                        return;
                    }
                }
            }
        }

        private int left() {
            return limit - forgotten - failures;
        }

        /** Of these sets those whose first record has expired. */
        private List<Integer> due(List<Integer> tags) {
            tags.forEach(times::asking);
            List<CommandExecutor.Question> questions = new ArrayList<>(tags.size());
            for (int tag : tags) {
                questions.add(
                        CommandExecutor.question(CommandType.ZRANGE, layout.due(tag), ZERO, ZERO, ascii("WITHSCORES")));
            }
            List<Reply> heads;
            try {
                heads = wire.readAll(questions);
            } catch (StoreException e) {
                tags.forEach(times::unsure);
                throw e;
            }
            List<Integer> due = new ArrayList<>();
            for (int i = 0; i < heads.size(); i++) {
                List<byte[]> head = heads.get(i).list();
                if (head.size() == 2) {
                    long expiry = Long.parseLong(new String(head.get(1), US_ASCII));
                    times.note(tags.get(i), expiry);
                    if (expiry < RecordEncoding.epochMillis(expiredBefore)) {
                        due.add(tags.get(i));
                    }
                }
            }
            return due;
        }

        /** Delivers what is due in one set; false if the claim is lost. */
        private boolean visit(int tag) {
            // Whatever happens from here on, the next sweep looks here again.
            times.unsure(tag);
            byte[] before = ascii("(" + new String(RecordEncoding.millis(expiredBefore), US_ASCII));
            byte[] most = CommandExecutor.decimal(left());
            int failuresBefore = failures;
            List<StoreKey> keys = wire
                    .read(CommandExecutor.question(
                            CommandType.ZRANGEBYSCORE,
                            layout.due(tag),
                            ascii("-inf"),
                            before,
                            ascii("LIMIT"),
                            ZERO,
                            most))
                    .list()
                    .stream()
                    .map(text -> StoreKey.of(new String(text, UTF_8)))
                    .toList();
            for (StoreKey key : keys) {
                if (!isOurs()) {
                    return false;
                }
                visit(key);
            }
            if (failures > failuresBefore) {
                // What cannot be told of does not keep the next sweep from the other sets.
                next.set((tag + 1) % KeyLayout.TAGS);
            }
            return true;
        }

        private void visit(StoreKey key) {
            StoredSession record = records.load(key).orElse(null);
            if (record == null) {
                records.dropEntry(key);
            } else if (!record.expiresAt().isBefore(expiredBefore)) {
                records.correctEntry(key, record);
            } else {
                tell(key, record);
            }
        }

        private void tell(StoreKey key, StoredSession record) {
            try {
                deliver.accept(key, record);
            } catch (RuntimeException e) {
                failures++;
                failure = failure == null ? e : failure;
                return;
            }
            forgotten += records.forget(key, record.version());
        }

        /** Keeps the claim alive while deliveries take long; false if somebody else has it by now. */
        private boolean isOurs() {
            if (System.nanoTime() - renewed < RENEWED_AFTER) {
                return true;
            }
            renewed = System.nanoTime();
            return wire.change(
                            Script.RENEW, List.of(layout.claim()), claimer, CommandExecutor.decimal(CLAIM.toMillis()))
                    .is(1);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
