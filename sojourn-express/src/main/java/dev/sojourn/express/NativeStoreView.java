package dev.sojourn.express;

import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UnreadableRecordException;
import dev.sojourn.spi.UserIndex;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store of our own records as if they were Express's: whoever asks names the id, and gives and gets Express's JSON; what is
 * stored is our own record under the hash of the id. Versions are the stored ones. What a move leaves on its way is stored as
 * it comes.
 *
 * <p>Typed values of a drop-in session are left out: Express's records have no place for their types that Express's code cannot
 * reach, and without it they would be other values.
 *
 * <p>Of a record that was retired, which Express cannot say, nothing is shown: a session is at its successor then.
 */
final class NativeStoreView implements SessionStore {
    /**
     * How long the index names a session, at most as long as any may last: nothing here knows when it ends, and its entry is not
     * renewed before the move is over.
     */
    private static final Duration NAMED = Duration.ofDays(3_650);

    private static final Duration ONE_TICK = Duration.ofMillis(1);

    /** In {@code sojourn}: attributes that have no place in Express's record, seen by no application until they are back. */
    private static final String ASIDE = "attributes";

    /** In {@code sojourn}: members of our own record that this version does not know. */
    private static final String REST = "record";

    private final SessionStore own;
    private final RecordFormat ours;
    private final ExpressOptions options;
    private final @Nullable UserField field;
    private final ExpressRecordFormat express;

    NativeStoreView(SessionStore own, RecordFormat ours, ExpressOptions options) {
        this.own = own;
        this.ours = ours;
        this.options = options;
        this.field = options.userField();
        // Nobody sees the versions that it writes.
        this.express = new ExpressRecordFormat(options, VersionDigest.SHA256);
    }

    // ---- our record as Express's

    private Optional<StoredSession> shown(StoredSession stored) {
        if (ExpressStoreView.isPartOfMove(stored)) {
            return Optional.of(stored);
        }
        try {
            SessionRecord record = ours.read(stored);
            return record.isRetired() ? Optional.empty() : Optional.of(shown(stored, record));
        } catch (UnreadableRecordException e) {
            // The engine says what becomes of it.
            return Optional.of(stored);
        }
    }

    private StoredSession shown(StoredSession stored, SessionRecord record) {
        JsonMembers.Draft attributes = record.attributes().draft();
        JsonMembers.Draft aside = JsonMembers.EMPTY.draft();
        for (String name : record.attributes().names()) {
            Slice value = attributes.get(name);
            if (attributes.mark(name) != null) {
                attributes.remove(name);
            } else if (value != null && hasNoPlace(name, record)) {
                aside.set(name, value.bytes(), null);
                attributes.remove(name);
            }
        }
        String subject = record.subject();
        if (field != null && subject != null && attributes.get(field.attribute()) == null) {
            attributes.set(field.attribute(), field.jsonFor(subject), null);
        }
        JsonMembers extra = with(with(JsonMembers.EMPTY, ASIDE, aside.members()), REST, record.unknown());
        byte[] payload = express.write(
                        changed(
                                record,
                                record.settings(),
                                attributes.members(),
                                with(JsonMembers.EMPTY, ExpressRecordFormat.SOJOURN, extra)),
                        stored.expiresAt())
                .payload();
        return new StoredSession(payload, stored.version(), stored.expiresAt(), stored.subject());
    }

    /** Express's own fields, and what would there name a user who is not signed in. */
    private boolean hasNoPlace(String name, SessionRecord record) {
        if (field != null && name.equals(field.attribute())) {
            return !Objects.equals(field.userIn(record.attributes()), record.subject());
        }
        return name.equals(ExpressRecordFormat.COOKIE) || name.equals(ExpressRecordFormat.SOJOURN);
    }

    // ---- Express's record as ours

    private StoredSession kept(StoredSession session) {
        if (ExpressStoreView.isPartOfMove(session)) {
            return session;
        }
        try {
            byte[] payload =
                    ours.write(own(express.read(session)), session.expiresAt()).payload();
            return new StoredSession(payload, session.version(), session.expiresAt(), session.subject());
        } catch (UnreadableRecordException e) {
            throw StoreException.notDone("a session of Express that cannot be read was not moved", e);
        }
    }

    /** We keep the user beside the record. An attribute that says more than who it is stays. */
    private SessionRecord own(SessionRecord record) {
        JsonMembers attributes = record.attributes();
        String subject = record.subject();
        if (field != null && subject != null && field.isAllOf(attributes, subject)) {
            attributes = attributes.without(field.attribute());
        }
        JsonMembers extra = Json.object(record.unknown().get(ExpressRecordFormat.SOJOURN));
        JsonMembers aside = Json.object(extra.get(ASIDE));
        JsonMembers.Draft all = attributes.draft();
        for (String name : aside.names()) {
            Slice value = aside.get(name);
            if (value != null) {
                all.set(name, value.bytes(), null);
            }
        }
        return changed(record, different(record.settings()), all.members(), Json.object(extra.get(REST)));
    }

    /** What the session asks for instead of the configuration; Express writes the configuration down with every session. */
    private SessionSettings different(SessionSettings all) {
        return new SessionSettings(
                Objects.equals(options.idle(), all.idleTimeout()) ? null : all.idleTimeout(),
                all.absoluteTimeout(),
                Objects.equals(options.lifetime(), all.cookieLifetime()) ? null : all.cookieLifetime(),
                options.sameSite() == all.sameSite() ? null : all.sameSite());
    }

    /** Without a lease, which Express cannot keep: whoever has one finds it lost. */
    private static SessionRecord changed(
            SessionRecord record, SessionSettings settings, JsonMembers attributes, JsonMembers unknown) {
        return new SessionRecord(
                record.createdAt(), record.subject(), settings, null, record.writtenAt(), null, attributes, unknown);
    }

    private static JsonMembers with(JsonMembers members, String name, JsonMembers object) {
        return object.isEmpty() ? members : members.with(name, Json.object(object));
    }

    private StoreKey hashed(StoreKey id) {
        return ours.keyOf(id.text());
    }

    // ---- the store

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        return own.load(hashed(key)).flatMap(this::shown);
    }

    /** Entered before and after, as the engine does: the index is asked once the move is over. */
    @Override
    public boolean create(StoreKey key, StoredSession session) {
        StoreKey hashed = hashed(key);
        StoredSession kept = kept(session);
        Optional<UserIndex> index = own.userIndex();
        String subject = session.subject();
        if (index.isEmpty() || subject == null) {
            return own.create(hashed, kept);
        }
        Instant until = session.expiresAt().plus(NAMED);
        index.get().enter(subject, hashed, until);
        boolean created = own.create(hashed, kept);
        index.get().enter(subject, hashed, until.plus(ONE_TICK));
        return created;
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return shown(own.compareAndSet(hashed(key), expected, kept(replacement)));
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return own.touch(hashed(key), expected, version, expiresAt);
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return shown(own.delete(hashed(key), expected));
    }

    private Outcome shown(Outcome outcome) {
        return outcome instanceof Outcome.Lost lost
                ? new Outcome.Lost(lost.current().flatMap(this::shown))
                : outcome;
    }

    /** Named by the hashes of their ids: the ids of sessions that nobody came back to are not known. */
    @Override
    public Optional<ExpirySweep> expirySweep() {
        return own.expirySweep()
                .map(sweep -> (expiredBefore, limit, deliver) -> sweep.sweep(
                        expiredBefore,
                        limit,
                        (key, stored) -> shown(stored).ifPresent(session -> deliver.accept(key, session))));
    }

    @Override
    public Optional<InstantSource> storeClock() {
        return own.storeClock();
    }

    @Override
    public void close() {
        own.close();
    }
}
