package dev.sojourn;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Receives events about sessions. Every method does nothing unless it is overridden.
 *
 * <p>Called on the thread that closes the request in which the event occurred, after the response was sent, on the node
 * where it occurred; from many threads concurrently. Exceptions are logged and ignored.
 *
 * <p>An expired session is reported by the thread that finds and removes it: a request of its client, a call that lists
 * the sessions of its user, or a sweep. A sweep reports at least once: a session at which {@link #onExpired} throws
 * stays in the store and is reported again by a later sweep, as after a node that died in between. Any other finder
 * reports it once, or twice if a response of the store was lost.
 */
public interface SessionListener {
    /**
     * Returns a listener that passes each event on to several ones, in their order. If one throws, the others still receive the
     * event; then the first exception is thrown. So an expired session at which one of them throws is reported to all again.
     *
     * @param listeners the listeners; none for one that does nothing
     * @return the listener
     * @throws NullPointerException if one is null
     */
    static SessionListener of(SessionListener... listeners) {
        return new SeveralListeners(List.of(listeners));
    }

    /**
     * Receives a session that was stored for the first time.
     *
     * @param session the session
     */
    default void onCreated(SessionInfo session) {}

    /**
     * Receives a session that got a new id, through {@code changeId}, {@code login} or {@code regenerate}.
     *
     * @param session the session with its new public id
     * @param formerPublicId the public id that it had before
     */
    default void onIdChanged(SessionInfo session, String formerPublicId) {}

    /**
     * Receives the session of a user who signed in.
     *
     * @param session the user's session
     */
    default void onSignedIn(SessionInfo session) {}

    /**
     * Receives a session whose user has confirmed something that needs more than a sign-in; see {@link
     * EditableSession#elevate}.
     *
     * @param session the user's session
     * @param scope what the user confirmed
     */
    default void onElevated(SessionInfo session, String scope) {}

    /**
     * Receives the session of a user who acts as another; see {@link Session#actAs}. Called instead of {@link #onSignedIn}.
     *
     * @param session the session, with the other user as its subject
     * @param by the user who acts
     */
    default void onActingAs(SessionInfo session, String by) {}

    /**
     * Receives a session that a remember-me cookie has begun: its user is signed in again without having signed in. {@link
     * #onCreated} comes before it, {@link #onSignedIn} does not come.
     *
     * @param session the new session
     */
    default void onRemembered(SessionInfo session) {}

    /**
     * Receives a session that was ended.
     *
     * @param session the session as it was
     * @param reason the reason
     */
    default void onDestroyed(SessionInfo session, DestroyReason reason) {}

    /**
     * Receives a session that has expired.
     *
     * @param session the session as it was
     * @param cause the timeout that ended it
     */
    default void onExpired(SessionInfo session, Timeout cause) {}

    /**
     * Receives a conflict: a change replaced one that another request had saved after this request had read, or was
     * dropped because the session was ended concurrently.
     *
     * @param session the session
     * @param names the attributes concerned
     * @param outcome what happened to this request's change
     */
    default void onConflict(SessionInfo session, Set<String> names, ConflictOutcome outcome) {}

    /**
     * Called when a request arrives with a session's former id. A request whose session gets a new id only while it runs fails
     * with {@link SessionSupersededException} without this event.
     *
     * @param session the session of the former id, without its user: the retired record belongs to no user
     */
    default void onSuperseded(SessionInfo session) {}

    /**
     * Receives a stored record or attribute that could not be read.
     *
     * @param problem the problem, without the data
     */
    default void onUnreadable(UnreadableData problem) {}

    /**
     * Receives a refused token: one that this server did not issue, or several that contradict each other. Many from
     * one address indicate guessing.
     *
     * @param remoteAddress the client's address, as reported by proxies in {@link Sessions.Config#trustedProxies}
     *     ({@code X-Forwarded-For} or {@code Forwarded}); without such a proxy, the peer's. Empty for a refresh token that
     *     {@link TokenSessions#refresh} was given, because it does not see the request
     * @param reason what was wrong
     */
    default void onTokenRefused(String remoteAddress, TokenRefusal reason) {}

    /**
     * Receives a session of {@link TokenSessions} whose refresh token was used after it had been replaced, a session whose own
     * token was ({@link Sessions.Config#renewTokenEvery}), or a remembered browser whose remember-me token was: the client and a thief hold copies of it, or a client has restored an old one. The
     * session is ended, with all its tokens; a browser is forgotten, and its sessions are ended. {@link #onDestroyed} follows
     * for each session if that succeeds.
     *
     * @param session the session as it was; for a browser its public id and user, and since when and until when it is remembered
     */
    default void onTokenReused(SessionInfo session) {}

    /**
     * Receives a session of {@link TokenSessions} whose client holds a later refresh token than the store knows, a session whose
     * own token is a later one, or the new session of a browser with such a remember-me token: the store has lost writes, for example in a failover. The client's
     * token goes on counting.
     *
     * @param session the session
     */
    default void onStoreLostWrites(SessionInfo session) {}

    /**
     * Receives a failure of the store.
     *
     * @param problem the failure
     */
    default void onStoreUnavailable(RuntimeException problem) {}

    /**
     * Called when this node could not read the revocations, and accepts sessions by what it has read before: a session that was
     * ended on another node may be accepted. Only with {@link Revocations.Config#acceptWhileUnavailable}; called for each
     * attempt to read that failed, on its thread, not for each request that was accepted.
     *
     * @param age how long ago this node has read the revocations
     */
    default void onRevocationsOutdated(Duration age) {}

    /**
     * Receives a change that was made after the response's head was sent and could not be saved. The client does not
     * learn of it.
     *
     * @param session the session
     * @param problem the reason
     */
    default void onLateChangeLost(SessionInfo session, RuntimeException problem) {}

    /**
     * Receives a sealed session whose cookie has become large: 2,048 bytes or more of the 4,093 that name and value may
     * have together. Proxies often limit all headers of a request to 4 or 8 kB. Called at most once a request.
     *
     * @param session the session
     * @param bytes the size of name and value
     */
    default void onLargeCookie(SessionInfo session, int bytes) {}

    /**
     * Receives a request that was refused because a page of another site may have sent it, or that would be refused without
     * {@link CsrfOptions#reportOnly}. Called once a request.
     *
     * @param request what the request looked like; it carries no id, no token and no cookie
     */
    default void onCrossSiteRequest(CrossSiteRequest request) {}

    /** Why a session was ended. */
    enum DestroyReason {
        /** The application called {@link Session#destroy()}. */
        DESTROYED,
        /**
         * {@link Session#regenerate()}, or the login of another user, replaced it with an empty session. Also a further session
         * of a remembered browser that such a call has ended.
         */
        REPLACED,
        /** It was ended through {@link Sessions#of}, {@link TokenSessions#of} or {@link TokenSessions#revoke}. */
        REVOKED,
        /** A login of the same user ended it, because of {@link StoreConfig#maxSessionsPerUser}. */
        OVER_LIMIT,
        /** A token of it, or of its remembered browser, was used after it had been replaced; see {@link #onTokenReused}. */
        TOKEN_REUSED,
        /** One of its attributes could not be read, and the {@link UnreadablePolicy} ends such sessions. */
        UNREADABLE
    }

    /** The timeout that ended a session. */
    enum Timeout {
        /** It was not used for too long. */
        IDLE,
        /** It existed for too long. */
        ABSOLUTE
    }

    /** What happened to a change that conflicted with another one. */
    enum ConflictOutcome {
        /** It was saved over the other change. */
        REPLACED_ANOTHER,
        /** It was dropped because the session had ended. */
        DROPPED
    }

    /** What was wrong with a token. */
    enum TokenRefusal {
        /**
         * Not signed by this server: malformed, forged, or signed with a secret that is no longer configured. For an access
         * token also: not issued for this application by an issuer that it trusts, or an expired one of another issuer.
         */
        NOT_ISSUED,
        /** An access token of this application that has expired, as every one does: its client refreshes it. */
        EXPIRED,
        /**
         * An access token or a sealed session that was issued and has not expired, but was ended by a logout, or with all
         * sessions of its user. Also an access token or a refresh token whose session has ended or expired.
         */
        REVOKED,
        /** Several tokens where a regular client sends one. */
        AMBIGUOUS,
        /** A sealed session of the right form that names a key which this node does not have. */
        UNKNOWN_KEY
    }

    /**
     * Data that could not be read.
     *
     * @param publicId the session's public id; empty for a sealed session of which nothing can be read
     * @param attribute the attribute, or empty if the whole record is unreadable
     * @param expected the type that was expected
     * @param problem where inside the value reading failed, and why; contains nothing of the value
     */
    record UnreadableData(String publicId, java.util.Optional<String> attribute, String expected, String problem) {}

    /** What showed that another site may have sent a request. */
    enum CrossSiteReason {
        /** {@code Sec-Fetch-Site}: the browser says that a page of another site or origin sent it. */
        FETCH_SITE,
        /** {@code Origin} names another origin than the application's, or hides it ({@code null}). */
        ORIGIN,
        /** {@code Referer} names another origin. */
        REFERER,
        /** A browser sent it, and says nothing about the page. */
        NO_EVIDENCE,
        /** A CSRF token is missing where one is required, or does not count. */
        TOKEN
    }

    /** What happened to a request that another site may have sent. */
    enum CrossSiteOutcome {
        /** The response was 403. */
        REFUSED,
        /** It was served, because of {@link CsrfOptions#reportOnly}. */
        REPORTED
    }

    /**
     * A request that another site may have sent.
     *
     * @param remoteAddress the client's address, as in {@link #onTokenRefused}
     * @param method its method
     * @param path its path in a canonical spelling, in lower case, without parameters and query, at most 200 characters; an
     *     application that puts secrets into paths finds them here
     * @param origin the origin of the page ({@code https://other.example}, or {@code null}); empty if the browser did not
     *     send one. A program can send any
     * @param reason what showed it
     * @param outcome whether it was refused
     */
    record CrossSiteRequest(
            String remoteAddress,
            String method,
            String path,
            String origin,
            CrossSiteReason reason,
            CrossSiteOutcome outcome) {
        /** Shows neither the client's address nor the path. */
        @Override
        public String toString() {
            return "CrossSiteRequest[" + method + ", " + reason + ", " + outcome + "]";
        }
    }
}
