package dev.sojourn.engine;

import dev.sojourn.SessionListener;
import dev.sojourn.SessionListener.UnreadableData;
import dev.sojourn.UnreadablePolicy;
import dev.sojourn.engine.ValueCodec.UnreadableValueException;
import dev.sojourn.spi.LogText;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The events of one request, kept until its response has left. */
final class EventBuffer {
    private static final String LOGGER = "dev.sojourn";

    private final SessionListener listener;
    private final LogOnce logged;
    private List<Consumer<SessionListener>> pending = List.of();

    EventBuffer(SessionListener listener) {
        this(listener, new LogOnce());
    }

    /**
     * @param logged what the events of other requests have logged before
     */
    EventBuffer(SessionListener listener, LogOnce logged) {
        this.listener = listener;
        this.logged = logged;
    }

    void add(Consumer<SessionListener> event) {
        if (pending.isEmpty()) {
            pending = new ArrayList<>();
        }
        pending.add(event);
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    void storeUnavailable(RuntimeException problem) {
        add(listener -> listener.onStoreUnavailable(problem));
    }

    /** Adds and logs that an attribute cannot be read. Repetitions are logged at debug level only. */
    void unreadable(String publicId, String attribute, UnreadableValueException problem, UnreadablePolicy policy) {
        String what = "attribute " + LogText.quote(attribute) + " cannot be read as " + LogText.text(problem.expected())
                + ": " + LogText.text(problem.problem());
        String then = policy == UnreadablePolicy.END_SESSION
                ? ". The session ends (c.whenUnreadable(END_SESSION), with Spring sojourn.when-unreadable=end-session)"
                : ". It reads as absent and stays stored (c.whenUnreadable(IGNORE_ATTRIBUTE), with Spring"
                        + " sojourn.when-unreadable=ignore-attribute)";
        logger().log(
                        logged.isNew(what) ? Level.ERROR : Level.DEBUG,
                        "session " + publicId + ": " + what + then
                                + "; docs/guide/changing-classes.md says what a class may change");
        add(listener -> listener.onUnreadable(
                new UnreadableData(publicId, Optional.of(attribute), problem.expected(), problem.problem())));
    }

    /** Adds and logs that a claim of a token cannot be read. Repetitions are logged at debug level only. */
    void unreadableClaim(String publicId, String claim, UnreadableValueException problem, UnreadablePolicy policy) {
        String what = "claim " + LogText.quote(claim) + " cannot be read as " + LogText.text(problem.expected()) + ": "
                + LogText.text(problem.problem());
        String then = policy == UnreadablePolicy.END_SESSION
                ? ". The token is refused (c.whenUnreadable(END_SESSION))"
                : ". It reads as absent (c.whenUnreadable(IGNORE_ATTRIBUTE))";
        logger().log(
                        logged.isNew(what) ? Level.ERROR : Level.DEBUG,
                        "access token of session " + publicId + ": " + what + then);
        add(listener -> listener.onUnreadable(
                new UnreadableData(publicId, Optional.of(claim), problem.expected(), problem.problem())));
    }

    /** Adds and logs that a record cannot be read and was removed: an operator has to look into it. */
    void unreadableRecord(String publicId) {
        logger().log(Level.ERROR, "session " + publicId + ": its record cannot be read; the session ends");
        add(listener -> listener.onUnreadable(
                new UnreadableData(publicId, Optional.empty(), "a session record", "it is no record of this format")));
    }

    /** Adds and logs that the content of a sealed session cannot be read. Clients can repeat it, so it is logged once. */
    void unreadableSealedSession() {
        String what = "a sealed session was opened whose content this version cannot read; it counts as absent";
        logger().log(logged.isNew(what) ? Level.ERROR : Level.DEBUG, what);
        add(listener -> listener.onUnreadable(
                new UnreadableData("", Optional.empty(), "a sealed session", "it is no record of this format")));
    }

    /** Delivers all events, once. Exceptions of the listener are logged and ignored. */
    void deliver() {
        List<Consumer<SessionListener>> now = pending;
        pending = List.of();
        for (Consumer<SessionListener> event : now) {
            notify(listener, event);
        }
    }

    static void notify(SessionListener listener, Consumer<SessionListener> event) {
        try {
            event.accept(listener);
        } catch (Throwable e) {
            logger().log(Level.WARNING, "a session listener failed; the session is as it should be", e);
        }
    }

    /** Returns the logger. Created at the first message only. */
    static Logger logger() {
        return System.getLogger(LOGGER);
    }
}
