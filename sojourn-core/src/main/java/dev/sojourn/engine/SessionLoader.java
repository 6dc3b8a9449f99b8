package dev.sojourn.engine;

import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.StoreUnavailablePolicy;
import dev.sojourn.engine.TokenLookup.Candidate;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.TokenFormat.VerifiedId;
import java.util.List;
import java.util.function.BiConsumer;

/** Finds the session of a client's token: what a request knows at its first use of the session. Keeps no state. */
final class SessionLoader {
    private final EngineSettings settings;
    private final SessionRecords records;
    private final RememberSignIn remember;

    SessionLoader(EngineSettings settings, SessionRecords records, RememberSignIn remember) {
        this.settings = settings;
        this.records = records;
        this.remember = remember;
    }

    /** Whether loading may take the session's lease. */
    enum Mode {
        /** Takes the lease if the request wants it, and may wait for it. */
        FOR_HANDLER,
        /** The same, and begins no session for a remembered browser. */
        EXISTING_ONLY,
        /** Only reads. */
        READ_ONLY
    }

    /** Loads the session, and notes in the response what the client's token needs. */
    SessionState load(Mode mode, RequestLease lease, ClientToken client, TokenResponse response, EventBuffer events) {
        try {
            SessionState found = find(mode, lease, client, response, events);
            return found instanceof SessionState.None && mode == Mode.FOR_HANDLER
                    ? signInAgain(client, response, events)
                    : found;
        } catch (SessionUnavailableException e) {
            boolean readAsAnonymous = settings.whenStoreUnavailable == StoreUnavailablePolicy.READ_AS_ANONYMOUS;
            if (!readAsAnonymous || e.reason() != Reason.STORE_UNAVAILABLE) {
                throw client.forClient(e);
            }
            return SessionState.Unavailable.INSTANCE;
        }
    }

    private SessionState find(
            Mode mode, RequestLease lease, ClientToken client, TokenResponse response, EventBuffer events) {
        chooseAmongRivals(client, response, events);
        VerifiedId token = client.verifiedToken();
        if (token == null) {
            StoreKey named = client.namedKey();
            return named == null
                    ? SessionState.None.INSTANCE
                    : stateOf(client, load(named, mode, lease, client, events));
        }
        StoreKey key = settings.recordFormat.keyOf(token.id());
        return stateOf(token, key, load(key, mode, lease, client, events), response, events);
    }

    /** Begins a session for a remembered browser. */
    private SessionState signInAgain(ClientToken client, TokenResponse response, EventBuffer events) {
        SessionState.Live session = remember.signIn(client, events);
        if (session == null) {
            return SessionState.None.INSTANCE;
        }
        response.give();
        return session;
    }

    private StoredState load(StoreKey key, Mode mode, RequestLease lease, ClientToken client, EventBuffer events) {
        return mode == Mode.READ_ONLY ? records.load(key, events) : lease.load(key, client);
    }

    /** Returns the state of a session that the client's access token names by its store key. */
    private static SessionState stateOf(ClientToken client, StoredState found) {
        return found instanceof StoredState.Live live
                ? new SessionState.Live(null, live.snapshot())
                : client.withoutNamedSession();
    }

    /** Looks up several valid tokens in the store: a token does not count just because it is valid. */
    private void chooseAmongRivals(ClientToken client, TokenResponse response, EventBuffer events) {
        List<Candidate> candidates = client.candidates();
        if (!candidates.isEmpty()) {
            TokenRivals rivals = TokenRivals.load(candidates, settings.recordFormat, records, events);
            client.noteRivals(rivals.live());
            rivals.choice().ifPresentOrElse(client::choose, client::refuseAll);
            if (rivals.areWorthless()) {
                response.takeAway(SessionSettings.AS_CONFIGURED);
            }
        }
        if (client.isAmbiguous()) {
            response.untangle();
        }
    }

    private void report(RecordSnapshot session, BiConsumer<SessionListener, SessionInfo> event, EventBuffer events) {
        SessionInfo info = settings.deadlines.info(
                session.key(), session.record(), session.stored().expiresAt());
        events.add(listener -> event.accept(listener, info));
    }

    /** A token that was replaced more than the grace period ago was copied, so the session ends. */
    private SessionState stateOf(VerifiedId token, RecordSnapshot session, TokenResponse response, EventBuffer events) {
        Rotation rotation = settings.renewal.judge(token, session.record());
        if (rotation instanceof Rotation.Reuse) {
            report(session, SessionListener::onTokenReused, events);
            records.end(session, events)
                    .ifPresent(removed -> removed.report(settings, DestroyReason.TOKEN_REUSED, events));
            response.takeAway(session.record().settings());
            return SessionState.None.INSTANCE;
        }
        if (rotation instanceof Rotation.Recover) {
            report(session, SessionListener::onStoreLostWrites, events);
        }
        if (token.outdated() || settings.renewal.isReplaced(token, session.record())) {
            response.repeat();
        }
        return new SessionState.Live(token.id(), session);
    }

    private SessionState stateOf(
            VerifiedId token, StoreKey key, StoredState found, TokenResponse response, EventBuffer events) {
        if (found instanceof StoredState.Live live
                && RememberSettings.isBrowser(live.snapshot().record())) {
            // No token of a session names it: only a format of the application could.
            return SessionState.None.INSTANCE;
        }
        if (found instanceof StoredState.Live live) {
            return stateOf(token, live.snapshot(), response, events);
        }
        if (found instanceof StoredState.Retired retired) {
            SessionInfo info = settings.deadlines.info(
                    key, retired.record(), retired.stored().expiresAt());
            events.add(listener -> listener.onSuperseded(info));
            return new SessionState.Superseded(token.id(), key);
        }
        if (found instanceof StoredState.Expired expired) {
            response.takeAway(expired.record().settings());
        } else if (found instanceof StoredState.Unreadable) {
            response.takeAway(SessionSettings.AS_CONFIGURED);
        }
        return SessionState.None.INSTANCE;
    }
}
