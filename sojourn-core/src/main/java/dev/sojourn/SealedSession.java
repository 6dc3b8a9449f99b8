package dev.sojourn;

/**
 * A session that is kept in the client's cookie, encrypted and authenticated, and nowhere else.
 *
 * <p>No store call is needed to read or to save it. This gives up what only a store can promise:
 *
 * <ul>
 *   <li>Two requests at once: the last response that the client receives wins, for the whole session. There is no {@code
 *       update}, and nothing is merged. A response to a request from before a login that arrives after it can hide the
 *       login; the user signs in again.
 *   <li>A client can send an earlier copy again until that copy expires. Never keep a counter of attempts or a mark that
 *       something was used in it.
 *   <li>An earlier copy is elevated for what it was elevated for when it was sealed, until that ends; {@link #dropElevation}
 *       has no effect on it.
 *   <li>Name and value of the cookie have at most 4,093 bytes. A session that does not fit is refused with {@link
 *       SessionTooLargeException}, and the client keeps the cookie that it has.
 *   <li>A user's sessions cannot be listed. A logout ends access elsewhere only with {@link Revocations}: then {@link
 *       #destroy}, {@link #regenerate} and a {@link #login} of a session that had a user end the former session on every
 *       node, and the commit throws {@link SessionUnavailableException} and keeps everything if that is not confirmed.
 * </ul>
 *
 * <p>Where the methods mention a record in a store, the cookie is meant:
 *
 * <ul>
 *   <li>{@link #isNew} returns whether the client has no such session yet.
 *   <li>A session without a user is sent again only if it changed, or by {@link #touch}: reading it does not restart its
 *       idle timeout.
 *   <li>{@link #absoluteTimeout(java.time.Duration)} can shorten the configured timeout and not lengthen it, or it throws
 *       {@link IllegalArgumentException}.
 * </ul>
 *
 * <p>Changes are sealed into the cookie before the response's head is sent. Afterwards every change, {@link #destroy}
 * included, throws {@link IllegalStateException}.
 *
 * <p>If this node does not have the secret that sealed the session, it reads as absent, the client keeps its cookie, and
 * the commit of a change throws {@link SessionUnavailableException} (503). The first use of a session throws the same
 * exception if the revocations cannot be read. With revocations the first use of a session that the client has, {@link
 * #login} and the commits that end a session may block.
 */
public interface SealedSession extends EditableSession {}
