package dev.sojourn.histories;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer.
 *
 * @param id its number, unique in the history; what it writes is this number
 * @param kind what was asked for
 * @param owner whose session the client believed it to be
 * @param user the owner's user: whom a login signs in, whose sessions are ended
 * @param register the attribute that a {@link ValueGenerator#SET} sets, else empty
 * @param token the token that was sent, or null
 * @param node the node that was asked
 * @param start when it was sent, in nanoseconds of the one clock of all clients
 * @param end when the answer was there, or the hope for one was given up
 * @param answer what was heard
 */
record Operation(
        int id,
        Kind kind,
        String owner,
        String user,
        String register,
        @Nullable String token,
        int node,
        long start,
        long end,
        Answer answer) {

    /** The last instant at which it can have happened. */
    long latest() {
        return answer.meaning() == Answer.Meaning.UNKNOWN ? Long.MAX_VALUE : end;
    }

    /**
     * The last instant at which it can have looked for sessions to end: a node that has answered looks no more, though what
     * it sent to the store may still be carried out.
     */
    long lastLook() {
        return answer.fromNode() ? end : latest();
    }

    /** Whether it was over, for certain, before the other began. */
    boolean before(Operation other) {
        return latest() < other.start;
    }

    boolean mayHaveHappened() {
        return answer.mayHaveHappened();
    }

    boolean isDone() {
        return answer.isDone();
    }

    String told(long origin) {
        return String.format(
                Locale.ROOT,
                "%9.3f–%9.3f ms  node %d  #%d %s %s%s token %s → %s %s%s%s",
                (start - origin) / 1e6,
                (end - origin) / 1e6,
                node,
                id,
                kind,
                owner,
                register.isEmpty() ? "" : " " + register,
                brief(token),
                answer.meaning(),
                answer.note(),
                answer.view() == null ? "" : " {" + answer.view() + "}",
                answer.given() == null ? "" : " given " + brief(answer.given()));
    }

    /** Without the token itself. */
    @Override
    public String toString() {
        return told(0);
    }

    /** Enough of a token to tell it from others, too little to use it. */
    static String brief(@Nullable String token) {
        return token == null ? "none" : Integer.toHexString(token.hashCode());
    }
}
