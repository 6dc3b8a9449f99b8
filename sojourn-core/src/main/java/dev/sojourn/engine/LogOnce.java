package dev.sojourn.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the log has said already: a deployment that changes a class would otherwise say the same with every request. */
final class LogOnce {
    private static final int MOST = 1_000;

    private final Set<String> made = ConcurrentHashMap.newKeySet();

    /** Returns whether this is said for the first time. Forgets everything once there is much of it: clients may choose names. */
    boolean isNew(String complaint) {
        if (made.size() >= MOST) {
            made.clear();
        }
        return made.add(complaint);
    }
}
