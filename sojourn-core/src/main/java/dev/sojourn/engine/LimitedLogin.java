package dev.sojourn.engine;

import dev.sojourn.OnLimit;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.TooManySessionsException;
import dev.sojourn.UserSession;
import dev.sojourn.engine.SessionRecords.Removed;
import dev.sojourn.spi.Deadline;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One login of a user whose number of sessions is limited. Not thread-safe.
 *
 * <p><b>The protocol.</b> The login reads the user's {@link PermitList}, counts the user's sessions, creates its own record, and
 * then replaces the list by one that names its permit too. A session counts if the list names its permit, or if it has none
 * because it is older than the limit. So a login in progress does not count, nor does one whose node has stopped. The
 * compare-and-set decides: if it is lost, another login has won in the meantime, and this one counts again. If it is won, no
 * other login has won since the count, and each that won before had created its record before, so the count has found it.
 *
 * <p>Without a list each session counts, and a list that names all of them is created before any record: while one is
 * missing, no login is in progress, except where the store has lost it.
 */
final class LimitedLogin {
    private static final Comparator<Counted> OLDEST_FIRST = Comparator.comparing(Counted::signedInAt)
            .thenComparing(counted -> counted.latest().key().text());

    private final EngineSettings settings;
    private final ConfirmingStore store;
    private final UserIndexProtocol userIndex;
    private final SessionRecords records;
    private final RetryPacer pacer;
    private final LimitRule rule;
    private final String subject;
    private final @Nullable StoreKey replaced;
    private final EventBuffer events;
    private final String permit = Permit.random();

    private List<Counted> counted = List.of();
    private @Nullable PermitList list;

    /** One session: its record, or while it gets a new id, its old and its new one. A remembered browser with its sessions is one. */
    private static final class Counted {
        private final List<RecordSnapshot> snapshots = new ArrayList<>(2);

        RecordSnapshot latest() {
            return snapshots.get(snapshots.size() - 1);
        }

        Instant signedInAt() {
            return snapshots.stream()
                    .map(each -> each.record().createdAt())
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }

        @Nullable
        String permit() {
            return Permit.of(latest().record());
        }
    }

    /**
     * @param replaced the record that the login replaces, which does not count; null if there is none
     */
    LimitedLogin(
            EngineSettings settings,
            ConfirmingStore store,
            UserIndexProtocol userIndex,
            SessionRecords records,
            RetryPacer pacer,
            LimitRule rule,
            String subject,
            @Nullable StoreKey replaced,
            EventBuffer events) {
        this.settings = settings;
        this.store = store;
        this.userIndex = userIndex;
        this.records = records;
        this.pacer = pacer;
        this.rule = rule;
        this.subject = subject;
        this.replaced = replaced;
        this.events = events;
    }

    /** Whether a login continues a session of the same user, which has a permit. */
    static boolean keepsPermit(SessionRecord next, @Nullable SessionRecord before) {
        return before != null
                && Permit.of(next) != null
                && Objects.equals(Permit.of(next), Permit.of(before))
                && Objects.equals(next.subject(), before.subject());
    }

    /** Reads the user's sessions once, and throws if there is no room for another one. Stores nothing. */
    void check() {
        readList(Optional.empty());
        count();
    }

    /**
     * Stores the session's first record.
     *
     * @param record the record
     * @param firstId its id, unless that is taken
     * @param writer what creates it
     */
    CommitOutcome.Created create(SessionRecord record, String firstId, RecordWriter writer) {
        Deadline deadline = Deadline.after(SessionRecords.COMMIT_TIMEOUT, pacer::nanoTime);
        countAgain(Optional.empty(), deadline);
        CommitOutcome.Created created = writer.create(Permit.write(record, permit), firstId, events);
        try {
            takePermit(deadline);
        } catch (RuntimeException | Error e) {
            writer.removeUnpublished(created.snapshot(), events);
            throw e;
        }
        return created;
    }

    // ---- counting

    /** Counts the sessions by a list that is stored: by a new one if there is none. */
    private void countAgain(Optional<PermitList> known, Deadline deadline) {
        Optional<PermitList> found = known;
        for (int tries = 1; ; tries++) {
            readList(found);
            count();
            if (list != null) {
                return;
            }
            PermitList first = PermitList.of(permitsOfCounted());
            if (store.create(key(), first.toStored(settings.clock.instant()), events)) {
                list = first;
                return;
            }
            found = Optional.empty();
            pauseBeforeRetry(tries, deadline);
        }
    }

    private void readList(Optional<PermitList> known) {
        list = known.or(() -> store.load(key(), events).map(PermitList::read)).orElse(null);
    }

    private void count() {
        Map<String, Counted> found = new LinkedHashMap<>();
        UserSessionScan.End end = new UserSessionScan(userIndex, records, subject, events)
                .forEach(key -> Objects.equals(key, replaced), its -> add(its, found));
        if (end == UserSessionScan.End.OUTRUN) {
            throw conflict("the user's sessions got new ids again and again while they were counted");
        }
        counted = new ArrayList<>(found.values());
        joinFormerIds();
        if (rule.onLimit() != OnLimit.END_OLDEST && counted.size() >= rule.max()) {
            throw new TooManySessionsException(rule.max(), listed());
        }
    }

    private void add(RecordSnapshot its, Map<String, Counted> found) {
        String held = Permit.of(its.record());
        boolean counts = held == null || list == null || list.permits().contains(held);
        if (counts && !permit.equals(held) && !isActing(its.record())) {
            StoreKey browser = RememberSettings.browserKey(its.record());
            String name = held != null
                    ? held
                    : browser != null ? browser.text() : its.key().text();
            found.computeIfAbsent(name, any -> new Counted()).snapshots.add(its);
        }
    }

    /** Counts a session without a permit once, even if it gets a new id at this moment: the new record names the old one. */
    private void joinFormerIds() {
        for (Counted each : List.copyOf(counted)) {
            List<String> former = each.latest().record().formerPublicIds();
            if (each.permit() == null && !former.isEmpty()) {
                counted.removeIf(other -> other != each
                        && other.permit() == null
                        && former.contains(SessionIds.publicId(other.latest().key()))
                        && each.snapshots.addAll(0, other.snapshots));
            }
        }
    }

    /** Whether another user acts in a session: it takes no place of the user's own. */
    static boolean isActing(SessionRecord record) {
        return record.signIn() != null && record.signIn().actingBy() != null;
    }

    private List<UserSession> listed() {
        return counted.stream()
                .sorted(OLDEST_FIRST.reversed())
                .map(each -> ListedSession.of(each.latest(), settings, false))
                .toList();
    }

    // ---- the permit

    private void takePermit(Deadline deadline) {
        for (int tries = 1; ; tries++) {
            endOldest();
            List<String> permits = permitsOfCounted();
            permits.add(permit);
            PermitList before = Objects.requireNonNull(list, "the list was read");
            Outcome outcome = store.compareAndSet(
                    key(), before.version(), PermitList.of(permits).toStored(settings.clock.instant()), events);
            if (!(outcome instanceof Outcome.Lost lost)) {
                return;
            }
            pauseBeforeRetry(tries, deadline);
            countAgain(lost.current().map(PermitList::read), deadline);
        }
    }

    private List<String> permitsOfCounted() {
        List<String> permits = new ArrayList<>();
        for (Counted each : counted) {
            String held = each.permit();
            if (held != null) {
                permits.add(held);
            }
        }
        return permits;
    }

    /** Ends the surplus before this login takes its permit, so that the user never has more sessions than allowed. */
    private void endOldest() {
        int surplus = counted.size() - (rule.max() - 1);
        if (surplus > 0) {
            counted.sort(OLDEST_FIRST);
            List<Counted> oldest = counted.subList(0, surplus);
            oldest.forEach(each -> each.snapshots.forEach(this::end));
            oldest.clear();
        }
    }

    private void end(RecordSnapshot its) {
        // A browser with its sessions, or it would sign its user in again.
        RememberEnd ends = new RememberEnd(records, userIndex);
        Consumer<Removed> report = removed -> removed.report(settings, DestroyReason.OVER_LIMIT, events);
        if (RememberSettings.isBrowser(its.record())) {
            ends.end(its, key -> false, report, events);
        } else {
            ends.endSession(its, (key, stored) -> subject.equals(stored.subject()), report, events);
        }
    }

    private StoreKey key() {
        return PermitList.key(subject);
    }

    private void pauseBeforeRetry(int tries, Deadline deadline) {
        if (Thread.currentThread().isInterrupted() || deadline.hasPassed()) {
            throw conflict("other logins of the same user went first for " + SessionRecords.COMMIT_TIMEOUT);
        }
        if (tries > 1) {
            pacer.pause(tries);
        }
    }

    private static SessionUnavailableException conflict(String problem) {
        return new SessionUnavailableException(Reason.CONFLICT, problem + "; nobody was signed in", null);
    }
}
