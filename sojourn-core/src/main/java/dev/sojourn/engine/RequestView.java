package dev.sojourn.engine;

import dev.sojourn.SessionInfo;
import dev.sojourn.engine.SessionState.Live;
import dev.sojourn.engine.SessionState.Untouched;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What one request sees of its session in a store. Calls no store. Not thread-safe. */
final class RequestView extends EditableView {
    private final EngineSettings settings;
    private SessionState state = Untouched.INSTANCE;

    RequestView(EngineSettings settings) {
        super(settings, settings.limits, settings.ids);
        this.settings = settings;
    }

    // ---- what there is

    SessionState state() {
        return state;
    }

    /** Returns the record that was loaded or saved last; null unless the session is live. */
    @Nullable
    RecordSnapshot snapshot() {
        return state.snapshot();
    }

    @Override
    @Nullable
    SessionRecord record() {
        RecordSnapshot snapshot = state.snapshot();
        return snapshot == null ? null : snapshot.record();
    }

    @Override
    Instant expiry() {
        return live().snapshot().stored().expiresAt();
    }

    Live live() {
        if (state instanceof Live live) {
            return live;
        }
        throw new IllegalStateException("a commit needs a live session, not " + state + "; this is a bug in Sojourn");
    }

    // ---- what the handler reads

    String publicId() {
        StoreKey known = idChange().hasNextId() ? null : state.key();
        return SessionIds.publicId(
                known != null ? known : settings.recordFormat.keyOf(idChange().nextId()));
    }

    /** Whether this is the session stored under a key, or will be once its new id is committed. */
    boolean isStoredUnder(StoreKey key) {
        RecordSnapshot snapshot = snapshot();
        return (snapshot != null && snapshot.key().equals(key))
                || (idChange().hasNextId()
                        && settings.recordFormat.keyOf(idChange().nextId()).equals(key));
    }

    /** Returns the session as listeners see it. */
    SessionInfo info() {
        SessionRecord known = record();
        SessionRecord record = known == null ? SessionRecord.live(settings.clock.instant(), null) : known;
        return new SessionInfo(publicId(), record.subject(), record.createdAt(), expiresAt());
    }

    // ---- transitions

    /** Goes on in another state, with its attributes and without changes of them. */
    void start(SessionState next) {
        state = next;
        restartAttributes();
    }

    /** Goes on in another state, and keeps the attributes as this request has changed them. */
    void setState(SessionState next) {
        state = next;
    }

    /** Goes on from a record with the same attributes, written without a change. */
    void goOnUnchanged(RecordSnapshot written) {
        lastAccess();
        state = new Live(live().id(), written);
    }

    /** Goes on from a record that this request's changes were saved to. */
    void goOnFrom(@Nullable String id, RecordSnapshot saved) {
        lastAccess();
        state = new Live(id, saved);
        attributes().continueFrom(saved.record().attributes());
    }
}
