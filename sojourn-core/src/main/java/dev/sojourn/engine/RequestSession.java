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
import dev.sojourn.WhenStoreUnavailable;
import dev.sojourn.WhenUnreadable;
import dev.sojourn.engine.CommitPlan.Intent;
import dev.sojourn.engine.CommitPlan.Situation;
import dev.sojourn.engine.CommitPlan.Standing;
import dev.sojourn.engine.TokenLookup.Candidate;
import dev.sojourn.engine.ValueCodec.UnreadableValueException;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.TokenFormat.Verified;
import dev.sojourn.spi.TokenTransport.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request's session: what it loaded, what it asked for, and what became of that. Decides nothing about the store
 * ({@link CommitPlan} does) and calls nothing of it ({@link SessionRecords} does). What the handler holds is a {@link HandlerSession}.
 */
final class RequestSession {
    private final EngineSettings settings;
    private final SessionRecords vault;
    private final EventBuffer events;
    private final ClientToken client;
    private final Attributes attributes;

    private Standing standing = Standing.UNTOUCHED;
    private final PendingIdChange newId;
    private final IdChanger newRecords;
    /** What was loaded or saved last, while the standing is live. */
    private @Nullable RecordSnapshot base;
    /** The live sessions of all tokens, where the client came with several. */
    private List<RecordSnapshot> rivals = List.of();
    /** A session to end at the next save, because the handler destroyed it. */
    private @Nullable RecordSnapshot condemned;

    /** All that the client came with, where it came with several: a logout ends what can be ended. */
    private List<RecordSnapshot> condemnedRivals = List.of();

    private DestroyReason condemnedFor = DestroyReason.DESTROYED;
    /** The id that {@link #base} is stored under. */
    private @Nullable String id;

    /** When the client used this session before this request; fixed at the first use, null until then. */
    private @Nullable Instant lastAccess;

    private boolean destroying;
    /** Whether the handler destroyed the session: then no empty one is begun in its place. */
    private boolean over;

    private boolean touchAsked;
    private boolean headSaid;
    private boolean headGone;
    private boolean closed;
    private boolean stored;
    /** Whether this request has written the record, so that there is nothing to save again. */
    private boolean saved;
    /** Makes what outlives this request, for an id and a check before each of its calls. */
    private final BiFunction<String, Runnable, DetachedSession> beyond;

    private Runnable beforeBlocking = () -> {};
    private Runnable beforeUse = () -> {};
    private final TokenResponse answer = new TokenResponse();
    private final RequestLease turn;

    RequestSession(
            EngineSettings settings,
            SessionRecords vault,
            RequestLease turn,
            EventBuffer events,
            ClientToken client,
            BiFunction<String, Runnable, DetachedSession> beyond) {
        this.beyond = beyond;
        this.settings = settings;
        this.vault = vault;
        this.turn = turn;
        this.events = events;
        this.client = client;
        this.attributes = new Attributes(settings.values, settings.maxSessionBytes, settings.maxAttributes);
        this.newId = new PendingIdChange(vault);
        this.newRecords = new IdChanger(settings, vault, turn, events, newId);
    }

    // ---- loading

    boolean isUntouched() {
        return standing == Standing.UNTOUCHED;
    }

    /** Finds out what the token stands for, at the first use. */
    void load() {
        if (isFirstUse()) {
            find(key -> turn.load(key, client));
        }
    }

    private boolean isFirstUse() {
        if (closed) {
            throw new IllegalStateException("this session's request has ended; a session belongs to one request");
        }
        beforeUse.run();
        return standing == Standing.UNTOUCHED;
    }

    /**
     * Looks whether the idle timeout is to be restarted, though no handler has asked for the session: it takes no turn that
     * others would have to wait for, and no harm if the store does not answer.
     */
    void countAccess(AccessCache accesses) {
        Verified presented = client.verified();
        if (presented == null
                || !accesses.claim(vault.keyOf(presented.id()), vault.now().toEpochMilli())) {
            return;
        }
        try {
            if (isFirstUse()) {
                find(key -> vault.load(key, events));
            }
        } catch (SessionUnavailableException e) {
            // The listener knows; the client has not asked for anything that is kept there.
        }
    }

    /** Others need not look for a while. */
    void noteAccess(AccessCache accesses) {
        if (standing == Standing.LIVE && base != null) {
            accesses.note(base, vault.now().toEpochMilli());
        }
    }

    private void find(Function<StoreKey, StoredState> load) {
        beforeBlocking.run();
        try {
            chooseAmongRivals();
            Verified presented = client.verified();
            if (presented == null) {
                standing = Standing.NONE;
                return;
            }
            StoreKey key = vault.keyOf(presented.id());
            meet(presented, key, load.apply(key));
        } catch (SessionUnavailableException e) {
            boolean readAsAnonymous = settings.whenStoreUnavailable == WhenStoreUnavailable.READ_AS_ANONYMOUS;
            if (!readAsAnonymous || e.reason() != Reason.STORE_UNAVAILABLE) {
                throw client.truthful(e);
            }
            standing = Standing.AWAY;
        }
    }

    /** Several valid tokens are looked at in the store: none may be believed just because it is valid. */
    private void chooseAmongRivals() {
        List<Candidate> candidates = client.candidates();
        if (!candidates.isEmpty()) {
            TokenRivals met = TokenRivals.look(candidates, vault, events);
            rivals = met.live();
            met.theOne().ifPresentOrElse(client::settleOn, client::settleOnNone);
            if (met.areWorthless()) {
                answer.takeAway(SessionSettings.AS_CONFIGURED);
            }
        }
        if (client.isAmbiguous()) {
            answer.untangle();
        }
    }

    private void meet(Verified presented, StoreKey key, StoredState found) {
        standing = Standing.NONE;
        if (found instanceof StoredState.Live live) {
            standing = Standing.LIVE;
            id = presented.id();
            if (presented.outdated()) {
                answer.repeat();
            }
            start(live.snapshot());
        } else if (found instanceof StoredState.Retired retired) {
            standing = Standing.SUPERSEDED;
            id = presented.id();
            SessionInfo info = settings.deadlines.info(
                    key, retired.record(), retired.stored().expiresAt());
            events.add(heard -> heard.onSuperseded(info));
        } else if (found instanceof StoredState.Expired expired) {
            answer.takeAway(expired.record().settings());
        } else if (found instanceof StoredState.Unreadable unreadable && unreadable.removed()) {
            answer.takeAway(SessionSettings.AS_CONFIGURED);
        }
    }

    private void start(RecordSnapshot snapshot) {
        base = snapshot;
        attributes.start(snapshot.record().attributes());
    }

    // ---- before what a handler asks for

    /** The attributes, to be read. */
    Attributes attributes() {
        load();
        return attributes;
    }

    /** The attributes, to be changed. After the head that needs a record that the client can come back to. */
    Attributes attributesToChange() {
        load();
        if (isHeadGone() && standing == Standing.NONE) {
            throw new IllegalStateException(
                    "the response's head has left without a session token, so a new session could"
                            + " never be found again: use the session before writing the response");
        }
        return attributes;
    }

    /** What is asked of the id, to be asked for more. */
    PendingIdChange newId() {
        load();
        if (isHeadGone()) {
            throw new IllegalStateException("the response's head has left, so the client cannot be given a new id:"
                    + " call this before writing the response");
        }
        return newId;
    }

    void refuseIfEnded() {
        if (standing == Standing.ENDED && newId.intent() != Intent.LOGIN && newId.intent() != Intent.REGENERATE) {
            throw client.truthful(new SessionEndedException());
        }
        if (standing == Standing.SUPERSEDED && newId.intent() != Intent.LOGIN) {
            throw client.truthful(new SessionSupersededException());
        }
    }

    /** An attribute cannot be read as what the handler wants. */
    void unreadable(String name, UnreadableValueException problem) {
        events.unreadable(handle(), name, problem, settings.whenUnreadable);
        if (settings.whenUnreadable == WhenUnreadable.END_SESSION) {
            condemn(DestroyReason.UNREADABLE);
        }
    }

    /** The session as it was loaded or saved last; null if there is none. */
    @Nullable
    RecordSnapshot loaded() {
        load();
        return base;
    }

    boolean isLive() {
        load();
        return standing == Standing.LIVE;
    }

    @Nullable
    String subject() {
        load();
        if (newId.decidesSubject()) {
            return newId.subject();
        }
        return base == null ? null : base.record().subject();
    }

    /** When this session began, as it is stored or is to be. */
    Instant createdAt() {
        load();
        return base == null || newId.decidesSubject()
                ? newId.begun()
                : base.record().createdAt();
    }

    /** Returns the same whatever this request writes. */
    Instant lastAccess() {
        load();
        return fixedLastAccess();
    }

    private Instant fixedLastAccess() {
        if (lastAccess == null) {
            lastAccess = base == null ? newId.begun() : settings.deadlines.lastAccess(base, vault.now());
        }
        return lastAccess;
    }

    Instant expiresAt() {
        load();
        return expiresAt(base);
    }

    private Instant expiresAt(@Nullable RecordSnapshot snapshot) {
        if (snapshot != null) {
            return settings.deadlines.end(snapshot.stored().expiresAt(), snapshot.record());
        }
        Instant now = vault.now();
        SessionRecord blank = SessionRecord.live(now, null).withSettings(wished());
        return settings.deadlines.end(settings.deadlines.expiry(blank, null, now), blank);
    }

    /** The settings as they will be once this request's changes are saved. */
    SessionSettings wished() {
        load();
        SessionSettings now = base == null || newId.startsEmpty()
                ? SessionSettings.AS_CONFIGURED
                : base.record().settings();
        for (AttributeChange change : attributes.log()) {
            if (change instanceof AttributeChange.Configure configure) {
                now = configure.change().apply(now);
            }
        }
        return now;
    }

    SessionCookie cookie() {
        load();
        return new CookieOverrides(settings, this::wished, change -> {
            SessionSettings before = wished();
            attributesToChange().configure(new AttributeChange.Configure(change));
            if (!wished().equals(before)) {
                answer.settingsChanged();
            }
        });
    }

    String handle() {
        load();
        boolean keepsIts = standing != Standing.NONE && !newId.isDrawn();
        String known = keepsIts && id != null ? id : newId.draw();
        return SessionIds.handle(vault.keyOf(known));
    }

    DetachedSession detached() {
        load();
        if (standing != Standing.LIVE || id == null || newId.intent() != Intent.KEEP) {
            throw new IllegalStateException("this session has no record in the store yet, or is to get another id:"
                    + " save() it before it is detached from its request");
        }
        return beyond.apply(id, beforeBlocking);
    }

    // ---- what a handler asks for

    void touch() {
        load();
        touchAsked = true;
    }

    /** Asks for a session even if nothing is put in it. */
    void begin() {
        load();
        if (standing == Standing.NONE && newId.intent() == Intent.KEEP) {
            newId().regenerate();
            // What listeners and the handler are told of its beginning is stored, however long the request takes.
            newId.begun();
        }
    }

    /** A login gives this session a new beginning, and a last access that is not before it. */
    void beginAnew() {
        newId().beginAnew();
        lastAccess = newId.begun();
    }

    /** The session begins anew, with nothing in it. */
    void regenerate() {
        newId().regenerate();
        beginAnew();
        attributes.start(JsonMembers.EMPTY);
    }

    void destroy() {
        load();
        over = true;
        condemnedRivals = rivals;
        condemn(DestroyReason.DESTROYED);
    }

    private void condemn(DestroyReason reason) {
        destroying = true;
        lastAccess = null;
        if (standing == Standing.LIVE && base != null) {
            RecordSnapshot ended = base;
            condemned = ended;
            condemnedFor = reason;
            base = null;
            standing = Standing.NONE;
        }
        forgetWishes();
    }

    private void forgetWishes() {
        attributes.start(base == null ? JsonMembers.EMPTY : base.record().attributes());
        newId.forget();
        touchAsked = false;
        answer.forgetSettings();
    }

    void discard() {
        load();
        if (condemned != null) {
            base = condemned;
            condemned = null;
            standing = Standing.LIVE;
        }
        condemnedRivals = List.of();
        destroying = false;
        over = false;
        lastAccess = null;
        forgetWishes();
    }

    // ---- saving

    void save() {
        beforeBlocking.run();
        load();
        refuseIfEnded();
        settle(false);
        refuseIfEnded();
    }

    /** Applies a change to what stands in the store, before it returns. */
    <T> @Nullable T update(String name, AttributeChange.Update<T> update) {
        beforeBlocking.run();
        attributesToChange();
        refuseIfEnded();
        try {
            attributes.update(update, name);
        } catch (SessionTooLargeException e) {
            throw client.truthful(e);
        }
        try {
            save();
        } catch (UnreadableValueException e) {
            unreadable(name, e);
            throw client.truthful(new SessionEndedException());
        } catch (RuntimeException | Error e) {
            // Never replayed: it may have landed, or it failed by itself and would fail again.
            attributes.forget(update);
            throw e;
        }
        return update.result();
    }

    void reload() {
        beforeBlocking.run();
        load();
        discard();
        if (base == null) {
            refuseIfEnded();
            return;
        }
        StoreKey key = base.key();
        readAnew(() -> vault.load(key, events));
    }

    /** Reads the session anew, whatever has become of it. */
    private void readAnew(Supplier<StoredState> load) {
        StoredState found;
        try {
            found = load.get();
        } catch (SessionException e) {
            throw client.truthful(e);
        }
        if (found instanceof StoredState.Live live) {
            start(live.snapshot());
            return;
        }
        base = null;
        standing = found instanceof StoredState.Retired ? Standing.SUPERSEDED : Standing.ENDED;
        attributes.start(JsonMembers.EMPTY);
        refuseIfEnded();
    }

    /**
     * Brings the store up to date with what the handler asked for so far, and at the head gives the session back. Whoever
     * catches what this throws calls {@link #abandon}.
     */
    void settle(boolean atHead) {
        save(atHead);
        if (atHead) {
            RecordSnapshot written = turn.giveBack(base);
            if (written != null) {
                adopt(written, true);
            }
        }
    }

    private void save(boolean atHead) {
        try {
            carryOut(atHead);
        } catch (SessionException e) {
            throw client.truthful(e);
        }
    }

    private void carryOut(boolean atHead) {
        attributes.noteChangesWithin();
        endCondemned();
        boolean changed = attributes.changed();
        Situation now = new Situation(
                standing,
                newId.intent(),
                changed,
                destroying,
                atHead && touchDue(),
                atHead && settings.saveUninitialized && mayBeginUnasked(),
                atHead && settings.resave && !saved);
        switch (CommitPlan.of(now)) {
            case NOTHING -> {}
            case TOUCH -> {
                if (!turn.isHeld()) {
                    adopt(vault.touch(live(), events), atHead);
                }
            }
            case RESAVE -> {
                if (!turn.isHeld()) {
                    adopt(vault.resave(live(), events), atHead);
                }
            }
            case REPLACE -> replace(atHead);
            case CREATE -> {
                checkDeliverable();
                began(newRecords.create(attributes.log()));
            }
            case MOVE -> {
                checkDeliverable();
                move();
            }
            case DROP -> drop();
            case REFUSE_SUPERSEDED -> throw new SessionSupersededException();
            case REFUSE_ENDED -> throw new SessionEndedException();
            case REFUSE_AWAY ->
                throw new SessionUnavailableException(
                        Reason.STORE_UNAVAILABLE, "the session store could not be read, so nothing can be saved", null);
        }
    }

    /** Nobody asked for this session, so it is no error if the client could not be given one. */
    private boolean mayBeginUnasked() {
        return standing == Standing.NONE && !over && client.isDeliverable();
    }

    /** Nothing is stored that the client could not come back to. */
    private void checkDeliverable() {
        if (isHeadGone()) {
            throw new SessionUndeliverableException(
                    "the response ended without a head that could have carried the new session's token");
        }
        client.checkDeliverable();
    }

    private RecordSnapshot live() {
        return Objects.requireNonNull(base, "a live session has a snapshot");
    }

    private boolean touchDue() {
        return standing == Standing.LIVE
                && (touchAsked
                        || settings.rolling
                        || answer.repeats()
                        || settings.deadlines.touchDue(live().stored(), live().record(), vault.now()));
    }

    private void endCondemned() {
        RecordSnapshot ending = condemned;
        if (ending != null) {
            if (!end(ending, condemnedFor)) {
                answer.giveNot();
            }
            condemned = null;
            destroying = false;
        }
        for (RecordSnapshot rival : condemnedRivals) {
            if (ending == null || !rival.key().equals(ending.key())) {
                end(rival, condemnedFor);
            }
        }
        condemnedRivals = List.of();
        if (over && destroying && client.isAmbiguous()) {
            answer.takeAway(SessionSettings.AS_CONFIGURED);
            destroying = false;
        }
    }

    private boolean end(RecordSnapshot ending, DestroyReason reason) {
        SessionInfo info = settings.deadlines.info(
                ending.key(), ending.record(), ending.stored().expiresAt());
        boolean ended = vault.end(ending, events);
        if (ended) {
            client.partIsSaved();
            events.add(heard -> heard.onDestroyed(info, reason));
            answer.takeAway(ending.record().settings());
        }
        return ended;
    }

    /** Goes on from a record that was written without a change; with null, from what was loaded. */
    private void adopt(@Nullable RecordSnapshot written, boolean atHead) {
        touchAsked = false;
        if (written == null) {
            answer.repeatIsOff();
            return;
        }
        fixedLastAccess();
        base = written;
        repeatIfWanted(atHead);
    }

    private void repeatIfWanted(boolean inTheHeadsCommit) {
        answer.written(settings.rolling || !cookie().lifetime().isBrowserSession(), inTheHeadsCommit);
    }

    private void replace(boolean atHead) {
        Commit commit = new Commit(live(), attributes.log());
        Commit.Result result = turn.save(commit, atHead);
        if (result instanceof Commit.Result.Saved saved) {
            heard(saved.overwritten(), ConflictOutcome.REPLACED_ANOTHER);
            goOnFrom(saved.snapshot());
            if (saved.written()) {
                client.partIsSaved();
                this.saved = true;
            }
            repeatIfWanted(atHead && saved.written());
            return;
        }
        boolean superseded = result instanceof Commit.Result.Superseded;
        standing = superseded ? Standing.SUPERSEDED : Standing.ENDED;
        if (superseded) {
            base = null;
            throw new SessionSupersededException();
        }
        drop();
    }

    /** The session was ended by somebody else: what was set in it happened before, and is gone with it. */
    private void drop() {
        heard(attributes.changedNames(), ConflictOutcome.DROPPED);
        base = null;
        attributes.start(JsonMembers.EMPTY);
    }

    private void heard(Set<String> names, ConflictOutcome fate) {
        if (!names.isEmpty()) {
            SessionInfo info = info();
            Set<String> concerned = Set.copyOf(names);
            events.add(heard -> heard.onConflictLost(info, concerned, fate));
        }
    }

    private void goOnFrom(RecordSnapshot saved) {
        fixedLastAccess();
        base = saved;
        attributes.saved(saved.record().attributes());
        touchAsked = false;
    }

    private void move() {
        IdChanger.Result result = newRecords.move(live(), List.copyOf(attributes.log()));
        if (result instanceof IdChanger.Begun begun) {
            began(begun);
            return;
        }
        base = null;
        standing = result == IdChanger.Lost.SUPERSEDED ? Standing.SUPERSEDED : Standing.ENDED;
        throw standing == Standing.SUPERSEDED ? new SessionSupersededException() : new SessionEndedException();
    }

    /** The client is to know this session by this id from now on. */
    private void began(IdChanger.Begun begun) {
        fixedLastAccess();
        id = begun.id();
        standing = Standing.LIVE;
        goOnFrom(begun.snapshot());
        newId.forget();
        answer.give();
        client.partIsSaved();
        stored = true;
        saved = true;
    }

    // ---- having it to itself

    void exclusive() {
        if (!settings.records.canLease()) {
            throw new IllegalStateException("this record format has no room for a lease: no session can be exclusive");
        }
        if (isHeadGone()) {
            throw new IllegalStateException("the response's head has left: ask for the session before writing it");
        }
        if (turn.isHeld()) {
            return;
        }
        beforeBlocking.run();
        turn.want();
        if (standing == Standing.UNTOUCHED) {
            load();
        } else if (standing == Standing.LIVE) {
            takeNow(live());
        }
    }

    /** What this request has read before it asked is read again. */
    private void takeNow(RecordSnapshot loaded) {
        attributes.noteChangesWithin();
        if (attributes.changed() || newId.intent() != Intent.KEEP) {
            throw new IllegalStateException(
                    "this session was changed before it was asked for exclusively: call exclusive() first");
        }
        readAnew(() -> turn.take(loaded.key()));
    }

    // ---- for lists

    /** Whether this is the session that stands under a key, or will once its new id is committed. */
    boolean isStoredUnder(StoreKey key) {
        load();
        boolean now = base != null && base.key().equals(key);
        return now || (newId.isDrawn() && vault.keyOf(newId.draw()).equals(key));
    }

    // ---- for the scope

    /** A failure as this client has to hear of it. */
    SessionException truthful(SessionException failure) {
        return client.truthful(failure);
    }

    /** Has each call that may ask the store preceded by a check of the calling thread. */
    void beforeBlocking(Runnable check) {
        beforeBlocking = check;
    }

    /** Has each call preceded by a check of whether this session may be used now. */
    void beforeUse(Runnable check) {
        beforeUse = check;
    }

    boolean isSuperseded() {
        return standing == Standing.SUPERSEDED;
    }

    /** The token that this request goes on with in another scope; null for the one that it came with. */
    @Nullable
    Verified presentedNext() {
        Verified presented = isUntouched() ? null : client.verified();
        if (id == null || (presented != null && presented.id().equals(id))) {
            return null;
        }
        return new Verified(id, false);
    }

    /** Forgets what could not be saved; others may have the session, also one that was to be ended. */
    void abandon() {
        RecordSnapshot written = turn.giveBack(condemned != null ? condemned : base);
        if (written != null && base != null) {
            base = written;
        }
        condemned = null;
        condemnedRivals = List.of();
        destroying = false;
        forgetWishes();
    }

    /** What the response's head has to say; called once, after the commit. */
    TokenResponse.Kind answerAtHead() {
        return answer.atHead();
    }

    /** The head is as it will leave, and may leave any moment. While a framework still holds it back it can be changed. */
    void headIsSaid() {
        headSaid = true;
    }

    void headIsGone() {
        headGone = true;
    }

    private boolean isHeadGone() {
        return headGone || (headSaid && client.headHasLeft());
    }

    /** Whether the client is to hear of a token that no commit has told of yet. */
    boolean owesToken() {
        return condemned != null
                || !condemnedRivals.isEmpty()
                || newId.intent() != Intent.KEEP
                || (standing == Standing.NONE && attributes.changed());
    }

    boolean storedNewRecord() {
        return stored;
    }

    String idToGive() {
        return Objects.requireNonNull(id, "a session with a token has an id");
    }

    /** How long the client keeps the token, and by which rule it sends it. */
    Terms terms() {
        CookieLifetime lifetime = cookie().lifetime();
        Duration maxAge = null;
        if (lifetime.isSession()) {
            Duration left = Duration.between(vault.now(), expiresAt());
            maxAge = left.compareTo(CookieLifetime.LONGEST) > 0 ? CookieLifetime.LONGEST : left;
        } else if (!lifetime.isBrowserSession()) {
            maxAge = lifetime.maxAge();
        }
        return new Terms(maxAge, wished().sameSite());
    }

    /** The terms of the token that is taken away. */
    Terms termsOfTaken() {
        return new Terms(null, answer.taken().sameSite());
    }

    SessionInfo info() {
        SessionRecord record = base == null ? SessionRecord.live(vault.now(), null) : base.record();
        return new SessionInfo(handle(), record.subject(), record.createdAt(), expiresAt(base));
    }

    void close() {
        turn.end(base);
        closed = true;
        attributes.start(JsonMembers.EMPTY);
        base = null;
        condemned = null;
    }
}
