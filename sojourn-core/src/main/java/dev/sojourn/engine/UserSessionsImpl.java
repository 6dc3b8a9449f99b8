package dev.sojourn.engine;

import dev.sojourn.Key;
import dev.sojourn.Session;
import dev.sojourn.SessionException;
import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.SignedIn;
import dev.sojourn.UserSessions;
import dev.sojourn.engine.SessionRecords.Removed;
import dev.sojourn.engine.ValueCodec.UnreadableValueException;
import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UnreadableRecordException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The sessions of one user: what the {@link UserIndexProtocol} names and the {@link SessionRecords} finds to be true. */
final class UserSessionsImpl implements UserSessions {
    private final EngineSettings settings;
    private final SessionRecords vault;
    private final String subject;

    UserSessionsImpl(EngineSettings settings, SessionRecords vault, String subject) {
        this.settings = settings;
        this.vault = vault;
        this.subject = subject;
    }

    @Override
    public List<SignedIn> list() {
        return list(CurrentSession.none(vault));
    }

    @Override
    public List<SignedIn> list(Session current) {
        return list(CurrentSession.of(current, vault));
    }

    private List<SignedIn> list(CurrentSession own) {
        List<SignedIn> listed = new ArrayList<>();
        EventBuffer events = new EventBuffer(settings.listener);
        try {
            new UserSessionScan(vault, subject, events)
                    .through(key -> false, its -> listed.add(signedIn(its, own.is(its.key(), its.record(), events))));
        } finally {
            events.tell();
        }
        listed.sort(Comparator.comparing(SignedIn::lastAccessedAt).reversed());
        return List.copyOf(listed);
    }

    private SignedIn signedIn(RecordSnapshot snapshot, boolean current) {
        StoredSession stored = snapshot.stored();
        SessionRecord record = snapshot.record();
        return new SignedIn(
                SessionIds.handle(snapshot.key()),
                record.createdAt(),
                settings.deadlines.lastAccess(snapshot, vault.now()),
                settings.deadlines.end(stored.expiresAt(), record),
                current);
    }

    /** The session may have got a new id since its handle was read; then it is told by the handles that it had. */
    @Override
    public boolean end(String handle) {
        return collecting((ended, events) -> {
                    UserSessionScan walk = new UserSessionScan(vault, subject, events);
                    Optional<RecordSnapshot> named =
                            walk.named(key -> SessionIds.handle(key).equals(handle));
                    if (named.isPresent()) {
                        end(named.get(), CurrentSession.none(vault), events).ifPresent(ended::add);
                        return;
                    }
                    // All that had it: one may be a record that was stored twice because an answer was lost.
                    checkNotOutrun(walk.through(key -> false, its -> {
                        if (its.record().formerHandles().contains(handle)) {
                            end(its, CurrentSession.none(vault), events).ifPresent(ended::add);
                        }
                    }));
                })
                > 0;
    }

    @Override
    public int endOthers(Session current) {
        return endEvery(CurrentSession.of(current, vault));
    }

    @Override
    public int endAll() {
        return endEvery(CurrentSession.none(vault));
    }

    @Override
    public <T> int endIf(Key<T> key, Predicate<? super T> matches) {
        return collecting((ended, events) -> {
            vault.roster().advance(subject, vault.now(), events);
            checkNotOutrun(new UserSessionScan(vault, subject, events).through(listed -> false, its -> {
                if (holds(its.record(), key, matches)) {
                    end(its, CurrentSession.none(vault), events).ifPresent(ended::add);
                }
            }));
        });
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
        return collecting((ended, events) -> {
            vault.roster().advance(subject, vault.now(), events);
            checkNotOutrun(new UserSessionScan(vault, subject, events)
                    .through(stays::is, its -> end(its, stays, events).ifPresent(ended::add)));
        });
    }

    private static void checkNotOutrun(UserSessionScan.End end) {
        if (end == UserSessionScan.End.OUTRUN) {
            throw new SessionUnavailableException(
                    Reason.CONFLICT,
                    "the user's sessions got new ids again and again while they were to be ended; end them once more",
                    null);
        }
    }

    /** What ends sessions of the user and collects them. */
    private interface Ending {
        void end(List<Removed> ended, EventBuffer events);
    }

    /** How many were ended; the listener hears of each, also where a later one could not be. */
    private int collecting(Ending ending) {
        EventBuffer events = new EventBuffer(settings.listener);
        List<Removed> ended = new ArrayList<>();
        try {
            ending.end(ended, events);
        } catch (SessionException e) {
            throw ended.isEmpty() ? e : e.markPartlySaved();
        } finally {
            ended.forEach(each -> tell(each, events));
            events.tell();
        }
        return ended.size();
    }

    /** Ends a session, also where it gets a new id at this moment, unless it is the one that stays. */
    private Optional<Removed> end(RecordSnapshot its, CurrentSession stays, EventBuffer events) {
        return stays.is(its.key(), its.record(), events)
                ? Optional.empty()
                : vault.end(its.key(), its.stored(), (which, whose) -> !stays.is(which) && isMine(whose), events);
    }

    private void tell(Removed removed, EventBuffer events) {
        SessionRecord record;
        try {
            record = settings.records.read(removed.stored());
        } catch (UnreadableRecordException e) {
            return;
        }
        SessionInfo info =
                settings.deadlines.info(removed.key(), record, removed.stored().expiresAt());
        events.add(heard -> heard.onDestroyed(info, DestroyReason.REVOKED));
    }

    private boolean isMine(StoredSession stored) {
        return subject.equals(stored.subject());
    }

    /** Does not say whose. */
    @Override
    public String toString() {
        return "UserSessions";
    }
}
