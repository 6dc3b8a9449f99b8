package dev.sojourn.engine;

import dev.sojourn.SessionListener;
import dev.sojourn.SessionListener.UnreadableData;
import dev.sojourn.WhenUnreadable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What one request has to tell the listener, kept until its answer has left. */
final class Events {
    private static final String LOGGER = "dev.sojourn";

    private final SessionListener listener;
    private List<Consumer<SessionListener>> untold = List.of();

    Events(SessionListener listener) {
        this.listener = listener;
    }

    void add(Consumer<SessionListener> event) {
        if (untold.isEmpty()) {
            untold = new ArrayList<>();
        }
        untold.add(event);
    }

    void storeAway(RuntimeException problem) {
        add(heard -> heard.storeAway(problem));
    }

    /** Stored data cannot be read: for the log too, as somebody has to look into it. */
    void unreadable(String handle, Optional<String> attribute, String expected, WhenUnreadable policy) {
        String what = attribute.map(name -> "attribute '" + name + "'").orElse("its record");
        logger().log(
                        Level.ERROR,
                        "session " + handle + ": " + what + " cannot be read as " + expected + "; policy " + policy);
        add(heard -> heard.unreadable(new UnreadableData(handle, attribute, expected)));
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
        } catch (RuntimeException e) {
            logger().log(Level.WARNING, "a session listener failed; the session is as it should be", e);
        }
    }

    /** Asked for when something is to be said, so that no logger is made for nothing. */
    static Logger logger() {
        return System.getLogger(LOGGER);
    }
}
