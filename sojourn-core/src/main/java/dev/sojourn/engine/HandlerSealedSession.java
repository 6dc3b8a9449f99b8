package dev.sojourn.engine;

import dev.sojourn.SealedSession;
import java.time.Duration;

/** The sealed session as the handler sees it: checks arguments and calls the {@link SealedRequest}. */
final class HandlerSealedSession extends EditableHandlerSession<SealedRequest> implements SealedSession {
    private final SealedSettings sealedSettings;

    HandlerSealedSession(SealedSettings settings, SealedRequest request) {
        super(settings, request);
        this.sealedSettings = settings;
    }

    @Override
    public void absoluteTimeout(Duration timeout) {
        sealedSettings.checkAbsoluteTimeout(timeout);
        super.absoluteTimeout(timeout);
    }

    /** Omits the session's contents. */
    @Override
    public String toString() {
        return "SealedSession";
    }
}
