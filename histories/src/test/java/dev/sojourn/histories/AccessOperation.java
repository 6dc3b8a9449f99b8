package dev.sojourn.histories;

import dev.sojourn.histories.AccessOutcome.Status;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request with its outcome. Times are in nanoseconds of the machine's monotonic clock.
 *
 * @param id the number of the request
 * @param kind what the request does
 * @param family the name of the session to which the token belongs
 * @param user the user of the session
 * @param token what the request carries, or null
 * @param node the index of the node
 * @param start when the client began to send the request
 * @param end when the client had the response, or gave up
 * @param outcome the outcome
 */
record AccessOperation(
        int id,
        AccessKind kind,
        String family,
        String user,
        @Nullable String token,
        int node,
        long start,
        long end,
        AccessOutcome outcome) {

    boolean isAccepted() {
        return outcome.status() == Status.ACCEPTED;
    }

    boolean isRefused() {
        return outcome.status() == Status.REFUSED;
    }

    /** Returns whether the operation took effect, or may have. */
    boolean mayBeDone() {
        return switch (outcome.status()) {
            case ACCEPTED, UNKNOWN, ABANDONED, INVALID -> true;
            case REFUSED, NOT_DONE -> false;
        };
    }

    /** Returns the last instant at which the store may have executed it. */
    long latestEffect() {
        return isAccepted() ? end : Long.MAX_VALUE;
    }

    /** Returns the last instant at which the node may have judged the token. */
    long latestDecision() {
        return outcome.status() == Status.ABANDONED ? Long.MAX_VALUE : end;
    }

    String requireToken() {
        return Objects.requireNonNull(token, "token");
    }

    /** Returns the generation of a refresh token. */
    static long generationOf(String refreshToken) {
        return Long.parseLong(refreshToken.split("\\.", -1)[1]);
    }

    /** Returns the part of a refresh token that names its session. */
    static String idOf(String refreshToken) {
        return refreshToken.split("\\.", -1)[0];
    }

    String describe(long origin) {
        String presented = token != null && kind.usesRefreshToken() ? " generation " + generationOf(token) : "";
        String issued = outcome.refresh() == null ? "" : ", got generation " + generationOf(outcome.refresh());
        return String.format(
                Locale.ROOT,
                "%9.4f–%9.4f s  #%d %s of %s on node %d%s: %s (%s)%s%s",
                (start - origin) / 1e9,
                (end - origin) / 1e9,
                id,
                kind,
                family,
                node,
                presented,
                outcome.status(),
                outcome.note(),
                issued,
                outcome.lost() ? ", response lost" : "");
    }
}
