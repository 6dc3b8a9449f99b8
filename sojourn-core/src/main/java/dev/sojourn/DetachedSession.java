package dev.sojourn;

import java.util.function.Function;

/**
 * A session that outlives the request in which it was found, for WebSockets and other long-lived connections. {@link
 * Session#toDetached()} creates it.
 *
 * <p>It is bound to the id that the request had. When that session ends or gets a new id (login, {@code changeId},
 * {@code regenerate}), this object counts as ended, and the client needs a new request. Each call reads the store and
 * blocks. Thread-safe; holds no session data.
 */
public interface DetachedSession {
    /**
     * Returns the session's public id.
     *
     * @return the same value as {@link Session#publicId()} in its request
     */
    String publicId();

    /**
     * Returns whether the session is still alive. Reads the store once and does not count as use: the idle timeout
     * keeps running.
     *
     * @return false once the session has ended, has expired or has a new id
     * @throws SessionUnavailableException if the store is unavailable
     */
    boolean isAlive();

    /**
     * Loads the session, runs the work as a request would, and saves its changes before it returns. No response can
     * carry a new id here, so {@code login}, {@code changeId} and {@code regenerate} are rejected.
     *
     * @param work the work; it must not keep the session after it returns
     * @param <R> the type of the result
     * @return the result of the work, once everything is saved
     * @throws SessionEndedException if the session was ended or has expired
     * @throws SessionSupersededException if the session got a new id in the last five minutes; later it counts as ended
     * @throws SessionUnavailableException if the store is unavailable, or did not confirm the save
     */
    <R> R use(Function<Session, R> work);

    /**
     * Restarts the idle timeout, as a request would.
     *
     * @throws SessionEndedException if the session was ended or has expired
     * @throws SessionSupersededException if the session got a new id in the last five minutes; later it counts as ended
     * @throws SessionUnavailableException if the store is unavailable
     */
    void touch();
}
