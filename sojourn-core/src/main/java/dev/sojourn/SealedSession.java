package dev.sojourn;

/**
 * A session that is kept in the client's cookie, encrypted and authenticated, and nowhere else.
 *
 * <p>No store call is needed to read or to save it. This gives up what only a store can promise:
 *
 * <ul>
 *   <li>Two requests at once: the last response that the client receives wins, for the whole session. There is no {@code
 *       update}, and nothing is merged.
 *   <li>A client can send an earlier copy again until that copy expires. Never keep a counter of attempts or a mark that
 *       something was used in it.
 *   <li>Name and value of the cookie have at most 4,093 bytes. A session that does not fit is refused with {@link
 *       SessionTooLargeException}, and the client keeps the cookie that it has.
 *   <li>A user's sessions cannot be listed. A logout ends access elsewhere only with {@code Revocations}.
 * </ul>
 *
 * <p>Changes are sealed into the cookie before the response's head is sent. Afterwards a change throws {@link
 * IllegalStateException}.
 */
public interface SealedSession extends EditableSession {}
