package dev.sojourn.engine;

import dev.sojourn.Key;
import dev.sojourn.Session;
import dev.sojourn.SessionException;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.UserSession;
import dev.sojourn.UserSessions;
import dev.sojourn.engine.SessionRecords.Removed;
import dev.sojourn.engine.ValueCodec.UnreadableValueException;
import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SignInFacts;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The sessions and remembered browsers of one user: those listed in the user index whose records still are live sessions of that user. */
final class UserSessionsImpl implements UserSessions {
    private final EngineSettings settings;
    private final SessionRecords records;
    private final UserIndexProtocol userIndex;
    private final RememberEnd remember;
    private final String subject;

    UserSessionsImpl(
            EngineSettings settings,
            SessionRecords records,
            UserIndexProtocol userIndex,
            RememberEnd remember,
            String subject) {
        this.settings = settings;
        this.records = records;
        this.userIndex = userIndex;
        this.remember = remember;
        this.subject = subject;
    }

    @Override
    public List<UserSession> list() {
        return list(CurrentSession.none(records));
    }

    @Override
    public List<UserSession> list(Session current) {
        return list(CurrentSession.of(current, records));
    }

    private List<UserSession> list(CurrentSession current) {
        List<UserSession> listed = new ArrayList<>();
        UserEntries entries = new UserEntries();
        EventBuffer events = new EventBuffer(settings.listener);
        try {
            scan(events).forEach(key -> false, entries::add);
            listed.addAll(
                    entries.list(its -> ListedSession.of(its, settings, current.is(its.key(), its.record(), events))));
        } finally {
            events.deliver();
        }
        listed.sort(Comparator.comparing(UserSession::lastAccessedAt).reversed());
        return List.copyOf(listed);
    }

    private UserSessionScan scan(EventBuffer events) {
        return new UserSessionScan(userIndex, records, subject, events);
    }

    /** The session may have got a new id since its public id was read; then its record has the public ids of before. */
    @Override
    public boolean end(String publicId) {
        return countEnded((ended, events) -> {
                    UserSessionScan scan = scan(events);
                    Optional<RecordSnapshot> named =
                            scan.find(key -> SessionIds.publicId(key).equals(publicId));
                    if (named.isPresent()) {
                        endWithBrowser(named.get(), ended, events);
                        return;
                    }
                    // All sessions that had it: one may be a record that was stored twice because a response was lost.
                    requireComplete(scan.forEach(key -> false, its -> {
                        if (its.record().formerPublicIds().contains(publicId)) {
                            endWithBrowser(its, ended, events);
                        }
                    }));
                })
                > 0;
    }

    @Override
    public int endOthers(Session current) {
        return endEvery(CurrentSession.of(current, records));
    }

    @Override
    public int endAll() {
        return endEvery(CurrentSession.none(records));
    }

    @Override
    public String export() {
        List<SessionExport.Exported> exported = new ArrayList<>();
        EventBuffer events = new EventBuffer(settings.listener);
        try {
            requireComplete(new UserSessionScan(userIndex, records, subject, events)
                    .forEach(
                            key -> false,
                            its -> exported.add(
                                    new SessionExport.Exported(ListedSession.of(its, settings, false), its.record()))));
        } finally {
            events.deliver();
        }
        exported.sort(Comparator.comparing(
                        (SessionExport.Exported each) -> each.session().lastAccessedAt())
                .reversed());
        return SessionExport.of(subject, exported);
    }

    @Override
    public int erase() {
        return countEnded((ended, events) -> {
            userIndex.advanceEpoch(subject, settings.clock.instant(), events);
            UserSessionScan scan = new UserSessionScan(userIndex, records, subject, events);
            CurrentSession none = CurrentSession.none(records);
            requireComplete(scan.forEach(key -> false, its -> end(its, none, ended, events)));
            if (scan.hasLeftRecord()) {
                throw new SessionUnavailableException(
                        Reason.STORE_UNAVAILABLE,
                        "a record of the user could neither be read nor be removed; erase the user's sessions once more",
                        null);
            }
        });
    }

    @Override
    public <T> int endIf(Key<T> key, Predicate<? super T> matches) {
        return endEach(record -> holds(record, key, matches));
    }

    @Override
    public int endProviderSession(String issuer, @Nullable String providerSession, Instant signedInUntil) {
        Objects.requireNonNull(issuer, "issuer");
        Objects.requireNonNull(signedInUntil, "signedInUntil");
        return endEach(record -> isOf(issuer, providerSession, record) && !isLater(record, signedInUntil));
    }

    /** Ends the sessions whose record matches, with their remembered browsers. */
    private int endEach(Predicate<SessionRecord> matches) {
        return countEnded((ended, events) -> {
            userIndex.advanceEpoch(subject, settings.clock.instant(), events);
            requireComplete(scan(events).forEach(listed -> false, its -> {
                if (matches.test(its.record())) {
                    endWithBrowser(its, ended, events);
                }
            }));
        });
    }

    private static boolean isOf(String issuer, @Nullable String providerSession, SessionRecord record) {
        SignInFacts facts = record.signIn();
        return facts != null
                && issuer.equals(facts.issuer())
                && (providerSession == null || providerSession.equals(facts.providerSession()));
    }

    private static boolean isLater(SessionRecord record, Instant time) {
        Instant signedInAt = record.signedInAt();
        return signedInAt != null && signedInAt.isAfter(time);
    }

    private <T> boolean holds(SessionRecord record, Key<T> key, Predicate<? super T> matches) {
        Slice json = record.attributes().get(key.name());
        if (json == null) {
            return false;
        }
        T value;
        try {
            value = settings.values.read(json, settings.values.type(key.type()));
        } catch (UnreadableValueException e) {
            return false;
        }
        return value != null && matches.test(value);
    }

    private int endEvery(CurrentSession stays) {
        return countEnded((ended, events) -> {
            userIndex.advanceEpoch(subject, settings.clock.instant(), events);
            requireComplete(scan(events).forEach(stays::is, its -> {
                if (!RememberSettings.isBrowser(its.record()) || !isBrowserOf(stays, its, events)) {
                    end(its, stays, ended, events);
                }
            }));
        });
    }

    /**
     * Whether a remembered browser is that of the session that stays. Another request of the session may have begun it since
     * this one read the session: then it names the session, and is newer than the one that the session named.
     */
    private boolean isBrowserOf(CurrentSession session, RecordSnapshot browser, EventBuffer events) {
        StoreKey named = browserOf(session, events);
        if (Objects.equals(named, browser.key())) {
            return true;
        }
        return session.hasBegun(browser.record())
                && (named == null || !isRememberedSince(named, browser.record().createdAt(), events));
    }

    /** Whether a browser is still remembered, and was so not before this time. */
    private boolean isRememberedSince(StoreKey browser, Instant time, EventBuffer events) {
        return remember.load(browser, events)
                .filter(found -> !found.record().createdAt().isBefore(time))
                .isPresent();
    }

    /** Returns the remembered browser of the session that stays; null if it belongs to none. */
    private @Nullable StoreKey browserOf(CurrentSession session, EventBuffer events) {
        RecordSnapshot loaded = session.loaded();
        RecordSnapshot current =
                loaded != null ? loaded : scan(events).find(session::is).orElse(null);
        return current == null ? null : RememberSettings.browserKey(current.record());
    }

    /** Ends a session or a remembered browser, and all that belongs to the same browser: it would be signed in again. */
    private void endWithBrowser(RecordSnapshot its, List<Removed> ended, EventBuffer events) {
        StoreKey browser =
                RememberSettings.isBrowser(its.record()) ? its.key() : RememberSettings.browserKey(its.record());
        if (browser != null) {
            remember.load(browser, events)
                    .filter(found -> subject.equals(found.record().subject()))
                    .ifPresent(found -> remember.end(found, key -> false, ended::add, events));
        }
        end(its, CurrentSession.none(records), ended, events);
    }

    private static void requireComplete(UserSessionScan.End end) {
        if (end == UserSessionScan.End.OUTRUN) {
            throw new SessionUnavailableException(
                    Reason.CONFLICT,
                    "the user's sessions got new ids again and again while they were to be ended; end them once more",
                    null);
        }
    }

    /** Ends sessions of the user and collects them. */
    private interface Ending {
        void end(List<Removed> ended, EventBuffer events);
    }

    /** Returns how many sessions were ended; notifies the listener of each, even if a later one could not be ended. */
    private int countEnded(Ending ending) {
        EventBuffer events = new EventBuffer(settings.listener);
        List<Removed> ended = new ArrayList<>();
        try {
            ending.end(ended, events);
        } catch (SessionException e) {
            throw ended.isEmpty() ? e : e.toPartlySaved();
        } finally {
            ended.forEach(each -> each.report(settings, DestroyReason.REVOKED, events));
            events.deliver();
        }
        return count(ended);
    }

    /** Counts what a list would have shown: a remembered browser and its sessions are one. */
    private int count(List<Removed> ended) {
        UserEntries entries = new UserEntries();
        int unreadable = 0;
        for (Removed each : ended) {
            if (each.record() == null) {
                unreadable++;
            } else {
                entries.add(new RecordSnapshot(each.key(), each.stored(), each.record()));
            }
        }
        return entries.count() + unreadable;
    }

    /** Ends a session, even if it gets a new id at this moment, unless it is the one that stays. */
    private void end(RecordSnapshot its, CurrentSession stays, List<Removed> ended, EventBuffer events) {
        if (!stays.is(its.key(), its.record(), events)) {
            remember.endSession(its, (key, stored) -> !stays.is(key) && isOfSubject(stored), ended::add, events);
        }
    }

    private boolean isOfSubject(StoredSession stored) {
        return subject.equals(stored.subject());
    }

    /** Omits the subject. */
    @Override
    public String toString() {
        return "UserSessions";
    }
}
