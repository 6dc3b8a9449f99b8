package dev.sojourn;

import java.util.Set;

/**
 * Hears what happens to sessions. Every method does nothing unless it is overridden.
 *
 * <p>Called on the thread that closes the request in which it happened, after the answer was sent, on the node where it
 * happened; from many threads at once. What a method throws is logged and goes no further.
 *
 * <p>A session that ran out of time is told of as expired by whoever finds and removes it: its client, somebody who lists
 * the sessions of its user, or a sweep. A sweep tells at least once: a session at which {@link #onExpired} throws stays in
 * the store and is told of again by a later sweep, as after a node that died in between. Whoever else finds it tells once, or
 * twice where the store lost an answer.
 */
public interface SessionListener {
    /**
     * A session was stored for the first time.
     *
     * @param session the session
     */
    default void onCreated(SessionInfo session) {}

    /**
     * A session got a new id, through {@code changeId}, {@code login} or {@code regenerate}.
     *
     * @param session the session under its new handle
     * @param formerHandle the handle it had before
     */
    default void onIdChanged(SessionInfo session, String formerHandle) {}

    /**
     * A user signed in.
     *
     * @param session the user's session
     */
    default void onSignedIn(SessionInfo session) {}

    /**
     * A session was ended.
     *
     * @param session the session as it was
     * @param reason why
     */
    default void onDestroyed(SessionInfo session, DestroyReason reason) {}

    /**
     * A session ran out of time.
     *
     * @param session the session as it was
     * @param cause which of its timeouts
     */
    default void onExpired(SessionInfo session, Timeout cause) {}

    /**
     * A request's change replaced one that another request had made after this one had read, or was dropped because the
     * session was ended meanwhile.
     *
     * @param session the session
     * @param names the attributes concerned
     * @param fate what became of this request's change
     */
    default void onConflictLost(SessionInfo session, Set<String> names, ConflictOutcome fate) {}

    /**
     * A request came with the id of a session that has got a new one.
     *
     * @param session the session as the old id knew it, without its user: the record that the id leads to belongs to none
     */
    default void onSuperseded(SessionInfo session) {}

    /**
     * A stored record or attribute could not be read.
     *
     * @param problem what it was, without the data
     */
    default void onUnreadable(UnreadableData problem) {}

    /**
     * A request carried a token that this server did not issue, or several that contradict each other. Many of them from
     * one address are somebody guessing.
     *
     * @param remoteAddress the client's address, as proxies in {@link Sessions.Config#trustedProxies} tell it
     *     ({@code X-Forwarded-For} or {@code Forwarded}); without one, the peer's
     * @param reason what was wrong
     */
    default void onTokenRefused(String remoteAddress, TokenRefusal reason) {}

    /**
     * The store did not answer.
     *
     * @param problem what the store said
     */
    default void onStoreUnavailable(RuntimeException problem) {}

    /**
     * A change that was made after the response's head had left could not be saved; the client was told nothing.
     *
     * @param session the session
     * @param problem why
     */
    default void onLateChangeLost(SessionInfo session, RuntimeException problem) {}

    /** Why a session was ended. */
    enum DestroyReason {
        /** The application called {@link Session#destroy()}. */
        DESTROYED,
        /** {@link Session#regenerate()}, or the login of another user, put an empty session in its place. */
        REPLACED,
        /** It was ended through {@link Sessions#of}. */
        REVOKED,
        /** Its record or one of its attributes could not be read. */
        UNREADABLE
    }

    /** Which timeout ended a session. */
    enum Timeout {
        /** Nobody used it for too long. */
        IDLE,
        /** It had existed for too long. */
        ABSOLUTE
    }

    /** What became of a change that met another one. */
    enum ConflictOutcome {
        /** It was saved over the other one. */
        REPLACED_ANOTHER,
        /** It was dropped: the session had ended. */
        DROPPED
    }

    /** What was wrong with a token. */
    enum TokenRefusal {
        /** Not signed by this server: malformed, forged, or signed with a secret that is no longer known. */
        NOT_ISSUED,
        /** Several tokens where an honest client sends one. */
        AMBIGUOUS
    }

    /**
     * Data that could not be read.
     *
     * @param publicId the session's public name
     * @param attribute the attribute, or empty where the whole record is unreadable
     * @param expected what it was to be read as
     * @param problem where inside of the value it failed, and why; holds nothing of the value
     */
    record UnreadableData(String publicId, java.util.Optional<String> attribute, String expected, String problem) {}
}
