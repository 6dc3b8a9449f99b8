package dev.sojourn.engine;

import dev.sojourn.engine.RevocationEntry.User;
import dev.sojourn.engine.RevocationHead.Ref;
import dev.sojourn.spi.Deadline;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoredSession;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The revocation list in the store: a head that names chunks, and chunks of entries. Reads what is new into the view, and
 * appends. All methods block and throw {@link StoreException}. Thread-safe.
 *
 * <p><b>Reading.</b> A chunk that is sealed never changes and is read once. So a read costs two loads, the head and the last
 * chunk, and one for each chunk that another node has begun since.
 *
 * <p><b>Appending.</b> A compare-and-set adds entries to the last chunk. One that fills it also seals it. Then the next
 * chunk is created with the rest, and a compare-and-set of the head names it. Of two nodes that do so at once, one wins; the
 * other deletes its chunk and appends to the winner's. A node that dies in between leaves a sealed chunk, or a chunk that no
 * head names. A call with an unknown outcome is simply repeated on what is stored then: an entry that is there twice does no
 * harm.
 *
 * <p><b>Losses.</b> A store that fails over or is emptied may lose the head, a chunk, or the end of a chunk. The view keeps
 * what this node knew. The next read notices the loss and writes back what is missing.
 */
final class RevocationLog {
    private final RevocationStore store;
    private final RevocationView view;
    private final RevocationSettings settings;
    private final RetryPacer pacer;
    private final AtomicReference<Known> known = new AtomicReference<>(Known.NOTHING);
    private final ReentrantLock restoring = new ReentrantLock();
    private final AtomicLong lifetime = new AtomicLong();
    private volatile boolean isLossPending;

    RevocationLog(RevocationStore store, RevocationView view, RevocationSettings settings, RetryPacer pacer) {
        this.store = store;
        this.view = view;
        this.settings = settings;
        this.pacer = pacer;
    }

    /** What this node knows of one chunk. */
    private sealed interface Part {
        long until();

        /** Entries may be appended to it. */
        record Open(RevocationChunk chunk) implements Part {
            @Override
            public long until() {
                return chunk.until();
            }
        }

        /** It is complete, and all of it is in the view. */
        record Sealed(long until) implements Part {}

        /** The store has it no more. */
        record Absent(long until) implements Part {}
    }

    /** What this node knows of the list. Immutable; replaced as a whole. */
    private record Known(@Nullable RevocationHead head, Map<Long, Part> parts) {
        static final Known NOTHING = new Known(null, Map.of());

        /** Returns the chunk that entries can be appended to. */
        @Nullable
        RevocationChunk open() {
            Ref last = head == null ? null : head.last();
            return last != null && parts.get(last.name()) instanceof Part.Open open ? open.chunk() : null;
        }

        Known with(long name, Part part) {
            Map<Long, Part> changed = new HashMap<>(parts);
            changed.put(name, part);
            return new Known(head, changed);
        }

        boolean hasHead(RevocationHead its) {
            return head != null && head.version() == its.version();
        }

        /** Returns what is known after the head has changed; the same if another head is known. */
        Known after(RevocationHead before, RevocationHead now) {
            return hasHead(before) ? new Known(now, parts) : this;
        }

        /** Returns what is known after a chunk has changed; the same if this is known already, or something later. */
        Known after(RevocationChunk before, Part now) {
            boolean isCurrent = parts.get(before.name()) instanceof Part.Open open
                    && open.chunk().version() == before.version();
            return isCurrent ? with(before.name(), now) : this;
        }
    }

    private Known known() {
        return Objects.requireNonNull(known.get(), "known");
    }

    private static Part part(RevocationChunk chunk) {
        return chunk.isSealed() ? new Part.Sealed(chunk.until()) : new Part.Open(chunk);
    }

    private Instant now() {
        return settings.clock().instant();
    }

    private long random() {
        return settings.random().nextLong();
    }

    // ---- reading

    /** Notes for how long tokens live at most; the next read writes it into the head, for the other nodes. */
    void requireLifetime(long seconds) {
        lifetime.accumulateAndGet(seconds, Math::max);
    }

    /** Returns the longest lifetime of a token, in seconds, that this or another node has named; 0 if none has. */
    long lifetime() {
        RevocationHead head = known().head();
        return Math.max(lifetime.get(), head == null ? 0 : head.lifetime());
    }

    /** Reads what is new into the view. */
    void refresh() {
        Instant now = now();
        if (view.hasDroppedTooEarly(now)) {
            known.set(Known.NOTHING);
            view.restartDropping();
        }
        read(now);
        view.dropExpired(now);
    }

    private void read(Instant now) {
        Known before = known();
        RevocationHead head = head(now);
        boolean isLoss = hasLost(before, head, now);
        Map<Long, Part> parts = new HashMap<>();
        Set<Long> unknown = new HashSet<>();
        for (Ref ref : head.chunks()) {
            Part seen = isLoss ? null : before.parts().get(ref.name());
            if (seen != null && !(seen instanceof Part.Open)) {
                parts.put(ref.name(), seen);
                continue;
            }
            RevocationChunk earlier = seen instanceof Part.Open open ? open.chunk() : null;
            RevocationChunk chunk = load(ref.name());
            if (chunk != null) {
                view.addAll(earlier == null ? chunk.entries() : chunk.entriesSince(earlier), now);
                isLoss |= earlier != null && !chunk.continues(earlier);
                parts.put(ref.name(), part(chunk));
            } else {
                long until = Math.max(ref.until(), earlier == null ? 0 : earlier.until());
                boolean isTooEarly = hasNotPassed(until, now);
                isLoss |= isTooEarly && earlier != null;
                if (isTooEarly && earlier == null) {
                    unknown.add(ref.name());
                }
                parts.put(ref.name(), new Part.Absent(until));
            }
        }
        // If this node has appended concurrently, what it knows is later than what was read, and nothing was lost.
        noteLossIf(known.compareAndSet(before, new Known(head, parts)) && isLoss);
        if (!unknown.isEmpty()) {
            reportLost(head, unknown, now);
        }
    }

    private @Nullable RevocationChunk load(long name) {
        return store.load(RevocationChunk.keyOf(name))
                .map(stored -> RevocationChunk.read(name, stored))
                .orElse(null);
    }

    /** Whether the store has lost the list, or a chunk of it that still matters. */
    private boolean hasLost(Known before, RevocationHead head, Instant now) {
        RevocationHead former = before.head();
        if (former == null || former.version() == head.version()) {
            return false;
        }
        Set<Long> names = head.names();
        return former.list() != head.list()
                || former.chunks().stream()
                        .anyMatch(ref -> !names.contains(ref.name()) && hasNotPassed(until(before, ref), now));
    }

    private static long until(Known known, Ref ref) {
        Part part = known.parts().get(ref.name());
        return part == null ? ref.until() : Math.max(ref.until(), part.until());
    }

    /** Whether a second lies in the future by this node's clock and by the store's: one clock alone may be slow. */
    private boolean hasNotPassed(long until, Instant now) {
        return until >= now.getEpochSecond() && until >= store.laterOf(now).getEpochSecond();
    }

    /** Returns the head, after creating it or raising its lifetime if necessary. */
    private RevocationHead head(Instant now) {
        Deadline deadline = Deadline.after(SessionRecords.COMMIT_TIMEOUT, pacer::nanoTime);
        for (int tries = 1; ; tries++) {
            Optional<StoredSession> stored = store.load(RevocationHead.KEY);
            RevocationHead head = stored.isEmpty() ? null : RevocationHead.read(stored.get());
            long wanted = lifetime();
            if (head != null && head.lifetime() >= wanted) {
                return head;
            }
            RevocationHead next = head == null
                    ? new RevocationHead(random(), random(), wanted, List.of())
                    : head.withLifetime(wanted, random());
            boolean isDone = head == null
                    ? store.create(RevocationHead.KEY, next.toStored(now))
                    : store.compareAndSet(RevocationHead.KEY, head.version(), next.toStored(now))
                            instanceof Outcome.Done;
            if (isDone) {
                return next;
            }
            if (deadline.hasPassed()) {
                throw tooManyConflicts();
            }
            pacer.pause(tries);
        }
    }

    // ---- losses

    private void noteLossIf(boolean isLoss) {
        if (isLoss) {
            isLossPending = true;
        }
    }

    /**
     * Writes back what the store has lost, if a read has noticed a loss. If that fails, the next call tries again; the view is
     * complete in any case.
     */
    void restoreLosses() {
        if (!isLossPending || !restoring.tryLock()) {
            return;
        }
        try {
            isLossPending = false;
            writeBack(now());
        } catch (StoreException e) {
            isLossPending = true;
        } finally {
            restoring.unlock();
        }
    }

    private void writeBack(Instant now) {
        RevocationView stored = new RevocationView();
        RevocationHead head = known().head();
        for (Ref ref : head == null ? List.<Ref>of() : head.chunks()) {
            RevocationChunk chunk = load(ref.name());
            if (chunk != null) {
                stored.addAll(chunk.entries(), now);
            }
        }
        List<RevocationEntry> missing = view.missingIn(stored, store.laterOf(now));
        if (!missing.isEmpty()) {
            warn("the store has lost revocations; this node writes back " + missing.size() + " that it knows");
            appendAll(missing, Deadline.after(SessionRecords.COMMIT_TIMEOUT, pacer::nanoTime));
        }
    }

    /**
     * Reports to the other nodes that the store has lost chunks that this node has never read: it no longer names them. A node
     * that has read them notices that and writes them back.
     */
    private void reportLost(RevocationHead head, Set<Long> lost, Instant now) {
        warn(
                "the store has lost a part of the revocation list that this node has not read: tokens that were revoked may be"
                        + " accepted until another node writes it back");
        List<Ref> present =
                head.chunks().stream().filter(ref -> !lost.contains(ref.name())).toList();
        RevocationHead next = head.withChunks(present, random());
        if (store.compareAndSet(RevocationHead.KEY, head.version(), next.toStored(now)) instanceof Outcome.Done) {
            update(latest -> latest.after(head, next));
        }
    }

    private static void warn(String message) {
        EventBuffer.logger().log(Level.WARNING, message);
    }

    // ---- appending

    /**
     * Appends entries, and adds them to the view. If this node's clock is slower than the store's, they are kept for longer by
     * the difference.
     *
     * @throws StoreException if the store is unavailable; some entries may have been appended then
     */
    void append(List<? extends RevocationEntry> entries) {
        Deadline deadline = Deadline.after(SessionRecords.COMMIT_TIMEOUT, pacer::nanoTime);
        Instant now = now();
        long slow = RevocationEntry.secondOf(store.laterOf(now)) - RevocationEntry.secondOf(now);
        List<RevocationEntry> corrected = new ArrayList<>();
        entries.forEach(entry -> corrected.add(slow > 0 ? entry.keptLonger(slow) : entry));
        appendAll(corrected, deadline);
    }

    private void appendAll(List<RevocationEntry> entries, Deadline deadline) {
        List<RevocationEntry> left = entries;
        StoreException unknown = null;
        int tries = 0;
        while (!left.isEmpty()) {
            int before = left.size();
            try {
                left = appendSome(left);
            } catch (StoreException e) {
                unknown = repeatable(e, unknown);
            }
            if (left.size() < before) {
                tries = 0;
                continue;
            }
            if (deadline.hasPassed()) {
                throw unknown != null ? unknown : tooManyConflicts();
            }
            tries++;
            if (unknown != null) {
                pacer.pause(tries);
                unknown = rereadAfter(unknown);
            } else if (tries % 2 == 0) {
                // The attempt right after a lost one is the likeliest to win, because it starts from what has just been
                // read. If that loses too, the other nodes get a turn.
                pacer.pause(tries / 2);
            }
        }
    }

    /** Returns the failure of a call that may be repeated; throws any other. */
    private static StoreException repeatable(StoreException failure, @Nullable StoreException earlier) {
        if (failure.isUnknown()) {
            return failure;
        }
        if (earlier == null) {
            throw failure;
        }
        earlier.addSuppressed(failure);
        throw earlier;
    }

    /** Finds out what is stored after a call whose outcome is unknown. Returns that failure. */
    private StoreException rereadAfter(StoreException unknown) {
        try {
            read(now());
            return unknown;
        } catch (StoreException e) {
            return repeatable(e, unknown);
        }
    }

    private static StoreException tooManyConflicts() {
        return StoreException.unknown(
                "other nodes changed the revocation list again and again for " + SessionRecords.COMMIT_TIMEOUT, null);
    }

    /** Appends the first entries, as many as fit; returns the others. Returns all if another node was faster. */
    private List<RevocationEntry> appendSome(List<RevocationEntry> entries) {
        RevocationChunk open = known().open();
        return open == null ? appendToNext(entries) : appendTo(open, entries);
    }

    private List<RevocationEntry> appendTo(RevocationChunk open, List<RevocationEntry> entries) {
        int count = open.countFitting(entries);
        List<RevocationEntry> fitting = inOrder(entries.subList(0, count));
        RevocationChunk longer = open.with(fitting, random());
        RevocationChunk next = count < entries.size() ? longer.sealed() : longer;
        Outcome outcome = store.compareAndSet(RevocationChunk.keyOf(open.name()), open.version(), next.toStored());
        if (outcome instanceof Outcome.Done) {
            view.addAll(fitting, now());
            update(present -> present.after(open, part(next)));
            return entries.subList(count, entries.size());
        }
        Optional<StoredSession> current = ((Outcome.Lost) outcome).current();
        if (current.isPresent()) {
            RevocationChunk its = RevocationChunk.read(open.name(), current.get());
            view.addAll(its.entriesSince(open), now());
            noteLossIf(!its.continues(open));
            update(present -> present.after(open, part(its)));
        } else {
            noteLossIf(hasNotPassed(open.until(), now()));
            update(present -> present.after(open, new Part.Absent(open.until())));
        }
        return entries;
    }

    /** Begins another chunk, unless another node has done so. */
    private List<RevocationEntry> appendToNext(List<RevocationEntry> entries) {
        Instant now = now();
        read(now);
        Known present = known();
        RevocationHead head = present.head();
        if (head == null || present.open() != null) {
            return entries;
        }
        RevocationChunk empty = RevocationChunk.empty(random());
        int count = empty.countFitting(entries);
        List<RevocationEntry> fitting = inOrder(entries.subList(0, count));
        RevocationChunk chunk = empty.with(fitting, random());
        List<Ref> former = new ArrayList<>();
        List<Ref> over = new ArrayList<>();
        long expiredBefore =
                store.earlierOf(now).minus(SessionStore.GRACE_PERIOD).getEpochSecond();
        for (Ref ref : head.chunks()) {
            long until = until(present, ref);
            (until < expiredBefore ? over : former).add(new Ref(ref.name(), until));
        }
        if (former.size() >= RevocationHead.MAX_CHUNKS) {
            throw StoreException.notDone(
                    "the revocation list is full: it has " + former.size() + " chunks of " + RevocationChunk.MAX_BYTES
                            + " bytes; shorten the lifetime of tokens",
                    null);
        }
        former.add(new Ref(chunk.name(), chunk.until()));
        if (!store.create(RevocationChunk.keyOf(chunk.name()), chunk.toStored())) {
            return entries;
        }
        RevocationHead next = head.withChunks(former, random());
        if (store.compareAndSet(RevocationHead.KEY, head.version(), next.toStored(now)) instanceof Outcome.Lost) {
            store.remove(RevocationChunk.keyOf(chunk.name()));
            return entries;
        }
        view.addAll(fitting, now);
        update(latest ->
                latest.hasHead(head) ? latest.after(head, next).with(chunk.name(), new Part.Open(chunk)) : latest);
        over.forEach(ref -> store.remove(RevocationChunk.keyOf(ref.name())));
        return entries.subList(count, entries.size());
    }

    /** Gives each end of a user's sessions a later time than every earlier end: the compare-and-set proves that all are known. */
    private List<RevocationEntry> inOrder(List<RevocationEntry> entries) {
        Map<Long, User> latest = new HashMap<>();
        List<RevocationEntry> ordered = new ArrayList<>(entries.size());
        for (RevocationEntry entry : entries) {
            if (entry instanceof User user) {
                User former = latest.get(user.key());
                User next = user.after(former == null ? view.user(user.key()) : former);
                latest.put(user.key(), next);
                ordered.add(next);
            } else {
                ordered.add(entry);
            }
        }
        return ordered;
    }

    private void update(UnaryOperator<Known> change) {
        known.updateAndGet(change);
    }
}
