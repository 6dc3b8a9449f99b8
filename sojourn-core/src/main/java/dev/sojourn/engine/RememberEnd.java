package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.engine.SessionRecords.Removed;
import dev.sojourn.spi.StoreKey;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

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
        UserSessionScan.End scan = new UserSessionScan(userIndex, records, subject, events).forEach(stays, its -> {
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
        records.end(its.key(), its.stored(), (key, stored) -> subject.equals(stored.subject()), events)
                .ifPresent(whenEnded);
    }
}
