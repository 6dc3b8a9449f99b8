package dev.sojourn.engine;

import dev.sojourn.SessionListener;
import dev.sojourn.SessionListener.UnreadableData;
import dev.sojourn.WhenUnreadable;
import dev.sojourn.engine.ValueCodec.UnreadableValueException;
import dev.sojourn.spi.LogText;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What one request has to tell the listener, kept until its answer has left. */
final class EventBuffer {
    private static final String LOGGER = "dev.sojourn";

    private final SessionListener listener;
    private final LogOnce complaints;
    private List<Consumer<SessionListener>> untold = List.of();

    EventBuffer(SessionListener listener) {
        this(listener, new LogOnce());
    }

    /**
     * @param complaints what was said in the log before, by the events of other requests
     */
    EventBuffer(SessionListener listener, LogOnce complaints) {
        this.listener = listener;
        this.complaints = complaints;
    }

    void add(Consumer<SessionListener> event) {
        if (untold.isEmpty()) {
            untold = new ArrayList<>();
        }
        untold.add(event);
    }

    void storeAway(RuntimeException problem) {
        add(heard -> heard.onStoreUnavailable(problem));
    }

    /** An attribute cannot be read. The first time for the log too, which repeats itself at the level of debugging only. */
    void unreadable(String handle, String attribute, UnreadableValueException problem, WhenUnreadable policy) {
        String what = "attribute " + LogText.quote(attribute) + " cannot be read as " + LogText.text(problem.expected())
                + ": " + LogText.text(problem.problem());
        String then = policy == WhenUnreadable.END_SESSION
                ? ". The session ends (c.whenUnreadable(END_SESSION), with Spring sojourn.when-unreadable=end-session)"
                : ". It reads as absent and stays stored (c.whenUnreadable(IGNORE_ATTRIBUTE), with Spring"
                        + " sojourn.when-unreadable=ignore-attribute)";
        logger().log(
                        complaints.isNew(what) ? Level.ERROR : Level.DEBUG,
                        "session " + handle + ": " + what + then
                                + "; docs/guide/changing-classes.md says what a class may change");
        add(heard -> heard.onUnreadable(
                new UnreadableData(handle, Optional.of(attribute), problem.expected(), problem.problem())));
    }

    /** A record cannot be read and is gone: for the log too, as an operator has to look into it. */
    void unreadableRecord(String handle) {
        logger().log(Level.ERROR, "session " + handle + ": its record cannot be read; the session ends");
        add(heard -> heard.onUnreadable(
                new UnreadableData(handle, Optional.empty(), "a session record", "it is no record of this format")));
    }

    /** Tells everything, once. What a listener throws is its own affair. */
    void tell() {
        List<Consumer<SessionListener>> now = untold;
        untold = List.of();
        for (Consumer<SessionListener> event : now) {
            tell(listener, event);
        }
    }

    static void tell(SessionListener listener, Consumer<SessionListener> event) {
        try {
            event.accept(listener);
        } catch (Throwable e) {
            logger().log(Level.WARNING, "a session listener failed; the session is as it should be", e);
        }
    }

    /** Asked for when something is to be said, so that no logger is made for nothing. */
    static Logger logger() {
        return System.getLogger(LOGGER);
    }
}
