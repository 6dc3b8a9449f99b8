package dev.sojourn.engine;

import dev.sojourn.CookieLifetime;
import dev.sojourn.DetachedSession;
import dev.sojourn.SessionCookie;
import dev.sojourn.SessionEndedException;
import dev.sojourn.SessionException;
import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.ConflictOutcome;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionSupersededException;
import dev.sojourn.SessionTooLargeException;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.SessionUndeliverableException;
import dev.sojourn.UnreadablePolicy;
import dev.sojourn.engine.CommitPlan.Intent;
import dev.sojourn.engine.CommitPlan.Need;
import dev.sojourn.engine.CommitPlan.Situation;
import dev.sojourn.engine.SessionState.Closed;
import dev.sojourn.engine.SessionState.Condemned;
import dev.sojourn.engine.SessionState.Ended;
import dev.sojourn.engine.SessionState.Live;
import dev.sojourn.engine.SessionState.None;
import dev.sojourn.engine.SessionState.Superseded;
import dev.sojourn.engine.SessionState.Untouched;
import dev.sojourn.engine.ValueCodec.UnreadableValueException;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.TokenFormat.VerifiedId;
import dev.sojourn.spi.TokenTransport.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One request's session: what the request knows about it ({@link SessionState}) and what it wants to change. The methods
 * follow the order of a request: load, read, change, commit, respond, close. {@link CommitPlan} decides what a commit does,
 * {@link SessionRecords} calls the store. The handler holds a {@link HandlerSession}. Not thread-safe.
 */
final class RequestSession {
    /** How far the request has come. Only advances. */
    private enum Phase {
        OPEN,
        /** The head is complete and may leave at any time. A framework that still holds it back can change it. */
        HEAD_COMPLETE,
        HEAD_GONE,
        CLOSED
    }

    /** What this request has written. */
    private enum Written {
        NOTHING,
        RECORD,
        /** Including a record under a new id. */
        NEW_RECORD
    }

    private final EngineSettings settings;
    private final SessionRecords records;
    private final SessionLoader loader;
    private final EventBuffer events;
    private final ClientToken client;
    private final RequestLease lease;
    private final Attributes attributes;
    private final PendingIdChange idChange;
    private final IdChanger idChanger;
    private final TokenResponse response = new TokenResponse();
    /** Creates a session that outlives this request, for an id and a check before each of its calls. */
    private final BiFunction<String, Runnable, DetachedSession> detacher;

    private SessionState state = Untouched.INSTANCE;
    private Phase phase = Phase.OPEN;
    private Written written = Written.NOTHING;

    /** When the client used this session before this request; fixed at the first use, null until then. */
    private @Nullable Instant lastAccess;
    /** The live sessions of all tokens, where the client sent several and the handler destroyed the session. */
    private List<RecordSnapshot> condemnedRivals = List.of();

    private boolean touchRequested;
    /** Whether a destroy was requested that no commit has carried out. */
    private boolean destroyRequested;
    /** Whether the handler destroyed the session: then no empty one replaces it. */
    private boolean destroyedByHandler;

    private Runnable beforeBlocking = () -> {};
    private Runnable beforeUse = () -> {};

    RequestSession(
            EngineSettings settings,
            SessionRecords records,
            SessionLoader loader,
            RequestLease lease,
            EventBuffer events,
            ClientToken client,
            BiFunction<String, Runnable, DetachedSession> detacher) {
        this.settings = settings;
        this.records = records;
        this.loader = loader;
        this.lease = lease;
        this.events = events;
        this.client = client;
        this.detacher = detacher;
        this.attributes = new Attributes(settings.values, settings.maxSessionBytes, settings.maxAttributes);
        this.idChange = new PendingIdChange(settings.clock, settings.ids);
        this.idChanger = new IdChanger(settings, records, lease, events, idChange);
    }

    /** Sets a check of the calling thread, run before each call that may use the store. */
    void beforeBlocking(Runnable check) {
        beforeBlocking = check;
    }

    /** Sets a check of whether this session may be used now, run before each call. */
    void beforeUse(Runnable check) {
        beforeUse = check;
    }

    // ---- 1. load

    boolean isUntouched() {
        return state instanceof Untouched;
    }

    /** Loads the session of the client's token, at the first use. */
    void load() {
        if (isFirstUse()) {
            load(SessionLoader.Mode.FOR_HANDLER);
        }
    }

    private boolean isFirstUse() {
        if (phase == Phase.CLOSED) {
            throw new IllegalStateException("this session's request has ended; a session belongs to one request");
        }
        beforeUse.run();
        return isUntouched();
    }

    /**
     * Checks whether the idle timeout is to be extended, although no handler has used the session. Takes no lease that
     * other requests would have to wait for, and ignores a store that does not respond.
     */
    void countAccess(AccessCache accesses) {
        VerifiedId presented = client.verifiedToken();
        if (presented == null
                || !accesses.claim(
                        settings.recordFormat.keyOf(presented.id()),
                        settings.clock.instant().toEpochMilli())) {
            return;
        }
        try {
            if (isFirstUse()) {
                load(SessionLoader.Mode.READ_ONLY);
            }
        } catch (SessionUnavailableException e) {
            // The listener is notified; the client has not asked for anything that is kept there.
        }
    }

    /** Notes that other requests need not check this session for a while. */
    void noteAccess(AccessCache accesses) {
        RecordSnapshot snapshot = state.snapshot();
        if (snapshot != null) {
            accesses.note(snapshot, settings.clock.instant().toEpochMilli());
        }
    }

    private void load(SessionLoader.Mode mode) {
        beforeBlocking.run();
        state = loader.load(mode, lease, client, response, events);
        RecordSnapshot snapshot = state.snapshot();
        if (snapshot != null) {
            attributes.start(snapshot.record().attributes());
        }
    }

    // ---- 2. read

    /** Returns the attributes, to be read. */
    Attributes attributes() {
        load();
        return attributes;
    }

    boolean isLive() {
        load();
        return state instanceof Live;
    }

    boolean isSuperseded() {
        return state instanceof Superseded;
    }

    /** Returns the session as it was loaded or saved last; null if there is none. */
    @Nullable
    RecordSnapshot snapshot() {
        load();
        return state.snapshot();
    }

    @Nullable
    String subject() {
        load();
        if (idChange.decidesSubject()) {
            return idChange.subject();
        }
        RecordSnapshot snapshot = state.snapshot();
        return snapshot == null ? null : snapshot.record().subject();
    }

    String publicId() {
        load();
        String known = state.isAbsent() || idChange.hasNextId() ? null : state.id();
        return SessionIds.publicId(settings.recordFormat.keyOf(known != null ? known : idChange.nextId()));
    }

    /** Whether this is the session stored under a key, or will be once its new id is committed. */
    boolean isStoredUnder(StoreKey key) {
        load();
        RecordSnapshot snapshot = state.snapshot();
        return (snapshot != null && snapshot.key().equals(key))
                || (idChange.hasNextId()
                        && settings.recordFormat.keyOf(idChange.nextId()).equals(key));
    }

    /** Returns when this session began, as it is stored or will be. */
    Instant createdAt() {
        load();
        RecordSnapshot snapshot = state.snapshot();
        return snapshot == null || idChange.decidesSubject()
                ? idChange.beginsAt()
                : snapshot.record().createdAt();
    }

    /** Returns the same whatever this request writes. */
    Instant lastAccess() {
        load();
        return fixLastAccess();
    }

    private Instant fixLastAccess() {
        if (lastAccess == null) {
            RecordSnapshot snapshot = state.snapshot();
            lastAccess = snapshot == null
                    ? idChange.beginsAt()
                    : settings.deadlines.lastAccess(snapshot, settings.clock.instant());
        }
        return lastAccess;
    }

    Instant expiresAt() {
        load();
        RecordSnapshot snapshot = state.snapshot();
        if (snapshot != null) {
            return settings.deadlines.end(snapshot.stored().expiresAt(), snapshot.record());
        }
        Instant now = settings.clock.instant();
        SessionRecord blank = SessionRecord.live(now, null).withSettings(pendingSettings());
        return settings.deadlines.end(settings.deadlines.expiry(blank, null, now), blank);
    }

    /** Returns the settings as they will be once this request's changes are saved. */
    SessionSettings pendingSettings() {
        load();
        RecordSnapshot snapshot = state.snapshot();
        SessionSettings pending = snapshot == null || idChange.startsEmpty()
                ? SessionSettings.AS_CONFIGURED
                : snapshot.record().settings();
        for (AttributeChange change : attributes.log()) {
            if (change instanceof AttributeChange.Configure configure) {
                pending = configure.change().apply(pending);
            }
        }
        return pending;
    }

    SessionCookie cookie() {
        load();
        return new CookieOverrides(settings, this::pendingSettings, change -> {
            SessionSettings before = pendingSettings();
            attributesToChange().configure(new AttributeChange.Configure(change));
            if (!pendingSettings().equals(before)) {
                response.noteSettingsChange();
            }
        });
    }

    SessionInfo info() {
        RecordSnapshot snapshot = state.snapshot();
        SessionRecord record =
                snapshot == null ? SessionRecord.live(settings.clock.instant(), null) : snapshot.record();
        return new SessionInfo(publicId(), record.subject(), record.createdAt(), expiresAt());
    }

    DetachedSession detached() {
        load();
        if (!(state instanceof Live live) || idChange.intent() != Intent.KEEP) {
            throw new IllegalStateException("this session has no record in the store yet, or is to get another id:"
                    + " save() it before it is detached from its request");
        }
        return detacher.apply(live.id(), beforeBlocking);
    }

    // ---- 3. change

    /** Returns the attributes, to be changed. After the head that needs a record that the client can come back to. */
    Attributes attributesToChange() {
        load();
        if (isHeadGone() && state.isAbsent()) {
            throw new IllegalStateException(
                    "the response's head has left without a session token, so a new session could"
                            + " never be found again: use the session before writing the response");
        }
        return attributes;
    }

    /** Applies a change to what is stored, before it returns. */
    <T> @Nullable T update(String name, AttributeChange.Update<T> update) {
        beforeBlocking.run();
        attributesToChange();
        refuseIfNotLive();
        try {
            attributes.update(update, name);
        } catch (SessionTooLargeException e) {
            throw client.forClient(e);
        }
        try {
            save();
        } catch (UnreadableValueException e) {
            noteUnreadable(name, e);
            throw client.forClient(new SessionEndedException());
        } catch (RuntimeException | Error e) {
            // Never replayed: it may have landed, or its function failed and would fail again.
            attributes.forget(update);
            throw e;
        }
        return update.result();
    }

    /** Reports an attribute that cannot be read as what the handler wants. */
    void noteUnreadable(String name, UnreadableValueException problem) {
        events.unreadable(publicId(), name, problem, settings.whenUnreadable);
        if (settings.whenUnreadable == UnreadablePolicy.END_SESSION) {
            condemn(DestroyReason.UNREADABLE);
        }
    }

    void touch() {
        load();
        touchRequested = true;
    }

    /** Returns the pending change of the id, to be extended. */
    PendingIdChange idChange() {
        load();
        if (isHeadGone()) {
            throw new IllegalStateException("the response's head has left, so the client cannot be given a new id:"
                    + " call this before writing the response");
        }
        return idChange;
    }

    /** Begins a session even if no attribute is set. */
    void begin() {
        load();
        if (state.isAbsent() && idChange.intent() == Intent.KEEP) {
            idChange().regenerate();
            // Fixed here, so that listeners and handler see the beginning that is stored, however long the request
            // takes.
            idChange.beginsAt();
        }
    }

    void changeId() {
        load();
        refuseIfNotLive();
        idChange().changeId();
    }

    /** Gives the session a new id and a new beginning, with nothing in it. */
    void regenerate() {
        idChange().regenerate();
        beginAnew();
        attributes.start(JsonMembers.EMPTY);
    }

    /** Signs a user in: a new id, a new beginning, and an empty session if it was another user's. */
    void login(String subject) {
        PendingIdChange change = idChange();
        String present = subject();
        if (present != null && !present.equals(subject)) {
            // What one person left in the session is not another's to see.
            regenerate();
        } else if (state instanceof Live) {
            beginAnew();
        }
        attributes.noteChangesWithin();
        change.login(subject, attributes.log().size());
        String attribute = settings.subjectAttribute;
        if (attribute != null && subject.equals(present)) {
            attributes.setAsItIs(attribute);
        } else if (attribute != null) {
            attributes.set(attribute, settings.recordFormat.subjectValue(subject));
        }
    }

    /** A login gives this session a new beginning, and a last access that is not before it. */
    private void beginAnew() {
        idChange().beginAnew();
        lastAccess = idChange.beginsAt();
    }

    void destroy() {
        load();
        destroyedByHandler = true;
        condemnedRivals = client.rivals();
        condemn(DestroyReason.DESTROYED);
    }

    private void condemn(DestroyReason reason) {
        destroyRequested = true;
        lastAccess = null;
        if (state instanceof Live live) {
            state = new Condemned(live, reason);
        }
        forgetChanges();
    }

    private void forgetChanges() {
        RecordSnapshot snapshot = state.snapshot();
        attributes.start(
                snapshot == null ? JsonMembers.EMPTY : snapshot.record().attributes());
        idChange.forget();
        touchRequested = false;
        response.forgetSettingsChange();
    }

    /** Forgets all changes that are not saved yet, a destroy too. */
    void discard() {
        load();
        if (state instanceof Condemned condemned) {
            state = condemned.session();
        }
        condemnedRivals = List.of();
        destroyRequested = false;
        destroyedByHandler = false;
        lastAccess = null;
        forgetChanges();
    }

    /** Throws if the session has ended or moved on, unless a fresh one replaces it. */
    private void refuseIfNotLive() {
        Intent intent = idChange.intent();
        if (state instanceof Ended && intent != Intent.LOGIN && intent != Intent.REGENERATE) {
            throw client.forClient(new SessionEndedException());
        }
        if (state instanceof Superseded && intent != Intent.LOGIN) {
            throw client.forClient(new SessionSupersededException());
        }
    }

    /** Discards the changes and reads the session from the store. */
    void reload() {
        beforeBlocking.run();
        load();
        discard();
        if (!(state instanceof Live live)) {
            refuseIfNotLive();
            return;
        }
        try {
            resume(live.id(), records.load(live.snapshot().key(), events));
        } catch (SessionException e) {
            throw client.forClient(e);
        }
    }

    /** Goes on from what is stored now; throws if that is no live session. */
    private void resume(String id, StoredState found) {
        if (found instanceof StoredState.Live live) {
            state = new Live(id, live.snapshot());
            attributes.start(live.snapshot().record().attributes());
            return;
        }
        state = found instanceof StoredState.Retired ? new Superseded(id) : new Ended(id);
        attributes.start(JsonMembers.EMPTY);
        refuseIfNotLive();
    }

    /** Waits until no other request holds the session, and takes its lease. */
    void exclusive() {
        if (!settings.recordFormat.canLease()) {
            throw new IllegalStateException("this record format has no room for a lease: no session can be exclusive");
        }
        if (isHeadGone()) {
            throw new IllegalStateException("the response's head has left: ask for the session before writing it");
        }
        if (lease.isHeld()) {
            return;
        }
        beforeBlocking.run();
        lease.want();
        if (isUntouched()) {
            load();
        } else if (state instanceof Live live) {
            takeLease(live);
        }
    }

    /** Takes the lease of a session that was loaded without one; reads it again. */
    private void takeLease(Live live) {
        attributes.noteChangesWithin();
        if (attributes.hasChanges() || idChange.intent() != Intent.KEEP) {
            throw new IllegalStateException(
                    "this session was changed before it was asked for exclusively: call exclusive() first");
        }
        try {
            resume(live.id(), lease.take(live.snapshot().key()));
        } catch (SessionException e) {
            throw client.forClient(e);
        }
    }

    // ---- 4. commit

    void save() {
        beforeBlocking.run();
        load();
        refuseIfNotLive();
        commit(CommitPoint.OTHER);
        refuseIfNotLive();
    }

    /**
     * Writes this request's changes to the store, and at the head releases the lease. A caller that catches what this throws
     * calls {@link #abandon}.
     */
    void commit(CommitPoint point) {
        try {
            attributes.noteChangesWithin();
            endCondemned();
            carryOut(plan(point), point);
        } catch (SessionException e) {
            throw client.forClient(e);
        }
        if (point == CommitPoint.HEAD) {
            RecordSnapshot released = lease.release(state.snapshot());
            if (released != null) {
                goOnUnchanged(released, point);
            }
        }
    }

    private CommitPlan plan(CommitPoint point) {
        Set<Need> needs = EnumSet.noneOf(Need.class);
        if (attributes.hasChanges()) {
            needs.add(Need.SAVE_CHANGES);
        }
        if (destroyRequested) {
            needs.add(Need.DESTROY);
        }
        if (point == CommitPoint.HEAD) {
            addNeedsAtHead(needs);
        }
        return CommitPlan.of(new Situation(state, idChange.intent(), needs));
    }

    private void addNeedsAtHead(Set<Need> needs) {
        if (isTouchDue()) {
            needs.add(Need.TOUCH);
        }
        if (settings.saveUninitialized && mayBeginUnasked()) {
            needs.add(Need.SAVE_UNINITIALIZED);
        }
        if (settings.resave && written == Written.NOTHING) {
            needs.add(Need.RESAVE);
        }
    }

    private boolean isTouchDue() {
        return state instanceof Live live
                && (touchRequested
                        || settings.rolling
                        || response.isRepeatDue()
                        || settings.deadlines.touchDue(
                                live.snapshot().stored(), live.snapshot().record(), settings.clock.instant()));
    }

    /** No handler asked for this session, so it is no error if the client could not be given one. */
    private boolean mayBeginUnasked() {
        return state.isAbsent() && !destroyedByHandler && client.isDeliverable();
    }

    private void carryOut(CommitPlan plan, CommitPoint point) {
        switch (plan) {
            case NOTHING -> {}
            case TOUCH -> {
                if (!lease.isHeld()) {
                    goOnUnchanged(records.touch(live().snapshot(), events), point);
                }
            }
            case RESAVE -> {
                if (!lease.isHeld()) {
                    goOnUnchanged(records.resave(live().snapshot(), events), point);
                }
            }
            case REPLACE -> replace(live(), point);
            case CREATE -> {
                checkDeliverable();
                goOnUnderNewId(idChanger.create(attributes.log()));
            }
            case CHANGE_ID -> {
                checkDeliverable();
                storeUnderNewId(live());
            }
            case DROP -> drop(Objects.requireNonNull(state.id(), "an ended session has an id"));
            case REFUSE_SUPERSEDED -> throw new SessionSupersededException();
            case REFUSE_ENDED -> throw new SessionEndedException();
            case REFUSE_UNAVAILABLE ->
                throw new SessionUnavailableException(
                        Reason.STORE_UNAVAILABLE, "the session store could not be read, so nothing can be saved", null);
        }
    }

    private Live live() {
        if (state instanceof Live live) {
            return live;
        }
        throw new IllegalStateException("a commit needs a live session, not " + state + "; this is a bug in Sojourn");
    }

    /** Nothing is stored that the client could not come back to. */
    private void checkDeliverable() {
        if (isHeadGone()) {
            throw new SessionUndeliverableException(
                    "the response ended without a head that could have carried the new session's token");
        }
        client.checkDeliverable();
    }

    private void endCondemned() {
        RecordSnapshot ending = null;
        DestroyReason reason = DestroyReason.DESTROYED;
        if (state instanceof Condemned condemned) {
            ending = condemned.session().snapshot();
            reason = condemned.reason();
            if (!end(ending, reason)) {
                response.cancelGive();
            }
            state = new None(condemned.id());
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
        boolean ended = records.end(ending, events);
        if (ended) {
            client.notePartSaved();
            events.add(listener -> listener.onDestroyed(info, reason));
            response.takeAway(ending.record().settings());
        }
        return ended;
    }

    /** Goes on from a record that was written without a change; with null, from what was loaded. */
    private void goOnUnchanged(@Nullable RecordSnapshot touched, CommitPoint point) {
        touchRequested = false;
        if (touched == null) {
            response.cancelRepeat();
            return;
        }
        fixLastAccess();
        state = new Live(live().id(), touched);
        repeatTokenIfWanted(point);
    }

    private void repeatTokenIfWanted(CommitPoint writtenAt) {
        if (settings.rolling || !cookie().lifetime().isBrowserSession()) {
            response.repeat();
        }
        response.noteWrite(writtenAt);
    }

    private void replace(Live live, CommitPoint point) {
        CommitOutcome outcome = lease.save(new Commit(live.snapshot(), attributes.log()), point);
        if (outcome instanceof CommitOutcome.Saved saved) {
            reportConflict(saved.overwritten(), ConflictOutcome.REPLACED_ANOTHER);
            goOnFrom(live.id(), saved.snapshot());
            noteWrite(Written.RECORD);
            repeatTokenIfWanted(point);
        } else if (outcome instanceof CommitOutcome.Unchanged unchanged) {
            reportConflict(unchanged.overwritten(), ConflictOutcome.REPLACED_ANOTHER);
            goOnFrom(live.id(), unchanged.snapshot());
            repeatTokenIfWanted(CommitPoint.OTHER);
        } else if (outcome == CommitOutcome.Lost.SUPERSEDED) {
            state = new Superseded(live.id());
            throw new SessionSupersededException();
        } else {
            drop(live.id());
        }
    }

    /** Drops the changes of a session that another request has ended: they happened before that, and end with it. */
    private void drop(String id) {
        reportConflict(attributes.changedNames(), ConflictOutcome.DROPPED);
        state = new Ended(id);
        attributes.start(JsonMembers.EMPTY);
    }

    private void reportConflict(Set<String> names, ConflictOutcome outcome) {
        if (!names.isEmpty()) {
            SessionInfo info = info();
            Set<String> concerned = Set.copyOf(names);
            events.add(listener -> listener.onConflictLost(info, concerned, outcome));
        }
    }

    private void goOnFrom(String id, RecordSnapshot saved) {
        fixLastAccess();
        state = new Live(id, saved);
        attributes.continueFrom(saved.record().attributes());
        touchRequested = false;
    }

    private void storeUnderNewId(Live live) {
        CommitOutcome outcome = idChanger.changeId(live.snapshot(), List.copyOf(attributes.log()));
        if (outcome instanceof CommitOutcome.Created created) {
            goOnUnderNewId(created);
        } else if (outcome == CommitOutcome.Lost.SUPERSEDED) {
            state = new Superseded(live.id());
            throw new SessionSupersededException();
        } else {
            state = new Ended(live.id());
            throw new SessionEndedException();
        }
    }

    private void goOnUnderNewId(CommitOutcome.Created created) {
        goOnFrom(created.id(), created.snapshot());
        idChange.forget();
        response.give();
        noteWrite(Written.NEW_RECORD);
    }

    private void noteWrite(Written what) {
        client.notePartSaved();
        if (written != Written.NEW_RECORD) {
            written = what;
        }
    }

    /** Forgets the changes that could not be saved, a destroy too, and releases the lease. */
    void abandon() {
        Condemned condemned = state instanceof Condemned its ? its : null;
        RecordSnapshot released =
                lease.release(condemned != null ? condemned.session().snapshot() : state.snapshot());
        if (condemned != null) {
            state = new None(condemned.id());
        } else if (released != null && state instanceof Live live) {
            state = new Live(live.id(), released);
        }
        condemnedRivals = List.of();
        destroyRequested = false;
        forgetChanges();
    }

    // ---- 5. respond

    /** Whether the client is to receive a token that no commit has issued yet. */
    boolean owesToken() {
        return state instanceof Condemned
                || !condemnedRivals.isEmpty()
                || idChange.intent() != Intent.KEEP
                || (state.isAbsent() && attributes.hasChanges());
    }

    /** Returns what the response's head does with the token; called after the commit. */
    TokenResponse.Kind tokenResponse() {
        return response.kind();
    }

    String idToGive() {
        return Objects.requireNonNull(state.id(), "a session with a token has an id");
    }

    /** Returns how long the client keeps the token, and by which rule it sends it. */
    Terms terms() {
        CookieLifetime lifetime = cookie().lifetime();
        Duration maxAge = null;
        if (lifetime.isSession()) {
            Duration left = Duration.between(settings.clock.instant(), expiresAt());
            maxAge = left.compareTo(CookieLifetime.LONGEST) > 0 ? CookieLifetime.LONGEST : left;
        } else if (!lifetime.isBrowserSession()) {
            maxAge = lifetime.maxAge();
        }
        return new Terms(maxAge, pendingSettings().sameSite());
    }

    /** Returns the terms of the token that is taken away. */
    Terms termsOfTakenToken() {
        return new Terms(null, response.takenSettings().sameSite());
    }

    /** Notes that the head is complete. While a framework holds it back it can still be changed. */
    void completeHead() {
        advance(Phase.HEAD_COMPLETE);
    }

    void releaseHead() {
        advance(Phase.HEAD_GONE);
    }

    private void advance(Phase next) {
        if (phase.compareTo(next) < 0) {
            phase = next;
        }
    }

    private boolean isHeadGone() {
        return phase.compareTo(Phase.HEAD_GONE) >= 0 || (phase == Phase.HEAD_COMPLETE && client.headHasLeft());
    }

    /** Returns a failure as this client sees it. */
    SessionException forClient(SessionException failure) {
        return client.forClient(failure);
    }

    // ---- 6. close

    boolean hasStoredNewRecord() {
        return written == Written.NEW_RECORD;
    }

    /** Returns the token that this request goes on with in another scope; null for the one that it came with. */
    @Nullable
    VerifiedId nextToken() {
        String id = state.id();
        if (id == null) {
            return null;
        }
        VerifiedId presented = client.verifiedToken();
        return presented != null && presented.id().equals(id) ? null : new VerifiedId(id, false);
    }

    void close() {
        lease.end(state.snapshot());
        phase = Phase.CLOSED;
        attributes.start(JsonMembers.EMPTY);
        if (!isUntouched()) {
            state = new Closed(state.id());
        }
    }
}
