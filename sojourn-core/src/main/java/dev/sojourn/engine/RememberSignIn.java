package dev.sojourn.engine;

import dev.sojourn.SessionEndedException;
import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.engine.RefreshTokenFormat.RefreshToken;
import dev.sojourn.engine.SessionState.Live;
import dev.sojourn.spi.StoreKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signs the user of a remembered browser in again, when a request without a live session first uses its session. The response
 * carries the new session's token and the next remember-me token. A token that was replaced more than 30 seconds ago ends the
 * browser. Blocks. Thread-safe.
 */
final class RememberSignIn {
    private static final int MOST_TRIES = 3;

    private final EngineSettings settings;
    private final SessionRecords records;
    private final RememberEnd ends;

    RememberSignIn(EngineSettings settings, SessionRecords records, RememberEnd ends) {
        this.settings = settings;
        this.records = records;
        this.ends = ends;
    }

    /** Returns the new session of the client's user; null if the client is not remembered, or could not be given a session. */
    @Nullable
    Live signIn(ClientToken client, EventBuffer events) {
        RememberClient browser = client.remember();
        if (browser == null
                || !browser.mayBeginSession()
                || client.isAmbiguous()
                || browser.undeliverable().isPresent()
                || !client.isDeliverableInCookie()) {
            return null;
        }
        Optional<RefreshToken> token = browser.token();
        TokenRefusal refusal = browser.refusal();
        if (refusal != null) {
            client.tokenRefused(refusal);
        }
        return token.isEmpty() ? null : signIn(token.get(), browser, client, events);
    }

    /** An end of all sessions of the user at the same time ends the new session; the next try finds the browser or does not. */
    private @Nullable Live signIn(RefreshToken token, RememberClient browser, ClientToken client, EventBuffer events) {
        for (int tries = 1; ; tries++) {
            try {
                return signInOnce(token, browser, client, events);
            } catch (SessionEndedException e) {
                if (tries == MOST_TRIES) {
                    throw RetryLoop.tooManyConflicts();
                }
            }
        }
    }

    private @Nullable Live signInOnce(
            RefreshToken token, RememberClient browser, ClientToken client, EventBuffer events) {
        StoreKey key = settings.recordFormat.keyOf(token.id());
        RememberOutcome outcome =
                records.signInAgain(key, token.generation(), browser.settings(), settings.ids.get(), events);
        if (outcome instanceof RememberOutcome.SignedIn signedIn) {
            CommitOutcome.Created session = signedIn.session();
            client.notePartSaved();
            browser.give(token.id(), signedIn.browser());
            SessionInfo info = info(session.snapshot());
            events.add(listener -> listener.onCreated(info));
            events.add(listener -> listener.onRemembered(info));
            if (signedIn.hadLostWrites()) {
                events.add(listener -> listener.onStoreLostWrites(info));
            }
            return new Live(session.id(), session.snapshot());
        }
        if (outcome instanceof RememberOutcome.Reused reused) {
            SessionInfo info = info(reused.browser());
            events.add(listener -> listener.onTokenReused(info));
            ends.end(
                    reused.browser(),
                    session -> false,
                    removed -> {
                        browser.forget(removed.key());
                        removed.report(settings, DestroyReason.TOKEN_REUSED, events);
                    },
                    events);
        }
        browser.ignoreToken();
        return null;
    }

    private SessionInfo info(RecordSnapshot snapshot) {
        return settings.deadlines.info(
                snapshot.key(), snapshot.record(), snapshot.stored().expiresAt());
    }
}
