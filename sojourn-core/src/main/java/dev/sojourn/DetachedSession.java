package dev.sojourn;

import java.util.function.Function;

/**
 * A session beyond the request that it was found in: for WebSockets and other things that live longer than an answer.
 * Made by {@link Session#detached()}.
 *
 * <p>It stands for the id that the request had. When that session ends, or gets another id (login, {@code changeId},
 * {@code regenerate}), this one has ended: whoever holds it has to come back with a new request. Each call asks the store
 * and blocks. Thread-safe; holds no data of the session.
 */
public interface DetachedSession {
    /**
     * The session's public name.
     *
     * @return the same as {@link Session#publicId()} in its request
     */
    String publicId();

    /**
     * Whether the session still is. Asks the store once and does not count as use: the idle timeout runs on.
     *
     * @return false once it was ended, has expired or got another id
     * @throws SessionUnavailableException if the store cannot answer
     */
    boolean isAlive();

    /**
     * Works with the session as a request does: it is loaded, and what was changed is saved before this returns. There is
     * no answer that could carry a new id, so {@code login}, {@code changeId} and {@code regenerate} are refused.
     *
     * @param work what to do; the session is its own until it returns
     * @param <R> what comes of it
     * @return what the work returned, once everything is saved
     * @throws SessionEndedException if the session was ended or has expired
     * @throws SessionSupersededException if it got another id
     * @throws SessionUnavailableException if the store cannot answer, or cannot say whether it saved
     */
    <R> R use(Function<Session, R> work);

    /**
     * Restarts the idle timeout, as a request would.
     *
     * @throws SessionEndedException if the session was ended or has expired
     * @throws SessionSupersededException if it got another id
     * @throws SessionUnavailableException if the store cannot answer
     */
    void touch();
}
