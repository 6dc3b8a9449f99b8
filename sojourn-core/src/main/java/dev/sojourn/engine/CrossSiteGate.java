package dev.sojourn.engine;

import dev.sojourn.CrossSiteRequestException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a handler from the session of a request that was refused, or that still has to show a CSRF token. Exists only for
 * such requests. Not thread-safe.
 */
final class CrossSiteGate {
    /** Why the session cannot be used; null if it can. */
    private @Nullable String reason;
    /** Reports the first attempt to use the session. */
    private @Nullable Runnable report;
    /** Whether the session may be read to find out whether its user is signed in, before the handler runs. */
    private boolean suspended;

    private CrossSiteGate(String reason, @Nullable Runnable report) {
        this.reason = reason;
        this.report = report;
    }

    /** Returns the gate of a request that was refused, which was reported. */
    static CrossSiteGate refused(String reason) {
        return new CrossSiteGate(reason, null);
    }

    /** Returns the gate of a request whose handler has to pass on a token. */
    static CrossSiteGate awaitingToken(String reason, Runnable report) {
        return new CrossSiteGate(reason, report);
    }

    boolean isShut() {
        return reason != null;
    }

    /** Lets the session be read until {@link #resume}, unless the request was refused. */
    void suspend() {
        suspended = report != null;
    }

    void resume() {
        suspended = false;
    }

    /** Lets the handler use the session: the token counts. */
    void open() {
        reason = null;
    }

    /** Throws if the request was refused. */
    void checkRefused() {
        if (report == null) {
            check();
        }
    }

    /** Throws if the session cannot be used. */
    void check() {
        String why = reason;
        if (why == null || suspended) {
            return;
        }
        if (report != null) {
            report.run();
            report = null;
        }
        throw new CrossSiteRequestException(why);
    }
}
