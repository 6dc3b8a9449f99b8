package dev.sojourn.engine;

import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.UserIndex.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Visits each session of one user. Loads no record twice.
 *
 * <p><b>Sessions that get a new id during the scan.</b> An entry that leads to no session may belong to a session that got a
 * new id. No successor is followed: it was entered before the old record was retired, so the scan reads the entries again and
 * finds the current record, however many there were in between. Entries that fill several pages are read again too until none
 * is new: a session may have moved from a page that was not read yet to one that was.
 *
 * <p><b>Remembered browsers.</b> One may begin a session while the scan ends it. So after a pass that visited a browser the
 * entries are read once more: a session that was begun before the browser was removed had been entered by then. The same after
 * a pass that visited a session but not its browser: that may have been entered after the entries were read.
 *
 * <p><b>Entries without a session.</b> An entry whose record is gone, retired or another user's is dropped, so it costs one
 * load only once. If it is entered again, its record has been created since, and is loaded.
 */
final class UserSessionScan {
    private static final int PAGE = 100;
    /** Each pass after the second needs a session that changes its id during the scan. */
    private static final int MOST_PASSES = 16;

    private final UserIndexProtocol userIndex;
    private final SessionRecords records;
    private final String subject;
    private final EventBuffer events;
    private final Set<StoreKey> seen = new HashSet<>();
    /** The entries that led to no session of the user. One that is entered again is another one. */
    private final Set<Entry> dropped = new HashSet<>();

    private boolean leftRecord;

    UserSessionScan(UserIndexProtocol userIndex, SessionRecords records, String subject, EventBuffer events) {
        this.userIndex = userIndex;
        this.records = records;
        this.subject = subject;
        this.events = events;
    }

    /** Does not visit the record of a key, which the caller knows. */
    UserSessionScan without(StoreKey known) {
        seen.add(known);
        return this;
    }

    /** How a scan ended. */
    enum End {
        /** Every session was visited. */
        COMPLETE,
        /** The user's sessions got new ids again and again, so one may have been missed. */
        OUTRUN
    }

    /** What one pass through the entries has found. */
    private static final class Pass {
        private int pages;
        private boolean anyNew;
        private boolean anyDropped;
        private boolean anyBrowser;
        /** The browsers of the sessions that this pass has visited. */
        private final Set<StoreKey> browsersOfSessions = new HashSet<>();

        boolean mayHaveMissedOne(Set<StoreKey> seen) {
            return anyDropped || anyBrowser || !seen.containsAll(browsersOfSessions) || (pages > 1 && anyNew);
        }
    }

    /**
     * Visits each session and each remembered browser of the user: the live ones, and those that have expired by this node's clock alone.
     *
     * @param skipped which keys are not loaded
     * @param visitor receives each session
     */
    End forEach(Predicate<StoreKey> skipped, Consumer<RecordSnapshot> visitor) {
        for (int i = 0; i < MOST_PASSES; i++) {
            Pass pass = new Pass();
            pages(pass, entry -> {
                if (!skipped.test(entry.key()) && !dropped.contains(entry) && seen.add(entry.key())) {
                    pass.anyNew = true;
                    load(entry, pass).ifPresent(visitor);
                }
            });
            if (!pass.mayHaveMissedOne(seen)) {
                return End.COMPLETE;
            }
        }
        return End.OUTRUN;
    }

    /** Whether a record was found that can neither be read nor be removed now. */
    boolean hasLeftRecord() {
        return leftRecord;
    }

    /** Finds the session of a key that matches, without loading any other record. */
    Optional<RecordSnapshot> find(Predicate<StoreKey> matches) {
        List<Entry> found = new ArrayList<>();
        pages(new Pass(), entry -> {
            if (matches.test(entry.key())) {
                found.add(entry);
            }
        });
        return found.stream().findFirst().flatMap(entry -> load(entry, new Pass()));
    }

    private void pages(Pass pass, Consumer<Entry> visitor) {
        Entry last = null;
        while (true) {
            List<Entry> page = userIndex.find(subject, last, PAGE, events);
            pass.pages++;
            page.forEach(visitor);
            if (page.size() < PAGE) {
                return;
            }
            last = page.get(page.size() - 1);
        }
    }

    /** Loads the session of an entry, if there is one. */
    private Optional<RecordSnapshot> load(Entry entry, Pass pass) {
        StoredState found = records.load(entry.key(), events);
        if (found instanceof StoredState.Live live && isOfSubject(live.snapshot())) {
            SessionRecord record = live.snapshot().record();
            pass.anyBrowser |= RememberSettings.isBrowser(record);
            StoreKey browser = RememberSettings.browserKey(record);
            if (browser != null) {
                pass.browsersOfSessions.add(browser);
            }
            return Optional.of(live.snapshot());
        }
        if (found instanceof StoredState.Doubtful doubtful && isOfSubject(doubtful.snapshot())) {
            return Optional.of(doubtful.snapshot());
        }
        boolean entryIsRemoved = found instanceof StoredState.Expired || found instanceof StoredState.Unreadable;
        boolean mayBeStored = found instanceof StoredState.UnreadableKept;
        leftRecord |= mayBeStored;
        if (!entryIsRemoved && !mayBeStored) {
            userIndex.drop(subject, entry, events);
            dropped.add(entry);
            seen.remove(entry.key());
            pass.anyDropped = true;
        }
        return Optional.empty();
    }

    private boolean isOfSubject(RecordSnapshot snapshot) {
        return subject.equals(snapshot.stored().subject());
    }
}
