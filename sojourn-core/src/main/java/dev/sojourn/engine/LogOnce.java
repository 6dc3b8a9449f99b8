package dev.sojourn.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers which messages were logged: a deployment that changes a class would otherwise log the same message with
 * every request.
 */
final class LogOnce {
    private static final int MOST = 1_000;

    private final Set<String> messages = ConcurrentHashMap.newKeySet();

    /** Returns whether a message is new. Forgets all messages once there are many: clients may choose names. */
    boolean isNew(String message) {
        if (messages.size() >= MOST) {
            messages.clear();
        }
        return messages.add(message);
    }
}
