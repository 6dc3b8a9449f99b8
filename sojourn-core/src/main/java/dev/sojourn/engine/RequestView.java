package dev.sojourn.engine;

import dev.sojourn.CookieLifetime;
import dev.sojourn.SessionCookie;
import dev.sojourn.SessionInfo;
import dev.sojourn.engine.SessionState.Live;
import dev.sojourn.engine.SessionState.Untouched;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.TokenTransport.Terms;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What one request sees of its session: the record as it was loaded or saved last, and the request's changes that are not
 * saved yet. Calls no store. Not thread-safe.
 */
final class RequestView {
    private final EngineSettings settings;
    private final Attributes attributes;
    private final PendingIdChange idChange;
    private SessionState state = Untouched.INSTANCE;
    /** When the client used this session before this request; fixed at the first use, null until then. */
    private @Nullable Instant lastAccess;

    RequestView(EngineSettings settings) {
        this.settings = settings;
        this.attributes = new Attributes(settings.values, settings.limits);
        this.idChange = new PendingIdChange(settings.clock, settings.ids);
    }

    // ---- what there is

    SessionState state() {
        return state;
    }

    Attributes attributes() {
        return attributes;
    }

    PendingIdChange idChange() {
        return idChange;
    }

    /** Returns the record that was loaded or saved last; null unless the session is live. */
    @Nullable
    RecordSnapshot snapshot() {
        return state.snapshot();
    }

    Live live() {
        if (state instanceof Live live) {
            return live;
        }
        throw new IllegalStateException("a commit needs a live session, not " + state + "; this is a bug in Sojourn");
    }

    // ---- what the handler reads

    @Nullable
    String subject() {
        if (idChange.decidesSubject()) {
            return idChange.subject();
        }
        RecordSnapshot snapshot = snapshot();
        return snapshot == null ? null : snapshot.record().subject();
    }

    String publicId() {
        String known = state.isAbsent() || idChange.hasNextId() ? null : state.id();
        return SessionIds.publicId(settings.recordFormat.keyOf(known != null ? known : idChange.nextId()));
    }

    /** Whether this is the session stored under a key, or will be once its new id is committed. */
    boolean isStoredUnder(StoreKey key) {
        RecordSnapshot snapshot = snapshot();
        return (snapshot != null && snapshot.key().equals(key))
                || (idChange.hasNextId()
                        && settings.recordFormat.keyOf(idChange.nextId()).equals(key));
    }

    /** Returns when this session began, as it is stored or will be. */
    Instant createdAt() {
        RecordSnapshot snapshot = snapshot();
        return snapshot == null || idChange.decidesSubject()
                ? idChange.beginsAt()
                : snapshot.record().createdAt();
    }

    /** Returns when the client used the session before this request: the same from the first call on, whatever is written. */
    Instant lastAccess() {
        if (lastAccess == null) {
            RecordSnapshot snapshot = snapshot();
            lastAccess = snapshot == null
                    ? idChange.beginsAt()
                    : settings.deadlines.lastAccess(snapshot, settings.clock.instant());
        }
        return lastAccess;
    }

    Instant expiresAt() {
        RecordSnapshot snapshot = snapshot();
        if (snapshot != null) {
            return settings.deadlines.end(snapshot.stored().expiresAt(), snapshot.record());
        }
        Instant now = settings.clock.instant();
        SessionRecord blank = SessionRecord.live(now, null).withSettings(pendingSettings());
        return settings.deadlines.end(settings.deadlines.expiry(blank, null, now), blank);
    }

    /** Returns the settings as they will be once this request's changes are saved. */
    SessionSettings pendingSettings() {
        RecordSnapshot snapshot = snapshot();
        SessionSettings pending = snapshot == null || idChange.startsEmpty()
                ? SessionSettings.AS_CONFIGURED
                : snapshot.record().settings();
        for (AttributeChange change : attributes.log()) {
            if (change instanceof AttributeChange.Configure configure) {
                pending = configure.change().apply(pending);
            }
        }
        return pending;
    }

    /** Returns the cookie settings; their setters pass the change on. */
    SessionCookie cookie(Consumer<UnaryOperator<SessionSettings>> change) {
        return new CookieOverrides(settings, this::pendingSettings, change);
    }

    CookieLifetime cookieLifetime() {
        return settings.cookieLifetime(pendingSettings());
    }

    /** Returns how long the client keeps the token, and by which rule it sends it. */
    Terms terms() {
        return settings.terms(pendingSettings(), expiresAt());
    }

    /** Returns the session as listeners see it. */
    SessionInfo info() {
        RecordSnapshot snapshot = snapshot();
        SessionRecord record =
                snapshot == null ? SessionRecord.live(settings.clock.instant(), null) : snapshot.record();
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
    void goOnFrom(String id, RecordSnapshot saved) {
        lastAccess();
        state = new Live(id, saved);
        attributes.continueFrom(saved.record().attributes());
    }

    /** Gives the session a new beginning, and a last access that is not before it. */
    void beginAnew() {
        idChange.beginAnew();
        lastAccess = idChange.beginsAt();
    }

    /** Empties the attributes of a session that begins anew. */
    void empty() {
        attributes.start(JsonMembers.EMPTY);
    }

    /** Forgets the changes that are not saved, and the new id. */
    void forgetChanges() {
        restartAttributes();
        idChange.forget();
    }

    /** Has {@link #lastAccess} look again: another session, or none, has replaced the one that was read. */
    void forgetLastAccess() {
        lastAccess = null;
    }

    private void restartAttributes() {
        RecordSnapshot snapshot = snapshot();
        attributes.start(
                snapshot == null ? JsonMembers.EMPTY : snapshot.record().attributes());
    }
}
