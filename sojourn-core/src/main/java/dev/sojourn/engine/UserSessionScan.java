package dev.sojourn.engine;

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
 * A way through the sessions of one user that comes to each and loads no record twice.
 *
 * <p><b>Sessions that get a new id meanwhile.</b> An entry that leads to no session any more may be of one that got a new id.
 * Nothing is followed: what took its place was entered before, so the entries are read again and the current record stands
 * among them, however many there were in between. Entries that are read page by page are read again too until there is
 * nothing new: a session may have moved from a page that was still to come to one that had been read.
 *
 * <p><b>Entries without a session.</b> One whose record is gone, retired or another user's is dropped, so it costs a look once.
 */
final class UserSessionScan {
    private static final int PAGE = 100;
    /** Each round after the second takes somebody who changes ids while it goes on. */
    private static final int MOST_ROUNDS = 16;

    private final UserIndexProtocol roster;
    private final SessionRecords vault;
    private final String subject;
    private final EventBuffer events;
    private final Set<StoreKey> seen = new HashSet<>();

    UserSessionScan(SessionRecords vault, String subject, EventBuffer events) {
        this.roster = vault.roster();
        this.vault = vault;
        this.subject = subject;
        this.events = events;
    }

    /** How a walk ended. */
    enum End {
        /** It came to every session. */
        COMPLETE,
        /** The user's sessions got new ids again and again. */
        OUTRUN
    }

    /** What has become of one round through the entries. */
    private static final class Round {
        private int pages;
        private boolean anyNew;
        private boolean anyDropped;

        boolean mayHaveMissedOne() {
            return anyDropped || (pages > 1 && anyNew);
        }
    }

    /**
     * Visits each session of the user: the live ones, and those that have ended by this node's clock alone.
     *
     * @param skipped keys that are not looked at
     * @param visitor does something with it
     */
    End through(Predicate<StoreKey> skipped, Consumer<RecordSnapshot> visitor) {
        for (int i = 0; i < MOST_ROUNDS; i++) {
            Round round = new Round();
            pages(round, entry -> {
                if (!skipped.test(entry.key()) && seen.add(entry.key())) {
                    round.anyNew = true;
                    look(entry, round).ifPresent(visitor);
                }
            });
            if (!round.mayHaveMissedOne()) {
                return End.COMPLETE;
            }
        }
        return End.OUTRUN;
    }

    /** The session of a key that is meant, found without a look at any other record. */
    Optional<RecordSnapshot> named(Predicate<StoreKey> meant) {
        List<Entry> found = new ArrayList<>();
        pages(new Round(), entry -> {
            if (meant.test(entry.key())) {
                found.add(entry);
            }
        });
        return found.stream().findFirst().flatMap(entry -> look(entry, new Round()));
    }

    private void pages(Round round, Consumer<Entry> visitor) {
        Entry last = null;
        while (true) {
            List<Entry> page = roster.find(subject, last, PAGE, events);
            round.pages++;
            page.forEach(visitor);
            if (page.size() < PAGE) {
                return;
            }
            last = page.get(page.size() - 1);
        }
    }

    /** The session behind an entry, if there is one. */
    private Optional<RecordSnapshot> look(Entry entry, Round round) {
        StoredState found = vault.load(entry.key(), events);
        if (found instanceof StoredState.Live live && isMine(live.snapshot())) {
            return Optional.of(live.snapshot());
        }
        if (found instanceof StoredState.Doubtful doubtful && isMine(doubtful.snapshot())) {
            return Optional.of(doubtful.snapshot());
        }
        // The entry of what was removed went with it, and what cannot be read may stand there still.
        if (!(found instanceof StoredState.Expired) && !(found instanceof StoredState.Unreadable)) {
            roster.drop(subject, entry, events);
            round.anyDropped = true;
        }
        return Optional.empty();
    }

    private boolean isMine(RecordSnapshot snapshot) {
        return subject.equals(snapshot.stored().subject());
    }
}
