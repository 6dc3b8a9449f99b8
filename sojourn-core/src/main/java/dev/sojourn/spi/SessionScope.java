package dev.sojourn.spi;

import dev.sojourn.Session;
import dev.sojourn.SessionException;

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
     * Loads the session now if it is not loaded yet. For frameworks whose threads may not block: they load on a worker,
     * after which reading and writing are in memory. May block.
     *
     * @throws SessionException if the store cannot answer
     */
    void load();

    /**
     * Saves what the handler did and then sets the response headers. Called just before the head leaves. Each later call
     * saves what changed since; what cannot be saved then can only be told to the listener. May block.
     *
     * <p>If this throws, the adapter replaces the status, headers and body that the handler chose by what the exception
     * says, and calls {@link #answerHeaders()} once the application's headers are gone.
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
     * Saves what changed after the head had left, tells the listener, and lets go of everything. Never throws: what
     * cannot be saved now can only be told to the listener. May block.
     */
    @Override
    void close();
}
