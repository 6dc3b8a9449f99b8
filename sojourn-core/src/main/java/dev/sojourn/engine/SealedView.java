package dev.sojourn.engine;

import dev.sojourn.SessionInfo;
import dev.sojourn.engine.SealedState.Live;
import dev.sojourn.engine.SealedState.Untouched;
import dev.sojourn.spi.SessionRecord;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What one request sees of its sealed session. Not thread-safe. */
final class SealedView extends EditableView {
    private final SealedSettings settings;
    private SealedState state = Untouched.INSTANCE;

    SealedView(SealedSettings settings, AttributeLimits limits) {
        super(settings, limits, settings.ids);
        this.settings = settings;
    }

    SealedState state() {
        return state;
    }

    @Override
    @Nullable
    SessionRecord record() {
        SealedRecord session = state.session();
        return session == null ? null : session.record();
    }

    @Override
    Instant expiry() {
        return Objects.requireNonNull(state.session(), "only a live session has an expiry")
                .expiresAt();
    }

    String publicId() {
        SealedRecord session = state.session();
        return session == null || idChange().hasNextId() ? idChange().nextId() : session.id();
    }

    /** Returns the session as listeners see it. */
    SessionInfo info() {
        SealedRecord session = state.session();
        return session != null ? info(session) : new SessionInfo(publicId(), null, createdAt(), expiresAt());
    }

    /** Returns a session as listeners see it. */
    SessionInfo info(SealedRecord session) {
        SessionRecord record = session.record();
        return new SessionInfo(
                session.id(),
                record.subject(),
                record.createdAt(),
                settings.deadlines.end(session.expiresAt(), record));
    }

    /** Goes on in another state, with its attributes and without changes of them. */
    void start(SealedState next) {
        state = next;
        restartAttributes();
    }

    /** Goes on in another state, and keeps the attributes as this request has changed them. */
    void setState(SealedState next) {
        state = next;
    }

    /** Goes on from a record that this request's changes were sealed into. */
    void goOnFrom(SealedRecord sealed) {
        lastAccess();
        state = new Live(sealed);
        attributes().continueFrom(sealed.record().attributes());
    }
}
