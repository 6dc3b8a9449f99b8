package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.engine.SessionRecords.Removed;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Ends remembered browsers: the record first, then every session that belongs to it. A session that is begun for a browser is
 * stored before the browser's record is looked at for the last time ({@link SessionRecords#signInAgain}). So either that request
 * finds no record and removes its session, or this one finds the session. Blocks. Thread-safe.
 */
final class RememberEnd {
    private final SessionRecords records;
    private final UserIndexProtocol userIndex;

    RememberEnd(SessionRecords records, UserIndexProtocol userIndex) {
        this.records = records;
        this.userIndex = userIndex;
    }

    /** Loads a remembered browser; empty if it is not remembered any more. */
    Optional<RecordSnapshot> load(StoreKey key, EventBuffer events) {
        return records.load(key, events) instanceof StoredState.Live live
                        && RememberSettings.isBrowser(live.snapshot().record())
                ? Optional.of(live.snapshot())
                : Optional.empty();
    }

    /**
     * Ends a browser and its sessions.
     *
     * @param stays which session is left to the caller
     * @param whenEnded receives what this call has removed, and no other one: the browser's record, then each session
     */
    void end(RecordSnapshot browser, Predicate<StoreKey> stays, Consumer<Removed> whenEnded, EventBuffer events) {
        String subject = Objects.requireNonNull(browser.record().subject(), "a remembered browser has a user");
        remove(browser, subject, whenEnded, events);
        UserSessionScan others = new UserSessionScan(userIndex, records, subject, events).without(browser.key());
        UserSessionScan.End scan = others.forEach(stays, its -> {
            if (Objects.equals(RememberSettings.browserKey(its.record()), browser.key())) {
                remove(its, subject, whenEnded, events);
            }
        });
        if (scan == UserSessionScan.End.OUTRUN) {
            throw new SessionUnavailableException(
                    Reason.CONFLICT,
                    "the user's sessions got new ids again and again while those of one browser were to be ended; end them once"
                            + " more",
                    null);
        }
    }

    /** Ends a session and its successors, but none of another user who has signed in in it since. */
    private void remove(RecordSnapshot its, String subject, Consumer<Removed> whenEnded, EventBuffer events) {
        endSession(its, (key, stored) -> subject.equals(stored.subject()), whenEnded, events);
    }

    /**
     * Ends a session, or its successor, if it matches, and a browser that was begun for it since it was read. The browser that
     * it had when it was read is the caller's to end.
     *
     * @param whenEnded receives what this call has removed
     */
    void endSession(
            RecordSnapshot its,
            BiPredicate<StoreKey, StoredSession> matches,
            Consumer<Removed> whenEnded,
            EventBuffer events) {
        records.end(its.key(), its.stored(), matches, events).ifPresent(removed -> {
            whenEnded.accept(removed);
            endLinkedSince(its.record(), removed.record(), whenEnded, events);
        });
    }

    /**
     * Ends the browser that a request of a session has begun since the caller read the session. Whoever ends a session, or moves
     * it to another user, calls this with the record that its own write has found: the browser that the caller has read of may
     * not be the last one.
     *
     * @param known what the caller knew of the session; it has ended the browser of this record, if it had to
     * @param last the session's last record; null if it cannot be read
     * @param whenEnded receives what this call has removed
     */
    void endLinkedSince(
            SessionRecord known, @Nullable SessionRecord last, Consumer<Removed> whenEnded, EventBuffer events) {
        StoreKey browser = RememberSettings.browserKey(last);
        if (last == null || browser == null || Objects.equals(browser, RememberSettings.browserKey(known))) {
            return;
        }
        load(browser, events)
                .filter(found -> Objects.equals(found.record().subject(), last.subject()))
                .ifPresent(found -> end(found, key -> false, whenEnded, events));
    }
}
