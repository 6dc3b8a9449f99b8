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
 * A view of a store with Sojourn's own records that presents them as Express's. Callers use the id as the key, and pass and get
 * Express's JSON. The store has Sojourn's record under the hash of the id. Versions are the stored ones. Drafts and marks of a
 * move are stored unchanged.
 *
 * <p>Typed values of a drop-in session are left out: Express's records have no place for their types that Express's code cannot
 * modify, and without their types they would be different values.
 *
 * <p>A retired record is not visible, because Express's format cannot express it: its session has a new id.
 */
final class NativeStoreView implements SessionStore {
    /**
     * How long a user-index entry is kept: as long as a session may last at most. Its end is not known here, and its entry is not
     * renewed before the move is complete.
     */
    private static final Duration ENTRY_RETENTION = Duration.ofDays(3_650);

    private static final Duration ONE_TICK = Duration.ofMillis(1);

    /** In {@code sojourn}: attributes without a place in Express's record. No application sees them until they move back. */
    private static final String SET_ASIDE = "attributes";

    /** In {@code sojourn}: members of our own record that this version does not know. */
    private static final String UNKNOWN_MEMBERS = "record";

    private final SessionStore own;
    private final RecordFormat nativeFormat;
    private final ExpressOptions options;
    private final @Nullable UserField field;
    private final ExpressRecordFormat expressFormat;

    NativeStoreView(SessionStore own, RecordFormat nativeFormat, ExpressOptions options) {
        this.own = own;
        this.nativeFormat = nativeFormat;
        this.options = options;
        this.field = options.userField();
        // The versions that it writes are not used.
        this.expressFormat = new ExpressRecordFormat(options, VersionDigest.SHA256);
    }

    // ---- from our record to Express's

    private Optional<StoredSession> toExpress(StoredSession stored) {
        if (ExpressStoreView.isPartOfMove(stored)) {
            return Optional.of(stored);
        }
        try {
            SessionRecord record = nativeFormat.read(stored);
            return record.isRetired() ? Optional.empty() : Optional.of(toExpress(stored, record));
        } catch (UnreadableRecordException e) {
            // The engine decides what to do with an unreadable record.
            return Optional.of(stored);
        }
    }

    private StoredSession toExpress(StoredSession stored, SessionRecord record) {
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
        JsonMembers extra =
                with(with(JsonMembers.EMPTY, SET_ASIDE, aside.members()), UNKNOWN_MEMBERS, record.unknown());
        byte[] payload = expressFormat
                .write(
                        copy(
                                record,
                                record.settings(),
                                attributes.members(),
                                with(JsonMembers.EMPTY, ExpressRecordFormat.SOJOURN, extra)),
                        stored.expiresAt())
                .payload();
        return new StoredSession(payload, stored.version(), stored.expiresAt(), stored.subject());
    }

    /** Whether an attribute has the name of one of Express's own fields, or would name a user who is not signed in. */
    private boolean hasNoPlace(String name, SessionRecord record) {
        if (field != null && name.equals(field.attribute())) {
            return !Objects.equals(field.userIn(record.attributes()), record.subject());
        }
        return name.equals(ExpressRecordFormat.COOKIE) || name.equals(ExpressRecordFormat.SOJOURN);
    }

    // ---- from Express's record to ours

    private StoredSession toNative(StoredSession session) {
        if (ExpressStoreView.isPartOfMove(session)) {
            return session;
        }
        try {
            byte[] payload = nativeFormat
                    .write(nativeRecord(expressFormat.read(session)), session.expiresAt())
                    .payload();
            return new StoredSession(payload, session.version(), session.expiresAt(), session.subject());
        } catch (UnreadableRecordException e) {
            throw StoreException.notDone("a session of Express was not moved, because it cannot be read", e);
        }
    }

    /** Drops the user attribute, unless it contains more than the user: own stores keep the subject next to the record. */
    private SessionRecord nativeRecord(SessionRecord record) {
        JsonMembers attributes = record.attributes();
        String subject = record.subject();
        if (field != null && subject != null && field.containsOnly(attributes, subject)) {
            attributes = attributes.without(field.attribute());
        }
        JsonMembers extra = Json.object(record.unknown().get(ExpressRecordFormat.SOJOURN));
        JsonMembers aside = Json.object(extra.get(SET_ASIDE));
        JsonMembers.Draft all = attributes.draft();
        for (String name : aside.names()) {
            Slice value = aside.get(name);
            if (value != null) {
                all.set(name, value.bytes(), null);
            }
        }
        return copy(record, differing(record.settings()), all.members(), Json.object(extra.get(UNKNOWN_MEMBERS)));
    }

    /** Returns the settings that differ from the configuration. Express writes the configuration into every session. */
    private SessionSettings differing(SessionSettings all) {
        return new SessionSettings(
                Objects.equals(options.idle(), all.idleTimeout()) ? null : all.idleTimeout(),
                all.absoluteTimeout(),
                Objects.equals(options.lifetime(), all.cookieLifetime()) ? null : all.cookieLifetime(),
                options.sameSite() == all.sameSite() ? null : all.sameSite());
    }

    /** Returns a copy with other contents and without a lease, which Express cannot keep: its holder finds it lost. */
    private static SessionRecord copy(
            SessionRecord record, SessionSettings settings, JsonMembers attributes, JsonMembers unknown) {
        return new SessionRecord(
                record.createdAt(), record.subject(), settings, null, record.writtenAt(), null, attributes, unknown);
    }

    private static JsonMembers with(JsonMembers members, String name, JsonMembers object) {
        return object.isEmpty() ? members : members.with(name, Json.object(object));
    }

    private StoreKey nativeKey(StoreKey id) {
        return nativeFormat.keyOf(id.text());
    }

    // ---- the store

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        return own.load(nativeKey(key)).flatMap(this::toExpress);
    }

    /** Adds the index entry before and after the record, as the engine does, for the time after the move. */
    @Override
    public boolean create(StoreKey key, StoredSession session) {
        StoreKey nativeKey = nativeKey(key);
        StoredSession stored = toNative(session);
        Optional<UserIndex> index = own.userIndex();
        String subject = session.subject();
        if (index.isEmpty() || subject == null) {
            return own.create(nativeKey, stored);
        }
        Instant until = session.expiresAt().plus(ENTRY_RETENTION);
        index.get().enter(subject, nativeKey, until);
        boolean created = own.create(nativeKey, stored);
        index.get().enter(subject, nativeKey, until.plus(ONE_TICK));
        return created;
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return toExpress(own.compareAndSet(nativeKey(key), expected, toNative(replacement)));
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return own.touch(nativeKey(key), expected, version, expiresAt);
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return toExpress(own.delete(nativeKey(key), expected));
    }

    private Outcome toExpress(Outcome outcome) {
        return outcome instanceof Outcome.Lost lost
                ? new Outcome.Lost(lost.current().flatMap(this::toExpress))
                : outcome;
    }

    /** Reports expired sessions under the hashes of their ids: the ids themselves are not known. */
    @Override
    public Optional<ExpirySweep> expirySweep() {
        return own.expirySweep()
                .map(sweep -> (expiredBefore, limit, deliver) -> sweep.sweep(
                        expiredBefore,
                        limit,
                        (key, stored) -> toExpress(stored).ifPresent(session -> deliver.accept(key, session))));
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
