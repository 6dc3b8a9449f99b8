package dev.sojourn.spi;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionException;
import dev.sojourn.SessionView;
import dev.sojourn.SignInRequiredException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One request's use of sessions. An adapter opens it when the request arrives, commits it just before the response's
 * head is sent, and closes it at the end of the exchange.
 *
 * <p>Used by one thread at a time; may be passed between threads.
 */
public interface SessionScope extends AutoCloseable {
    /**
     * Refuses the request if a page of another site may have sent it (CSRF). Called once, after the scope is opened and before
     * any handler runs; what it throws is the response, as for a handler. After that, nothing is loaded or stored, and each
     * use of the session throws it again. Does no I/O, and costs nothing for a request with a safe method or without a
     * cookie.
     *
     * @throws dev.sojourn.CrossSiteRequestException if the request is refused
     */
    default void admit() {
        admit(() -> false);
    }

    /**
     * Refuses the request as {@link #admit()} does, unless another protection examines it.
     *
     * @param isProtectedElsewhere whether another protection against requests of other sites examines this one; called only
     *     for a request that would be refused, on this thread
     * @throws dev.sojourn.CrossSiteRequestException if the request is refused
     */
    void admit(BooleanSupplier isProtectedElsewhere);

    /**
     * Returns the session of this request, which is kept in a store. Does no I/O: the session is loaded when it is first
     * used.
     *
     * @return the same instance each time
     * @throws IllegalStateException if the application has mounted no sessions in a store; the message says what it has
     *     mounted
     */
    Session session();

    /**
     * Returns the sealed session of this request. Does no I/O.
     *
     * @return the same instance each time
     * @throws IllegalStateException if the application has mounted no sealed sessions; the message says what it has
     *     mounted
     */
    SealedSession sealed();

    /**
     * Returns what can be read of this request's session: a verified access token where tokens are mounted, else the
     * session itself. Does no I/O.
     *
     * @return the same instance each time
     */
    SessionView view();

    /**
     * Returns the attributes of this request's session for an adapter whose values have types. Does no I/O.
     *
     * @return the attributes of {@link #session()}
     */
    TypedAttributes typedAttributes();

    /**
     * Loads the session if it is not loaded yet. For frameworks whose threads must not block: they load on a worker,
     * after which reads and changes happen in memory. May block.
     *
     * @throws SessionException if the store is unavailable
     */
    void load();

    /**
     * Reads what {@link #view()} shows if it is not read yet, as {@link #load()} does for the session: verifies the
     * request's token where tokens are mounted, else loads the session. May block if {@link #viewMayBlock()}.
     *
     * @throws SessionException if the token is refused, or if what is needed to verify it, or the store, is unavailable
     */
    default void loadView() {
        load();
    }

    /**
     * Returns whether {@link #loadView()} may block at this moment. For frameworks whose threads must not block: if this
     * is false, they need no worker. Does no I/O.
     *
     * <p>Where revocations are configured, their list is in memory, and about twice within its delay one request has to
     * read what is new. So the result may be true a moment later: a framework that loads on such a thread sets a {@link
     * #setBlockingCheck check} that throws, and goes to a worker if it did.
     *
     * @return false if the request carries no token, or if its token is verified without I/O
     */
    default boolean viewMayBlock() {
        return tokenPublicId().isPresent();
    }

    /**
     * Returns whether {@link #loadView()} blocks at this moment, and only because the list of revocations has to be read,
     * which is in memory otherwise. For frameworks whose handlers run on threads that must not block and cannot move a
     * single call to a worker: they move the whole request. Does no I/O.
     *
     * @return false if the request carries no token, no revocations are configured, or the list is young enough
     */
    default boolean isRefreshDue() {
        return false;
    }

    /**
     * Returns whether only a signed-in user may make this request, because of its path. Does no I/O.
     *
     * @return true if {@link #checkSignIn} has to know the user
     */
    default boolean isSignInRequired() {
        return false;
    }

    /**
     * Refuses the request if only a signed-in user may make it and it has none. Called once, before any handler runs; what it
     * throws is the response, as for a handler. If {@link #isSignInRequired}, it reads what {@link #view()} shows: it blocks
     * if {@link #viewMayBlock()}, unless {@link #loadView()} was called before.
     *
     * @throws SignInRequiredException if no user is signed in
     * @throws SessionException if the token is refused, or if what is needed to verify it, or the store, is unavailable
     */
    default void checkSignIn() {
        if (isSignInRequired()) {
            view().requireSubject();
        }
    }

    /**
     * Returns the public id for the client's token, whether or not such a session still exists. Does no I/O.
     *
     * @return the public id; empty if the request carries no token that this server issued
     */
    Optional<String> tokenPublicId();

    /**
     * Sets a check that runs before each call that may block on the store, on the calling thread: each such call of the
     * session, and of a {@link dev.sojourn.DetachedSession} that is taken from it later. For frameworks with threads
     * that must not block.
     *
     * @param check throws if this thread must not wait; kept for as long as a detached session is
     */
    void setBlockingCheck(Runnable check);

    /**
     * Sets a check that runs before each call of the session. For frameworks that commit on a different thread while
     * the handler may continue: nothing else may use the session while it is being saved.
     *
     * @param check throws if the session must not be used at this moment
     */
    void setUseCheck(Runnable check);

    /**
     * Returns whether {@link #commit()} or {@link #close()} may block in the present state. For frameworks whose
     * threads must not block: if this is false, they need no worker.
     *
     * @return false as long as the session was not used and no option requires every session to be loaded
     */
    boolean mayBlock();

    /**
     * Begins a session even if nothing is set in it: the commit stores it and gives the client its token. Does nothing
     * if there is a session already, or if the client's token was superseded. May block.
     *
     * @throws IllegalStateException if the response's head was already sent
     * @throws SessionException if the store is unavailable
     */
    void begin();

    /**
     * Returns whether the client must receive a token change that no commit has written yet: since the last commit a
     * session was begun, got a new id or was ended. For frameworks that hold the head back while a body is written:
     * they commit again before more of the body can cause the head to be sent. Does no I/O.
     *
     * @return true if the next commit sets a header
     */
    boolean hasPendingToken();

    /**
     * Saves the handler's changes and then sets the response headers. Called just before the head is sent. May be
     * repeated: until the head is sent ({@link Exchange#isCommitted()}) each call saves the changes since the last one
     * and updates the headers; after that, each saves the changes since the last one, and a failure can only be
     * reported to the listener. May block.
     *
     * <p>If this throws, the adapter replaces the handler's status, headers and body with those of the exception, and
     * calls {@link #setTokenHeaders()} after it has removed the application's headers: {@link ErrorResponse} does both.
     *
     * @throws SessionException if the session could not be saved or its token could not be given to the client
     */
    void commit();

    /**
     * Sets the headers that the client needs even if the handler's response is replaced: the token of a session that
     * was stored before the failure. Does no I/O.
     */
    void setTokenHeaders();

    /**
     * Closes this scope and opens one that continues where it ended, for a request that its framework sends through the
     * adapter again (an error page). The new scope begins with the token that this scope issued. Its {@link #commit()}
     * sets this scope's response headers again, in case the framework has discarded them.
     *
     * @return the next scope of the same request
     */
    SessionScope next();

    /**
     * Saves changes made after the head was sent, notifies the listener, and releases everything. Never throws: a
     * failed save can only be reported to the listener. May block.
     */
    @Override
    void close();
}
