package dev.sojourn.engine;

import dev.sojourn.SessionCookie;
import dev.sojourn.SessionException;
import dev.sojourn.engine.ValueCodec.UnreadableValueException;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.SignInFacts;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request's session as its handler reads and changes it, wherever it is kept. The first call loads it. */
interface EditedSession {
    /** Returns the attributes, to be read. */
    Attributes attributes();

    /** Returns the attributes, to be changed; throws if it is too late for that. */
    Attributes attributesToChange();

    /** Reports an attribute that cannot be read as what the handler wants. */
    void noteUnreadable(String name, UnreadableValueException problem);

    /** Returns a failure as this client sees it. */
    SessionException forClient(SessionException failure);

    /** Whether there is a session that was loaded or saved. */
    boolean isLive();

    /** Throws if the session could not be read and the handler sees an empty one: that nobody is signed in is not known. */
    void refuseIfUnread();

    @Nullable
    String subject();

    /** Returns how and when the user signed in, with the time; null if no user is signed in. */
    @Nullable
    SignInFacts signIn();

    /** Whether a remember-me cookie has begun this session, so that its user has not signed in since. */
    boolean isRemembered();

    String publicId();

    /** Returns when this session began, as it is kept or will be. */
    Instant createdAt();

    /** Returns the same whatever this request writes. */
    Instant lastAccess();

    Instant expiresAt();

    /** Returns the settings as they will be once this request's changes are saved. */
    SessionSettings pendingSettings();

    /** Returns the cookie settings, to be read and changed. */
    SessionCookie cookie();

    /** Returns a CSRF token of the session that the client has after this request; begins a session if there is none. */
    String csrfToken();

    /** Throws unless this is one CSRF token, of the session that the client came with; does not load it. */
    void requireCsrfToken(List<String> tokens);

    void touch();

    /** Leaves the idle timeout as it is at the end of this request. */
    void quiet();

    /** Gives the session a new id and a new beginning, with nothing in it. */
    void regenerate();

    /** Signs a user in: a new id, a new beginning, and an empty session if it was another user's. */
    void login(String subject, SignInFacts how);

    void destroy();

    /** Forgets all changes that are not saved yet, a destroy too. */
    void discard();
}
