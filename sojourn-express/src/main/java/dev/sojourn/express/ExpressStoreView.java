package dev.sojourn.express;

import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UnreadableRecordException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A view of a store with Express's records that can also hold the drafts and marks of a move. These are not JSON, and their
 * versions are not digests. They are wrapped in a record that Express would take for a session without a user:
 *
 * <pre>{@code {"cookie":{…},"sojourn":{"moving":"<base64>","version":"<decimal>"}}}</pre>
 *
 * <p>The view also adds a record's subject, which Express's stores do not keep: Sojourn's own stores keep the subject next to the
 * record.
 */
final class ExpressStoreView implements SessionStore {
    private static final String MOVING = "moving";
    private static final String VERSION = "version";

    private final SessionStore express;
    private final ExpressRecordFormat format;
    private final VersionDigest digest;
    private final byte[] cookie;

    ExpressStoreView(SessionStore express, ExpressOptions options) {
        this.express = express;
        this.digest = VersionDigest.of(express);
        this.format = new ExpressRecordFormat(options, digest);
        this.cookie = Json.object(options.newCookie().members());
    }

    // ---- conversions

    private StoredSession unwrap(StoredSession stored) {
        try {
            JsonMembers extra = Json.object(Json.members(stored.payload()).get(ExpressRecordFormat.SOJOURN));
            Slice moving = extra.get(MOVING);
            return moving == null
                    ? withSubject(stored)
                    : movePart(
                            stored, String.valueOf(Json.text(moving)), String.valueOf(Json.text(extra.get(VERSION))));
        } catch (UnreadableRecordException | IllegalArgumentException e) {
            // The engine decides what to do with an unreadable record.
            return stored;
        }
    }

    private StoredSession withSubject(StoredSession stored) {
        String user = format.read(stored).subject();
        return new StoredSession(stored.payload(), stored.version(), stored.expiresAt(), user);
    }

    private static StoredSession movePart(StoredSession stored, String moving, String version) {
        return new StoredSession(
                Base64.getDecoder().decode(moving), Long.parseLong(version), stored.expiresAt(), stored.subject());
    }

    /** Returns a record as Express may read it. Its version is always the digest, so that it is the same in every store. */
    private StoredSession wrap(StoredSession session) {
        byte[] payload = isPartOfMove(session) ? movePayload(session) : session.payload();
        return new StoredSession(payload, digest.version(payload), session.expiresAt(), session.subject());
    }

    /** Whether this is a draft or mark of a move: these begin with a zero byte, and no JSON does. */
    static boolean isPartOfMove(StoredSession session) {
        return session.payload().length > 0 && session.payload()[0] == 0;
    }

    private byte[] movePayload(StoredSession part) {
        String moving = '"' + Base64.getEncoder().encodeToString(part.payload()) + '"';
        JsonMembers extra =
                JsonMembers.EMPTY.with(MOVING, Json.utf8(moving)).with(VERSION, Json.utf8("\"" + part.version() + '"'));
        return Json.object(JsonMembers.EMPTY
                .with(ExpressRecordFormat.COOKIE, cookie)
                .with(ExpressRecordFormat.SOJOURN, Json.object(extra)));
    }

    // ---- the store

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        return express.load(key).map(this::unwrap);
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        return express.create(key, wrap(session));
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        StoredSession wrapped = wrap(replacement);
        return apply(expected, version -> express.compareAndSet(key, version, wrapped));
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return express.touch(key, expected, version, expiresAt);
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return apply(expected, version -> express.delete(key, version));
    }

    /** A write that names the version that it replaces. */
    private interface Change {
        Outcome apply(long version);
    }

    /** Applies a change. The expected version may be the version of a draft or mark instead of that of a record. */
    private Outcome apply(long expected, Change change) {
        Outcome outcome = change.apply(expected);
        Long digest = versionOfPart(outcome, expected);
        return unwrap(digest == null ? outcome : change.apply(digest));
    }

    private @Nullable Long versionOfPart(Outcome outcome, long expected) {
        if (!(outcome instanceof Outcome.Lost lost) || lost.current().isEmpty()) {
            return null;
        }
        StoredSession current = lost.current().get();
        StoredSession unwrapped = unwrap(current);
        return isPartOfMove(unwrapped) && unwrapped.version() == expected ? current.version() : null;
    }

    private Outcome unwrap(Outcome outcome) {
        return outcome instanceof Outcome.Lost lost
                ? new Outcome.Lost(lost.current().map(this::unwrap))
                : outcome;
    }

    @Override
    public Optional<InstantSource> storeClock() {
        return express.storeClock();
    }

    @Override
    public void close() {
        express.close();
    }
}
