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
 * A store of Express's records that can also hold what a move leaves on its way, which is not JSON and has a version that no
 * digest gives: it stands in a record that Express would take for a session without a user.
 *
 * <pre>{@code {"cookie":{…},"sojourn":{"moving":"<base64>","version":"<decimal>"}}}</pre>
 *
 * <p>Tells a record's user too, whom a store of Express's cannot know: our own store keeps him beside the record.
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

    // ---- what stands there

    private StoredSession shown(StoredSession stored) {
        try {
            JsonMembers extra = Json.object(Json.members(stored.payload()).get(ExpressRecordFormat.SOJOURN));
            Slice moving = extra.get(MOVING);
            return moving == null
                    ? withUser(stored)
                    : part(stored, String.valueOf(Json.text(moving)), String.valueOf(Json.text(extra.get(VERSION))));
        } catch (UnreadableRecordException | IllegalArgumentException e) {
            // The engine says what becomes of it.
            return stored;
        }
    }

    private StoredSession withUser(StoredSession stored) {
        String user = format.read(stored).subject();
        return new StoredSession(stored.payload(), stored.version(), stored.expiresAt(), user);
    }

    private static StoredSession part(StoredSession stored, String moving, String version) {
        return new StoredSession(
                Base64.getDecoder().decode(moving), Long.parseLong(version), stored.expiresAt(), stored.subject());
    }

    /** As Express may meet it. The version is always the digest, so that it is the same in every store. */
    private StoredSession kept(StoredSession session) {
        byte[] payload = isPartOfMove(session) ? wrapped(session) : session.payload();
        return new StoredSession(payload, digest.version(payload), session.expiresAt(), session.subject());
    }

    /** No JSON begins with a zero byte, and whatever a move writes does. */
    static boolean isPartOfMove(StoredSession session) {
        return session.payload().length > 0 && session.payload()[0] == 0;
    }

    private byte[] wrapped(StoredSession part) {
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
        return express.load(key).map(this::shown);
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        return express.create(key, kept(session));
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        StoredSession kept = kept(replacement);
        return change(expected, version -> express.compareAndSet(key, version, kept));
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return express.touch(key, expected, version, expiresAt);
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return change(expected, version -> express.delete(key, version));
    }

    private interface Change {
        Outcome of(long version);
    }

    /** What was expected is the version of a part of a move, if not that of a record. */
    private Outcome change(long expected, Change change) {
        Outcome outcome = change.of(expected);
        Long digested = versionOfPart(outcome, expected);
        return shown(digested == null ? outcome : change.of(digested));
    }

    private @Nullable Long versionOfPart(Outcome outcome, long expected) {
        if (!(outcome instanceof Outcome.Lost lost) || lost.current().isEmpty()) {
            return null;
        }
        StoredSession current = lost.current().get();
        StoredSession shown = shown(current);
        return isPartOfMove(shown) && shown.version() == expected ? current.version() : null;
    }

    private Outcome shown(Outcome outcome) {
        return outcome instanceof Outcome.Lost lost
                ? new Outcome.Lost(lost.current().map(this::shown))
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
