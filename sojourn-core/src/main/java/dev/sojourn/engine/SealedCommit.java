package dev.sojourn.engine;

import dev.sojourn.SessionEndedException;
import dev.sojourn.SessionException;
import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.engine.CommitPlan.Intent;
import dev.sojourn.engine.SealedPlan.Need;
import dev.sojourn.engine.SealedPlan.Situation;
import dev.sojourn.engine.SealedPlan.Size;
import dev.sojourn.engine.SealedState.Condemned;
import dev.sojourn.engine.SealedState.Live;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionSettings;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what one request wants done with its sealed session apart from attributes and id (ends, touches), and carries it
 * out: {@link SealedPlan} decides, and the outcome leads to the next {@link SealedState}. Not thread-safe.
 *
 * <p>What is sealed is sealed before a session is ended for it, so that only the end itself can fail, and then everything is
 * as before.
 */
final class SealedCommit {
    private final SealedSettings settings;
    private final SealedClient client;
    private final SealedView view;
    private final EventBuffer events;

    private AccessKind access;
    private boolean touchRequested;
    private boolean destroyRequested;
    /** The tag of the user who signs in; null if there is none. */
    private @Nullable String tag;
    /** Whether an earlier commit of this request has changed something that stays. */
    private boolean partSaved;

    private boolean largeReported;

    SealedCommit(SealedSettings settings, SealedClient client, SealedView view, EventBuffer events) {
        this.settings = settings;
        this.client = client;
        this.view = view;
        this.events = events;
        this.access = settings.quiet.cover(client.exchange()) ? AccessKind.QUIET : AccessKind.USE;
    }

    // ---- what the request wants

    void touch() {
        touchRequested = true;
        access = AccessKind.USE;
    }

    /** Leaves the idle timeout as it is, whatever this request seals. */
    void quiet() {
        touchRequested = false;
        access = AccessKind.QUIET;
    }

    /** Notes the tag of the user who signs in. */
    void signIn(@Nullable String tagOfUser) {
        tag = tagOfUser;
    }

    /** Ends the session at the next commit, and those of all other texts of the client; it is absent at once. */
    void condemn(DestroyReason reason) {
        destroyRequested = true;
        SealedState now = view.state();
        view.forgetLastAccess();
        List<SealedRecord> came = client.liveSessions();
        if (now instanceof Live live) {
            // A session that this request has begun is another one than the client came with.
            boolean isOneOfThem = came.stream()
                    .anyMatch(each -> each.id().equals(live.session().id()));
            view.setState(new Condemned(isOneOfThem ? came : List.of(live.session()), now, reason));
        } else if (now == SealedState.None.INSTANCE && client.hasSomethingToRemove()) {
            view.setState(new Condemned(came, now, reason));
        }
        forgetChanges();
    }

    /** Forgets all changes that are not saved yet, a destroy too. */
    void discard() {
        if (view.state() instanceof Condemned condemned) {
            view.setState(condemned.before());
        }
        destroyRequested = false;
        view.forgetLastAccess();
        forgetChanges();
    }

    /** Forgets the changes that could not be saved, a destroy too. */
    void abandon() {
        if (view.state() instanceof Condemned) {
            view.setState(SealedState.None.INSTANCE);
        }
        destroyRequested = false;
        forgetChanges();
    }

    private void forgetChanges() {
        view.forgetChanges();
        touchRequested = false;
        tag = null;
    }

    /** Whether the next commit may set a header. */
    boolean isPending() {
        return view.state() instanceof Condemned
                || view.idChange().intent() != Intent.KEEP
                || touchRequested
                || view.attributes().hasChanges();
    }

    /** Whether the next commit ends a session, which may block. */
    boolean mayBlock() {
        boolean ends = view.state() instanceof Condemned || view.idChange().intent() != Intent.KEEP;
        return ends && settings.ended.mayBlock();
    }

    /** Returns a failure as this client sees it: marked if a part was saved before. */
    SessionException forClient(SessionException failure) {
        return partSaved && !failure.isPartlySaved() ? failure.toPartlySaved() : failure;
    }

    // ---- the commit

    /**
     * What is to be sealed.
     *
     * @param session the session
     * @param content its bytes
     * @param size the size of the cookie's name and value
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes handed over, never compared as a record
    private record Sealing(SealedRecord session, byte[] content, int size) {}

    /** Carries out what the request wants. A caller that catches what this throws calls {@link #abandon}. */
    void run() {
        try {
            view.attributes().noteChangesWithin();
            Set<Need> needs = needs();
            Intent intent = view.idChange().intent();
            boolean seals = intent != Intent.KEEP || needs.contains(Need.SAVE_CHANGES) || needs.contains(Need.TOUCH);
            boolean isRefused = view.state() instanceof SealedState.UnknownKey && intent != Intent.LOGIN;
            Sealing sealing = seals && !isRefused ? sealing() : null;
            Size size = sealing != null && sealing.size() > SealedSettings.LARGEST ? Size.TOO_LARGE : Size.FITS;
            SealedPlan plan = SealedPlan.of(new Situation(view.state(), intent, needs, size));
            if (sealing == null) {
                carryOut(plan);
            } else {
                carryOut(plan, sealing, needs);
            }
        } catch (SessionException e) {
            throw forClient(e);
        }
        touchRequested = false;
        destroyRequested = false;
    }

    private Set<Need> needs() {
        Set<Need> needs = EnumSet.noneOf(Need.class);
        if (view.attributes().hasChanges()) {
            needs.add(Need.SAVE_CHANGES);
        }
        if (destroyRequested) {
            needs.add(Need.DESTROY);
        }
        if (view.state() instanceof Live live && isTouchDue(live.session()) && client.isDeliverable()) {
            needs.add(Need.TOUCH);
        }
        return needs;
    }

    /** A session without a user is sent again only if it changed: fewer responses can overwrite the cookie of a login. */
    private boolean isTouchDue(SealedRecord session) {
        return touchRequested
                || (client.isContested() && !client.isAnswered())
                || (access == AccessKind.USE
                        && session.record().subject() != null
                        && settings.deadlines.touchDue(
                                session.expiresAt(), session.record(), settings.clock.instant()));
    }

    /** Returns the session as it is to be sealed now. */
    private SealedRecord next() {
        Instant now = settings.clock.instant();
        PendingIdChange idChange = view.idChange();
        List<AttributeChange> log = view.attributes().log();
        SealedRecord old = view.state().session();
        if (old == null || idChange.startsEmpty()) {
            SessionRecord record =
                    RecordDraft.apply(idChange.blankRecord(), old == null ? IdChanger.withoutRewrites(log) : log);
            return sealed(idChange.nextId(), tag, record, null, now);
        }
        if (idChange.intent() == Intent.LOGIN) {
            SessionRecord record = RecordDraft.apply(idChange.signIn(old.record()), log);
            return sealed(idChange.nextId(), tag, record, null, now);
        }
        Instant lastAccess = settings.deadlines.lastAccess(old.expiresAt(), old.record());
        Instant used = access == AccessKind.QUIET ? lastAccess : now;
        return sealed(old.id(), old.tag(), RecordDraft.apply(old.record(), log), lastAccess, used);
    }

    private SealedRecord sealed(
            String id, @Nullable String userTag, SessionRecord record, @Nullable Instant lastAccess, Instant used) {
        SessionRecord stamped = settings.deadlines.stamp(record, used);
        return new SealedRecord(id, settings.deadlines.expiry(stamped, lastAccess, used), userTag, stamped);
    }

    private Sealing sealing() {
        SealedRecord next = next();
        byte[] content = next.write();
        return new Sealing(next, content, client.size(content.length));
    }

    /** Carries out a plan that seals nothing. */
    private void carryOut(SealedPlan plan) {
        if (plan == SealedPlan.END) {
            end();
        } else if (plan == SealedPlan.REFUSE_UNKNOWN_KEY) {
            throw new SessionUnavailableException(
                    Reason.UNKNOWN_KEY,
                    "this node has no key for the client's sealed session, so nothing can be saved: give every node the"
                            + " same secrets",
                    null);
        }
    }

    private void carryOut(SealedPlan plan, Sealing sealing, Set<Need> needs) {
        switch (plan) {
            case SEAL -> {
                if (needs.contains(Need.SAVE_CHANGES)) {
                    client.checkDeliverable();
                }
                give(sealing, client.seal(sealing.content()));
            }
            case BEGIN, REPLACE, END_AND_BEGIN, END_AND_REPLACE -> sealUnderNewId(plan, sealing);
            case REFUSE_TOO_LARGE -> throw SealedSettings.tooLarge(sealing.session(), sealing.size());
            case NOTHING, END, REFUSE_UNKNOWN_KEY -> carryOut(plan);
        }
    }

    private void sealUnderNewId(SealedPlan plan, Sealing sealing) {
        client.checkDeliverable();
        String text = client.seal(sealing.content());
        Intent intent = view.idChange().intent();
        if (intent == Intent.LOGIN && settings.ended.isEnded(sealing.session(), ViewRefresh.AHEAD)) {
            // All sessions of the user were ended since the credentials were checked.
            throw new SessionEndedException();
        }
        if (plan == SealedPlan.END_AND_BEGIN) {
            end();
        }
        SealedRecord old = view.state().session();
        if (plan == SealedPlan.END_AND_REPLACE && old != null) {
            settings.ended.end(old.id(), settings.lastUse(old));
        }
        report(old, sealing.session(), intent);
        view.idChange().forget();
        tag = null;
        give(sealing, text);
    }

    private void report(@Nullable SealedRecord old, SealedRecord next, Intent intent) {
        SessionInfo info = view.info(next);
        if (old == null) {
            events.add(listener -> listener.onCreated(info));
        } else {
            SessionInfo former = view.info(old);
            if (view.idChange().startsEmpty()) {
                events.add(listener -> listener.onDestroyed(former, DestroyReason.REPLACED));
            }
            events.add(listener -> listener.onIdChanged(info, former.publicId()));
        }
        if (intent == Intent.LOGIN) {
            events.add(listener -> listener.onSignedIn(info));
        }
    }

    private void reportElevations(SealedRecord saved) {
        Set<String> scopes = view.elevatedScopes();
        if (!scopes.isEmpty()) {
            SessionInfo info = view.info(saved);
            scopes.forEach(scope -> events.add(listener -> listener.onElevated(info, scope)));
        }
    }

    private void give(Sealing sealing, String text) {
        SealedRecord session = sealing.session();
        reportElevations(session);
        view.goOnFrom(session);
        client.give(text, view.terms());
        partSaved = true;
        if (sealing.size() >= SealedSettings.LARGE && !largeReported) {
            largeReported = true;
            SessionInfo info = view.info(session);
            events.add(listener -> listener.onLargeCookie(info, sealing.size()));
        }
    }

    /** Ends the condemned sessions, then has the client's cookie removed. */
    private void end() {
        if (!(view.state() instanceof Condemned condemned)) {
            return;
        }
        SessionSettings sealedUnder = SessionSettings.AS_CONFIGURED;
        for (SealedRecord each : condemned.ending()) {
            settings.ended.end(each.id(), settings.lastUse(each));
            partSaved = true;
            sealedUnder = each.record().settings();
            SessionInfo info = view.info(each);
            events.add(listener -> listener.onDestroyed(info, condemned.reason()));
        }
        client.takeAway(sealedUnder);
        if (condemned.reason() == DestroyReason.DESTROYED) {
            client.clearSiteData();
        }
        view.setState(SealedState.None.INSTANCE);
    }
}
