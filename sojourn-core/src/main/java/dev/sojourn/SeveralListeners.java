package dev.sojourn;

import dev.sojourn.spi.FirstFailure;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Passes each event on to several listeners. What one of them throws reaches the caller after all were called. */
final class SeveralListeners implements SessionListener {
    private final List<SessionListener> listeners;

    SeveralListeners(List<SessionListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    private void each(Consumer<SessionListener> event) {
        FirstFailure failure = new FirstFailure();
        listeners.forEach(listener -> failure.attempt(() -> event.accept(listener)));
        failure.throwIfAny();
    }

    @Override
    public void onCreated(SessionInfo session) {
        each(listener -> listener.onCreated(session));
    }

    @Override
    public void onIdChanged(SessionInfo session, String formerPublicId) {
        each(listener -> listener.onIdChanged(session, formerPublicId));
    }

    @Override
    public void onSignedIn(SessionInfo session) {
        each(listener -> listener.onSignedIn(session));
    }

    @Override
    public void onElevated(SessionInfo session, String scope) {
        each(listener -> listener.onElevated(session, scope));
    }

    @Override
    public void onActingAs(SessionInfo session, String by) {
        each(listener -> listener.onActingAs(session, by));
    }

    @Override
    public void onRemembered(SessionInfo session) {
        each(listener -> listener.onRemembered(session));
    }

    @Override
    public void onDestroyed(SessionInfo session, DestroyReason reason) {
        each(listener -> listener.onDestroyed(session, reason));
    }

    @Override
    public void onExpired(SessionInfo session, Timeout cause) {
        each(listener -> listener.onExpired(session, cause));
    }

    @Override
    public void onConflict(SessionInfo session, Set<String> names, ConflictOutcome outcome) {
        each(listener -> listener.onConflict(session, names, outcome));
    }

    @Override
    public void onSuperseded(SessionInfo session) {
        each(listener -> listener.onSuperseded(session));
    }

    @Override
    public void onUnreadable(UnreadableData problem) {
        each(listener -> listener.onUnreadable(problem));
    }

    @Override
    public void onTokenRefused(String remoteAddress, TokenRefusal reason) {
        each(listener -> listener.onTokenRefused(remoteAddress, reason));
    }

    @Override
    public void onTokenReused(SessionInfo session) {
        each(listener -> listener.onTokenReused(session));
    }

    @Override
    public void onStoreLostWrites(SessionInfo session) {
        each(listener -> listener.onStoreLostWrites(session));
    }

    @Override
    public void onStoreUnavailable(RuntimeException problem) {
        each(listener -> listener.onStoreUnavailable(problem));
    }

    @Override
    public void onRevocationsOutdated(Duration age) {
        each(listener -> listener.onRevocationsOutdated(age));
    }

    @Override
    public void onLateChangeLost(SessionInfo session, RuntimeException problem) {
        each(listener -> listener.onLateChangeLost(session, problem));
    }

    @Override
    public void onLargeCookie(SessionInfo session, int bytes) {
        each(listener -> listener.onLargeCookie(session, bytes));
    }

    @Override
    public void onCrossSiteRequest(CrossSiteRequest request) {
        each(listener -> listener.onCrossSiteRequest(request));
    }
}
