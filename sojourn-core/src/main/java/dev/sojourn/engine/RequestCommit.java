package dev.sojourn.engine;

import dev.sojourn.SessionEndedException;
import dev.sojourn.SessionException;
import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.ConflictOutcome;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionSupersededException;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.SessionUndeliverableException;
import dev.sojourn.engine.CommitPlan.Intent;
import dev.sojourn.engine.CommitPlan.Need;
import dev.sojourn.engine.CommitPlan.Situation;
import dev.sojourn.engine.SessionRecords.Removed;
import dev.sojourn.engine.SessionState.Condemned;
import dev.sojourn.engine.SessionState.Ended;
import dev.sojourn.engine.SessionState.Live;
import dev.sojourn.engine.SessionState.None;
import dev.sojourn.engine.SessionState.Superseded;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.TokenFormat.VerifiedId;
import java.lang.System.Logger.Level;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what one request wants done with its session apart from attributes and id (ends, touches), and writes everything
 * to the store: {@link CommitPlan} decides what is done, {@link SessionRecords} calls the store, and the outcome leads to
 * the next {@link SessionState}. Not thread-safe.
 */
final class RequestCommit {
    /** What this request has written. */
    private enum Written {
        NOTHING,
        RECORD,
        /** Including a record under a new id. */
        NEW_RECORD
    }

    private final EngineSettings settings;
    private final SessionRecords records;
    private final RememberEnd rememberEnd;
    private final RequestLease lease;
    private final EventBuffer events;
    private final ClientToken client;
    private final RequestView view;
    private final RequestPhase phase;
    private final TokenResponse response;
    private final IdChanger idChanger;

    private Written written = Written.NOTHING;
    /** The live sessions of all tokens, where the client sent several and the handler destroyed the session. */
    private List<RecordSnapshot> condemnedRivals = List.of();

    private boolean touchRequested;
    /** Whether the browser is to be remembered from the next commit on. */
    private boolean rememberRequested;
    /** Whether a destroy was requested that no commit has carried out. */
    private boolean destroyRequested;
    /** Whether the handler destroyed the session: then no empty one replaces it. */
    private boolean destroyedByHandler;

    RequestCommit(
            EngineSettings settings,
            SessionRecords records,
            RememberEnd rememberEnd,
            RequestLease lease,
            EventBuffer events,
            ClientToken client,
            RequestView view,
            RequestPhase phase,
            TokenResponse response) {
        this.settings = settings;
        this.records = records;
        this.rememberEnd = rememberEnd;
        this.lease = lease;
        this.events = events;
        this.client = client;
        this.view = view;
        this.phase = phase;
        this.response = response;
        this.idChanger = new IdChanger(settings, records, lease, events, view.idChange(), rememberEnd);
    }

    // ---- what the request wants

    void touch() {
        touchRequested = true;
        lease.setAccess(AccessKind.USE);
    }

    /** Leaves the idle timeout as it is, whatever this request writes. */
    void quiet() {
        touchRequested = false;
        lease.setAccess(AccessKind.QUIET);
    }

    boolean isQuiet() {
        return lease.access() == AccessKind.QUIET;
    }

    /** Has the browser remembered from the next commit on. */
    void remember() {
        rememberRequested = true;
    }

    void forgetRemember() {
        rememberRequested = false;
    }

    /** Notes that this request has begun its session when it was loaded. */
    void noteBegun() {
        written = Written.NEW_RECORD;
    }

    /** Ends the session at the next commit, and those of all other tokens of the client. */
    void destroy() {
        destroyedByHandler = true;
        condemnedRivals = client.rivals();
        if (view.state() instanceof Ended ended) {
            // Another request has ended it already: what follows belongs to a new session.
            view.setState(new None(ended.id()));
        }
        condemn(DestroyReason.DESTROYED);
    }

    /** Ends the session at the next commit; it is absent at once. */
    void condemn(DestroyReason reason) {
        destroyRequested = true;
        view.forgetLastAccess();
        if (view.state() instanceof Live live) {
            view.setState(new Condemned(live, reason));
        }
        forgetChanges();
    }

    /** Forgets all changes that are not saved yet, a destroy too. */
    void discard() {
        if (view.state() instanceof Condemned condemned) {
            view.setState(condemned.session());
        }
        condemnedRivals = List.of();
        destroyRequested = false;
        destroyedByHandler = false;
        view.forgetLastAccess();
        forgetChanges();
    }

    /** Forgets the changes that could not be saved, a destroy too, and releases the lease. */
    void abandon() {
        if (view.state() instanceof Condemned condemned) {
            lease.release(condemned.session().snapshot());
            view.setState(new None(condemned.id()));
        } else {
            RecordSnapshot released = lease.release(view.snapshot());
            if (released != null && view.state() instanceof Live live) {
                view.setState(new Live(live.id(), released));
            }
        }
        condemnedRivals = List.of();
        destroyRequested = false;
        forgetChanges();
    }

    private void forgetChanges() {
        view.forgetChanges();
        touchRequested = false;
        rememberRequested = false;
        response.forgetSettingsChange();
    }

    /** Whether the client is to receive a token that no commit has issued yet. */
    boolean owesToken() {
        return view.state() instanceof Condemned
                || !condemnedRivals.isEmpty()
                || rememberRequested
                || view.idChange().intent() != Intent.KEEP
                || (view.state().isAbsent() && view.attributes().hasChanges());
    }

    boolean isDestroyedByHandler() {
        return destroyedByHandler;
    }

    boolean hasStoredNewRecord() {
        return written == Written.NEW_RECORD;
    }

    /** Throws if the session has ended or moved on, unless a fresh one replaces it. */
    void refuseIfNotLive() {
        Intent intent = view.idChange().intent();
        if (view.state() instanceof Ended && intent != Intent.LOGIN && intent != Intent.REGENERATE) {
            throw client.forClient(new SessionEndedException());
        }
        if (view.state() instanceof Superseded && intent != Intent.LOGIN) {
            throw client.forClient(new SessionSupersededException());
        }
    }

    // ---- the commit

    /**
     * Writes this request's changes to the store, and at the head releases the lease. A caller that catches what this throws
     * calls {@link #abandon}.
     */
    void run(CommitPoint point) {
        try {
            view.attributes().noteChangesWithin();
            if (isLogout()) {
                rememberCommit().endAtLogout(condemnedRivals);
            }
            endCondemned();
            if (point == CommitPoint.HEAD) {
                renewTokenIfDue();
            }
            carryOutRemembering(plan(point), point);
        } catch (SessionException e) {
            throw client.forClient(e);
        }
        if (point == CommitPoint.HEAD) {
            RecordSnapshot released = lease.release(view.snapshot());
            if (released != null) {
                goOnUnchanged(released, point);
            }
        }
    }

    /** The head of the response carries the next token, so that of no other commit can. */
    private void renewTokenIfDue() {
        VerifiedId token = tokenOf(view.state());
        if (token != null
                && view.idChange().intent() == Intent.KEEP
                && !isQuiet()
                && settings.renewal.isDue(token, view.live().snapshot().record())
                && client.isRenewable()) {
            view.attributes().renew(new AttributeChange.Renew(token, settings.renewal));
        }
    }

    /** Returns the client's token if it is the token of a live session, and not one that this request gives. */
    private @Nullable VerifiedId tokenOf(SessionState state) {
        VerifiedId token = client.verifiedToken();
        return token != null && state instanceof Live live && token.id().equals(live.id()) ? token : null;
    }

    /** Whether the client has another token of the session than the record asks for. */
    private boolean isTokenReplaced() {
        VerifiedId token = tokenOf(view.state());
        return token != null
                && settings.renewal.isReplaced(token, view.live().snapshot().record());
    }

    private CommitPlan plan(CommitPoint point) {
        Set<Need> needs = EnumSet.noneOf(Need.class);
        if (view.attributes().hasChanges()) {
            needs.add(Need.SAVE_CHANGES);
        }
        if (destroyRequested) {
            needs.add(Need.DESTROY);
        }
        if (point == CommitPoint.HEAD) {
            addNeedsAtHead(needs);
        }
        return CommitPlan.of(new Situation(view.state(), view.idChange().intent(), needs));
    }

    private void addNeedsAtHead(Set<Need> needs) {
        if (isTouchDue()) {
            needs.add(Need.TOUCH);
        }
        if (settings.saveUninitialized && mayBeginUnasked()) {
            needs.add(Need.SAVE_UNINITIALIZED);
        }
        if (settings.resave && written == Written.NOTHING && !isQuiet()) {
            needs.add(Need.RESAVE);
        }
    }

    private boolean isTouchDue() {
        return view.state() instanceof Live live
                && !isQuiet()
                && (touchRequested
                        || settings.rolling
                        || response.isRepeatDue()
                        || settings.deadlines.touchDue(
                                live.snapshot().stored().expiresAt(),
                                live.snapshot().record(),
                                settings.clock.instant()));
    }

    /** No handler asked for this session, so it is no error if the client could not be given one. */
    private boolean mayBeginUnasked() {
        return view.state().isAbsent() && !destroyedByHandler && client.isDeliverable();
    }

    /** Whether the handler destroys the session in this commit. */
    private boolean isLogout() {
        return destroyedByHandler
                && (destroyRequested || !condemnedRivals.isEmpty() || view.state() instanceof Condemned);
    }

    private RememberCommit rememberCommit() {
        return new RememberCommit(settings, records, rememberEnd, events, client, view);
    }

    /** Carries out a plan, and what it means for the browsers that are remembered. */
    private void carryOutRemembering(CommitPlan plan, CommitPoint point) {
        if (!rememberRequested && !(plan.saves() && mayBeOfBrowser())) {
            carryOut(plan, point);
            return;
        }
        SessionRecord before = view.record();
        RememberCommit browsers = rememberCommit();
        if (rememberRequested) {
            browsers.checkDeliverable();
            if (plan.saves()) {
                // The session keeps its lease for the write that follows.
                carryOut(plan, CommitPoint.OTHER);
            }
            if (view.state() instanceof Live) {
                browsers.remember(() -> replace(view.live(), point));
            }
            rememberRequested = false;
        } else {
            carryOut(plan, point);
        }
        browsers.endFormer(before);
    }

    private void carryOut(CommitPlan plan, CommitPoint point) {
        switch (plan) {
            case NOTHING -> {}
            case TOUCH -> {
                if (!lease.isHeld()) {
                    goOnUnchanged(records.touch(view.live().snapshot(), events), point);
                }
            }
            case RESAVE -> {
                if (!lease.isHeld()) {
                    goOnUnchanged(records.resave(view.live().snapshot(), events), point);
                }
            }
            case REPLACE -> replace(view.live(), point);
            case CREATE -> {
                if (!isForgone()) {
                    checkDeliverable();
                    endBrowsersOfFormerUser();
                    goOnUnderNewId(idChanger.create(view.attributes().log()));
                }
            }
            case CHANGE_ID -> {
                if (!isForgone()) {
                    checkDeliverable();
                    endBrowsersOfFormerUser();
                    changeId(view.live());
                }
            }
            case DROP -> drop(view.state());
            case REFUSE_SUPERSEDED -> throw new SessionSupersededException();
            case REFUSE_ENDED -> throw new SessionEndedException();
            case REFUSE_UNAVAILABLE ->
                throw new SessionUnavailableException(
                        Reason.STORE_UNAVAILABLE, "the session store could not be read, so nothing can be saved", null);
        }
    }

    /** Before the save: the user who has signed in must not be followed by the one before, even if this node stops here. */
    private void endBrowsersOfFormerUser() {
        if (view.idChange().decidesSubject() && mayBeOfBrowser()) {
            rememberCommit().endOfFormerUser();
        }
    }

    /** Whether the session or the client may belong to a remembered browser. */
    private boolean mayBeOfBrowser() {
        return client.remember() != null || RememberSettings.browserKey(view.record()) != null;
    }

    /** Drops a new session, or a new id with all changes, if the handler failed before it could be given to the client. */
    private boolean isForgone() {
        if (phase.isHeadGone() || !client.forgoesNewSession()) {
            return false;
        }
        EventBuffer.logger()
                .log(Level.DEBUG, "dropped a session without tokens, because its handler failed before it issued any");
        abandon();
        return true;
    }

    /** Nothing is stored that the client could not come back to. */
    private void checkDeliverable() {
        if (phase.isHeadGone()) {
            throw new SessionUndeliverableException(
                    "the response ended without a head that could have carried the new session's token");
        }
        client.checkDeliverable();
    }

    // ---- ending

    private void endCondemned() {
        RecordSnapshot ending = null;
        DestroyReason reason = DestroyReason.DESTROYED;
        if (view.state() instanceof Condemned condemned) {
            ending = condemned.session().snapshot();
            reason = condemned.reason();
            if (!end(ending, reason)) {
                response.cancelGive();
            }
            view.setState(new None(condemned.id()));
            destroyRequested = false;
        }
        for (RecordSnapshot rival : condemnedRivals) {
            if (ending == null || !rival.key().equals(ending.key())) {
                end(rival, reason);
            }
        }
        condemnedRivals = List.of();
        if (destroyedByHandler && destroyRequested && client.isAmbiguous()) {
            response.takeAway(SessionSettings.AS_CONFIGURED);
            destroyRequested = false;
        }
    }

    private boolean end(RecordSnapshot ending, DestroyReason reason) {
        SessionInfo info = settings.deadlines.info(
                ending.key(), ending.record(), ending.stored().expiresAt());
        Optional<Removed> removed = records.end(ending, events);
        removed.ifPresent(its -> {
            client.notePartSaved();
            client.noteEnded(ending.key());
            events.add(listener -> listener.onDestroyed(info, reason));
            response.takeAway(ending.record().settings());
            rememberCommit().endLinkedSince(ending.record(), its.record(), reason);
        });
        return removed.isPresent();
    }

    // ---- saving

    /** Goes on from a record that was written without a change; with null, from what was loaded. */
    private void goOnUnchanged(@Nullable RecordSnapshot touched, CommitPoint point) {
        touchRequested = false;
        if (touched == null) {
            response.cancelRepeat();
            return;
        }
        view.goOnUnchanged(touched);
        repeatTokenIfWanted(point);
    }

    private void repeatTokenIfWanted(CommitPoint writtenAt) {
        if (settings.rolling || !view.cookieLifetime().isBrowserSession() || isTokenReplaced()) {
            response.repeat();
        }
        response.noteWrite(writtenAt);
    }

    private void replace(Live live, CommitPoint point) {
        CommitOutcome outcome =
                lease.save(new Commit(live.snapshot(), view.attributes().log(), lease.access()), point);
        if (outcome instanceof CommitOutcome.Saved saved) {
            reportConflict(saved.overwritten(), ConflictOutcome.REPLACED_ANOTHER);
            goOnFrom(live.id(), saved.snapshot());
            noteWrite(Written.RECORD);
            repeatTokenIfWanted(point);
        } else if (outcome instanceof CommitOutcome.Unchanged unchanged) {
            reportConflict(unchanged.overwritten(), ConflictOutcome.REPLACED_ANOTHER);
            goOnFrom(live.id(), unchanged.snapshot());
            repeatTokenIfWanted(CommitPoint.OTHER);
        } else if (outcome == CommitOutcome.NotLive.SUPERSEDED) {
            view.setState(new Superseded(live.id(), live.key()));
            throw new SessionSupersededException();
        } else {
            drop(live);
        }
    }

    /** Drops the changes of a session that another request has ended: they happened before that, and end with it. */
    private void drop(SessionState session) {
        reportConflict(view.attributes().changedNames(), ConflictOutcome.DROPPED);
        rememberRequested = false;
        view.start(new Ended(session.id(), Objects.requireNonNull(session.key(), "an ended session has a key")));
    }

    private void reportConflict(Set<String> names, ConflictOutcome outcome) {
        if (!names.isEmpty()) {
            SessionInfo info = view.info();
            Set<String> concerned = Set.copyOf(names);
            events.add(listener -> listener.onConflict(info, concerned, outcome));
        }
    }

    private void goOnFrom(@Nullable String id, RecordSnapshot saved) {
        reportElevations(saved);
        view.goOnFrom(id, saved);
        touchRequested = false;
    }

    private void reportElevations(RecordSnapshot saved) {
        Set<String> scopes = view.elevatedScopes();
        if (!scopes.isEmpty()) {
            SessionInfo info = settings.deadlines.info(
                    saved.key(), saved.record(), saved.stored().expiresAt());
            scopes.forEach(scope -> events.add(listener -> listener.onElevated(info, scope)));
        }
    }

    private void changeId(Live live) {
        CommitOutcome outcome = idChanger.changeId(
                live.snapshot(), List.copyOf(view.attributes().log()));
        if (outcome instanceof CommitOutcome.IdChanged changed) {
            goOnUnderNewId(changed.created());
            SessionRecord old = changed.old().record();
            if (!Objects.equals(RememberSettings.browserKey(old), RememberSettings.browserKey(view.record()))) {
                rememberCommit().endLinkedSince(live.snapshot().record(), old, DestroyReason.REPLACED);
            }
        } else if (outcome instanceof CommitOutcome.Created created) {
            goOnUnderNewId(created);
        } else if (outcome == CommitOutcome.NotLive.SUPERSEDED) {
            view.setState(new Superseded(live.id(), live.key()));
            throw new SessionSupersededException();
        } else {
            view.setState(new Ended(live.id(), live.key()));
            throw new SessionEndedException();
        }
    }

    private void goOnUnderNewId(CommitOutcome.Created created) {
        goOnFrom(created.id(), created.snapshot());
        view.idChange().forget();
        response.give();
        noteWrite(Written.NEW_RECORD);
    }

    private void noteWrite(Written what) {
        client.notePartSaved();
        if (written != Written.NEW_RECORD) {
            written = what;
        }
    }
}
