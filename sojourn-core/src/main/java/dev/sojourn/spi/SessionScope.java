package dev.sojourn.spi;

import dev.sojourn.Session;
import dev.sojourn.SessionException;
import java.util.Optional;

/**
 * One request's use of sessions. An adapter opens it when the request comes in, commits it when the response's head
 * is about to leave, and closes it at the end of the exchange.
 *
 * <p>Used by one thread at a time; may be handed over between threads.
 */
public interface SessionScope extends AutoCloseable {
    /**
     * The session of this request. Does no I/O: the session is loaded when it is first used.
     *
     * @return the same instance each time
     */
    Session session();

    /**
     * The attributes of this request's session for an adapter whose values have types. Does no I/O.
     *
     * @return the attributes that {@link #session()} has, too
     */
    TypedAttributes typedAttributes();

    /**
     * Loads the session now if it is not loaded yet. For frameworks whose threads may not block: they load on a worker,
     * after which reading and writing are in memory. May block.
     *
     * @throws SessionException if the store cannot answer
     */
    void load();

    /**
     * The public name of the session that the client's token stands for, whether or not there still is such a session.
     * Does no I/O.
     *
     * @return the handle; empty if the request carries no token that this server issued
     */
    Optional<String> presented();

    /**
     * Has each call of the session that may ask the store preceded by a check of the thread that makes it, and each call of
     * a {@link dev.sojourn.DetachedSession} that is taken from it after this. For frameworks with threads that must not
     * block.
     *
     * @param check throws where this thread may not wait; kept for as long as a detached session is
     */
    void beforeBlocking(Runnable check);

    /**
     * Has each call of the session preceded by a check. For frameworks that commit on another thread than the handler's,
     * which may go on meanwhile: while a session is being saved nobody else may use it.
     *
     * @param check throws where the session may not be used now
     */
    void beforeUse(Runnable check);

    /**
     * Whether {@link #commit()} or {@link #close()} may block as things stand. For frameworks whose threads may not: where
     * this is false they need no worker.
     *
     * @return false as long as nobody has asked for the session and no option wants every session loaded
     */
    boolean mayBlock();

    /**
     * Asks for a session even if nothing is put in it: it is stored at the commit, and the client gets its token. Does
     * nothing where there is a session already, and where the client's token was superseded. May block.
     *
     * @throws IllegalStateException if the response's head has left
     * @throws SessionException if the store cannot answer
     */
    void begin();

    /**
     * Whether the client is to hear of a token that no commit has told of yet: a session was begun, got a new id or was
     * ended since. For frameworks that hold the head back while a body is written: they commit again before more of it
     * can make the head leave. Does no I/O.
     *
     * @return true if the next commit sets a header
     */
    boolean owesToken();

    /**
     * Saves what the handler did and then sets the response headers. Called just before the head leaves. May be repeated:
     * until the head has left ({@link Exchange#isCommitted()}) each call saves what changed since and brings the headers up
     * to date; after that, each saves what changed since, and what cannot be saved can only be told to the listener. May
     * block.
     *
     * <p>If this throws, the adapter replaces the status, headers and body that the handler chose by what the exception
     * says, and calls {@link #answerHeaders()} once the application's headers are gone: {@link ErrorResponse} does.
     *
     * @throws SessionException if the session could not be saved or its token not be given to the client
     */
    void commit();

    /**
     * Sets the headers that the client must have in an answer that replaces the handler's: the token of a session that
     * was stored before the failure. Does no I/O.
     */
    void answerHeaders();

    /**
     * Closes this scope and opens one that goes on where it ended, for a request that its framework sends through the
     * adapter again (an error page): the token that this scope gave is what that one begins with, and what it said in the
     * response's head is said again by {@link #commit()}, should the framework have thrown headers away.
     *
     * @return the next scope of the same request
     */
    SessionScope next();

    /**
     * Saves what changed after the head had left, tells the listener, and lets go of everything. Never throws: what
     * cannot be saved now can only be told to the listener. May block.
     */
    @Override
    void close();
}
