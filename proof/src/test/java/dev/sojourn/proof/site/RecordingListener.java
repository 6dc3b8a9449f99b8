package dev.sojourn.proof.site;

import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that records every event. */
public final class RecordingListener implements SessionListener {
    private final List<Event> events = new CopyOnWriteArrayList<>();

    /**
     * One event.
     *
     * @param name the name of the listener method without "on"
     * @param details the method's arguments
     */
    public record Event(String name, List<Object> details) {
        /** Returns the session of the event. */
        public SessionInfo session() {
            return (SessionInfo) details.get(0);
        }
    }

    /** Returns all events in order. */
    public List<Event> all() {
        return List.copyOf(events);
    }

    /** Returns the names of all events in order. */
    public List<String> names() {
        return events.stream().map(Event::name).toList();
    }

    /** Returns the single event of this name; fails if there is none or more than one. */
    public Event single(String name) {
        List<Event> found =
                events.stream().filter(event -> event.name().equals(name)).toList();
        if (found.size() != 1) {
            throw new AssertionError("expected exactly one " + name + " in " + names());
        }
        return found.get(0);
    }

    /** Removes all recorded events. */
    public void clear() {
        events.clear();
    }

    private void record(String name, Object... details) {
        events.add(new Event(name, List.of(details)));
    }

    @Override
    public void onCreated(SessionInfo session) {
        record("created", session);
    }

    @Override
    public void onIdChanged(SessionInfo session, String formerPublicId) {
        record("idChanged", session, formerPublicId);
    }

    @Override
    public void onSignedIn(SessionInfo session) {
        record("signedIn", session);
    }

    @Override
    public void onElevated(SessionInfo session, String scope) {
        record("elevated", session, scope);
    }

    @Override
    public void onActingAs(SessionInfo session, String by) {
        record("actingAs", session, by);
    }

    @Override
    public void onRemembered(SessionInfo session) {
        record("remembered", session);
    }

    @Override
    public void onDestroyed(SessionInfo session, DestroyReason reason) {
        record("destroyed", session, reason);
    }

    @Override
    public void onExpired(SessionInfo session, Timeout cause) {
        record("expired", session, cause);
    }

    @Override
    public void onConflict(SessionInfo session, Set<String> names, ConflictOutcome outcome) {
        record("conflictLost", session, names, outcome);
    }

    @Override
    public void onSuperseded(SessionInfo session) {
        record("superseded", session);
    }

    @Override
    public void onUnreadable(UnreadableData problem) {
        record("unreadable", problem);
    }

    @Override
    public void onTokenRefused(String remoteAddress, TokenRefusal reason) {
        record("tokenRefused", remoteAddress, reason);
    }

    @Override
    public void onTokenReused(SessionInfo session) {
        record("tokenReused", session);
    }

    @Override
    public void onStoreLostWrites(SessionInfo session) {
        record("storeLostWrites", session);
    }

    @Override
    public void onStoreUnavailable(RuntimeException problem) {
        record("storeUnavailable", problem);
    }

    @Override
    public void onLateChangeLost(SessionInfo session, RuntimeException problem) {
        record("lateChangeLost", session, problem);
    }

    @Override
    public void onRevocationsOutdated(Duration age) {
        record("revocationsOutdated", age);
    }

    @Override
    public void onLargeCookie(SessionInfo session, int bytes) {
        record("largeCookie", session, bytes);
    }

    @Override
    public void onCrossSiteRequest(CrossSiteRequest request) {
        record("crossSiteRequest", request);
    }
}
