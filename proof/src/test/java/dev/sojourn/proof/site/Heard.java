package dev.sojourn.proof.site;

import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what it hears. */
public final class Heard implements SessionListener {
    private final List<Event> events = new CopyOnWriteArrayList<>();

    /**
     * One event.
     *
     * @param name the listener's method
     * @param details its arguments
     */
    public record Event(String name, List<Object> details) {
        /** The session that it is about. */
        public SessionInfo session() {
            return (SessionInfo) details.get(0);
        }
    }

    /** Everything, in order. */
    public List<Event> all() {
        return List.copyOf(events);
    }

    /** What was heard, by name alone, in order. */
    public List<String> names() {
        return events.stream().map(Event::name).toList();
    }

    /** The only event of this name. */
    public Event only(String name) {
        List<Event> found =
                events.stream().filter(event -> event.name().equals(name)).toList();
        if (found.size() != 1) {
            throw new AssertionError("not exactly one " + name + " in " + names());
        }
        return found.get(0);
    }

    /** Forgets. */
    public void clear() {
        events.clear();
    }

    private void hear(String name, Object... details) {
        events.add(new Event(name, List.of(details)));
    }

    @Override
    public void onCreated(SessionInfo session) {
        hear("created", session);
    }

    @Override
    public void onIdChanged(SessionInfo session, String formerHandle) {
        hear("idChanged", session, formerHandle);
    }

    @Override
    public void onSignedIn(SessionInfo session) {
        hear("signedIn", session);
    }

    @Override
    public void onDestroyed(SessionInfo session, DestroyReason reason) {
        hear("destroyed", session, reason);
    }

    @Override
    public void onExpired(SessionInfo session, Timeout cause) {
        hear("expired", session, cause);
    }

    @Override
    public void onConflictLost(SessionInfo session, Set<String> names, ConflictOutcome fate) {
        hear("conflictLost", session, names, fate);
    }

    @Override
    public void onSuperseded(SessionInfo session) {
        hear("superseded", session);
    }

    @Override
    public void onUnreadable(UnreadableData problem) {
        hear("unreadable", problem);
    }

    @Override
    public void onTokenRefused(String remoteAddress, TokenRefusal reason) {
        hear("tokenRefused", remoteAddress, reason);
    }

    @Override
    public void onStoreUnavailable(RuntimeException problem) {
        hear("storeAway", problem);
    }

    @Override
    public void onLateChangeLost(SessionInfo session, RuntimeException problem) {
        hear("lateChangeLost", session, problem);
    }
}
