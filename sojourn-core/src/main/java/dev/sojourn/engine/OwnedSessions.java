package dev.sojourn.engine;

import dev.sojourn.Session;
import dev.sojourn.SessionException;
import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SignedIn;
import dev.sojourn.SubjectSessions;
import dev.sojourn.engine.Vault.Removed;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.SubjectIndex.Entry;
import dev.sojourn.spi.UnreadableRecordException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** The sessions of one user: what the {@link Roster} names and the {@link Vault} finds to be true. */
final class OwnedSessions implements SubjectSessions {
    private static final int PAGE = 100;

    private final EngineSettings settings;
    private final Vault vault;
    private final String subject;

    OwnedSessions(EngineSettings settings, Vault vault, String subject) {
        this.settings = settings;
        this.vault = vault;
        this.subject = subject;
    }

    @Override
    public List<SignedIn> list() {
        return list(OwnSession.none(vault));
    }

    @Override
    public List<SignedIn> list(Session current) {
        return list(OwnSession.of(current, vault));
    }

    private List<SignedIn> list(OwnSession own) {
        Map<StoreKey, SignedIn> listed = new HashMap<>();
        Events events = new Events(settings.listener);
        try {
            visit(key -> true, events, (key, found) -> {
                if (inItsPlace(found, events) instanceof Found.Live live
                        && isMine(live.snapshot().stored())) {
                    Snapshot its = live.snapshot();
                    listed.put(its.key(), signedIn(its, own.is(its.key(), its.record(), events)));
                }
            });
        } finally {
            events.tell();
        }
        return listed.values().stream()
                .sorted(Comparator.comparing(SignedIn::lastAccessedAt).reversed())
                .toList();
    }

    /** A session that got a new id while the list was read has only its old entry there. */
    private Found inItsPlace(Found found, Events events) {
        Found now = found;
        while (now instanceof Found.Retired retired && retired.record().successor() != null) {
            now = vault.load(retired.record().successor(), events);
        }
        return now;
    }

    private SignedIn signedIn(Snapshot snapshot, boolean current) {
        StoredSession stored = snapshot.stored();
        SessionRecord record = snapshot.record();
        return new SignedIn(
                Ids.handle(snapshot.key()),
                record.createdAt(),
                settings.deadlines.lastAccess(snapshot, vault.now()),
                settings.deadlines.end(stored.expiresAt(), record),
                current);
    }

    /** The first record of that name may be retired by now; what took its place is meant as well. */
    @Override
    public boolean end(String handle) {
        return endThose(key -> Ids.handle(key).equals(handle), OwnSession.none(vault)) > 0;
    }

    @Override
    public int endOthers(Session current) {
        return endEvery(OwnSession.of(current, vault));
    }

    @Override
    public int endAll() {
        return endEvery(OwnSession.none(vault));
    }

    private int endEvery(OwnSession stays) {
        Events events = new Events(settings.listener);
        try {
            vault.roster().advance(subject, vault.now(), events);
        } finally {
            events.tell();
        }
        return endThose(key -> !stays.is(key), stays);
    }

    /**
     * Ends sessions.
     *
     * @param listed which of the listed ones are looked at
     * @param stays the one that is not ended, also where a listed one has led to it
     */
    private int endThose(Predicate<StoreKey> listed, OwnSession stays) {
        Events events = new Events(settings.listener);
        List<Removed> ended = new ArrayList<>();
        try {
            visit(listed, events, (key, found) -> end(key, found, stays, events).ifPresent(ended::add));
        } catch (SessionException e) {
            throw ended.isEmpty() ? e : e.afterAPartWasSaved();
        } finally {
            ended.forEach(each -> tell(each, events));
            events.tell();
        }
        return ended.size();
    }

    /** A retired record leads to the one that took its place: its user may have got a new id while we were looking. */
    private Optional<Removed> end(StoreKey key, Found found, OwnSession stays, Events events) {
        if (found instanceof Found.Live live) {
            Snapshot its = live.snapshot();
            return end(key, its.stored(), its.record(), stays, events);
        }
        return found instanceof Found.Retired retired
                ? end(key, retired.stored(), retired.record(), stays, events)
                : Optional.empty();
    }

    private Optional<Removed> end(
            StoreKey key, StoredSession stored, SessionRecord record, OwnSession stays, Events events) {
        return stays.is(key, record, events)
                ? Optional.empty()
                : vault.end(key, stored, (which, whose) -> !stays.is(which) && isMine(whose), events);
    }

    private void tell(Removed removed, Events events) {
        SessionRecord record;
        try {
            record = settings.records.read(removed.stored());
        } catch (UnreadableRecordException e) {
            return;
        }
        SessionInfo info =
                settings.deadlines.info(removed.key(), record, removed.stored().expiresAt());
        events.add(heard -> heard.destroyed(info, DestroyReason.REVOKED));
    }

    private void visit(Predicate<StoreKey> meant, Events events, BiConsumer<StoreKey, Found> visitor) {
        Set<StoreKey> seen = new HashSet<>();
        Entry last = null;
        while (true) {
            List<Entry> page = vault.roster().find(subject, last, PAGE, events);
            for (Entry entry : page) {
                if (meant.test(entry.key()) && seen.add(entry.key())) {
                    Found found = vault.load(entry.key(), events);
                    if (found instanceof Found.Absent) {
                        vault.roster().drop(subject, entry, events);
                    }
                    visitor.accept(entry.key(), found);
                }
            }
            if (page.size() < PAGE) {
                return;
            }
            last = page.get(page.size() - 1);
        }
    }

    private boolean isMine(StoredSession stored) {
        return subject.equals(stored.subject());
    }

    /** Does not say whose. */
    @Override
    public String toString() {
        return "SubjectSessions";
    }
}
