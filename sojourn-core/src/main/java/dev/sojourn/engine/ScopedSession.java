package dev.sojourn.engine;

import dev.sojourn.DetachedSession;
import dev.sojourn.Device;
import dev.sojourn.OnLimit;
import dev.sojourn.SessionCookie;
import dev.sojourn.SessionEndedException;
import dev.sojourn.SessionException;
import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionTooLargeException;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.TokenRefusedException;
import dev.sojourn.UnreadablePolicy;
import dev.sojourn.engine.CommitPlan.Intent;
import dev.sojourn.engine.SessionState.Closed;
import dev.sojourn.engine.SessionState.Ended;
import dev.sojourn.engine.SessionState.Live;
import dev.sojourn.engine.SessionState.Superseded;
import dev.sojourn.engine.SessionState.Unavailable;
import dev.sojourn.engine.SessionState.Untouched;
import dev.sojourn.engine.ValueCodec.UnreadableValueException;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.SignInFacts;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.TokenFormat.VerifiedId;
import dev.sojourn.spi.TokenTransport.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One request's session. The methods follow the order of a request: load, read, change, commit, respond, close.
 * {@link RequestView} holds what the request knows, {@link RequestCommit} writes what it wants. The handler holds a
 * {@link HandlerSession}. Not thread-safe.
 */
final class ScopedSession implements EditedSession {
    private final EngineSettings settings;
    private final SessionRecords records;
    private final SessionLoader loader;
    private final EventBuffer events;
    private final ClientToken client;
    private final RequestLease lease;
    private final RequestPhase phase;
    private final RequestView view;
    private final RequestCommit commit;
    private final TokenResponse response;
    /** Creates a session that outlives this request, for its name and a check before each of its calls. */
    private final BiFunction<SessionName, Runnable, DetachedSession> detacher;

    private @Nullable LimitRule limit;
    private Runnable beforeBlocking = () -> {};
    private Runnable beforeUse = () -> {};
    private @Nullable CrossSiteGate gate;

    ScopedSession(
            EngineSettings settings,
            SessionRecords records,
            RememberEnd rememberEnd,
            SessionLoader loader,
            RequestLease lease,
            EventBuffer events,
            ClientToken client,
            BiFunction<SessionName, Runnable, DetachedSession> detacher) {
        this.settings = settings;
        this.records = records;
        this.loader = loader;
        this.lease = lease;
        this.events = events;
        this.client = client;
        this.response = client.newResponse();
        this.detacher = detacher;
        this.phase = new RequestPhase(client.exchange());
        this.view = new RequestView(settings);
        this.limit = settings.sessionLimit;
        this.commit = new RequestCommit(settings, records, rememberEnd, lease, events, client, view, phase, response);
    }

    /** Sets a check of the calling thread, run before each call that may use the store. */
    void beforeBlocking(Runnable check) {
        beforeBlocking = check;
    }

    /** Sets a check of whether this session may be used now, run before each call. */
    void beforeUse(Runnable check) {
        beforeUse = check;
    }

    /** Limits the sessions of a user who signs in by this request, instead of the configuration. */
    void limitSessions(int max, OnLimit onLimit) {
        limit = settings.checked(new LimitRule(max, onLimit));
    }

    /** Sets what keeps the handler from the session of a request of another site; null if nothing does. */
    void gate(@Nullable CrossSiteGate crossSite) {
        gate = crossSite;
    }

    private void checkUse() {
        beforeUse.run();
        if (gate != null) {
            gate.check();
        }
    }

    // ---- 1. load

    boolean isUntouched() {
        return view.state() instanceof Untouched;
    }

    /** Loads the session of the client's token, at the first use. */
    void load() {
        if (isFirstUse()) {
            load(mayBegin() ? SessionLoader.Mode.FOR_HANDLER : SessionLoader.Mode.EXISTING_ONLY);
        }
    }

    /** Whether loading may begin a session, for a remembered browser: polling does not, and a response must give it. */
    private boolean mayBegin() {
        return client.remember() != null && !phase.isHeadGone() && !commit.isQuiet() && !client.isQuiet();
    }

    private boolean isFirstUse() {
        if (phase.isClosed()) {
            throw closed();
        }
        checkUse();
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
        RecordSnapshot snapshot = view.snapshot();
        if (snapshot != null) {
            accesses.note(snapshot, settings.clock.instant().toEpochMilli());
        }
    }

    private void load(SessionLoader.Mode mode) {
        beforeBlocking.run();
        view.start(loader.load(mode, lease, client, response, events));
        if (response.kind() == TokenResponse.Kind.GIVE) {
            commit.noteBegun();
        }
    }

    /** Loads the session at the first use, and returns what the request knows about it. */
    private RequestView loaded() {
        load();
        return view;
    }

    // ---- 2. read

    @Override
    public Attributes attributes() {
        return loaded().attributes();
    }

    @Override
    public boolean isLive() {
        return loaded().state() instanceof Live;
    }

    @Override
    public void refuseIfUnread() {
        if (loaded().state() instanceof Unavailable) {
            throw client.forClient(new SessionUnavailableException(
                    Reason.STORE_UNAVAILABLE,
                    "the session store could not be read, so it is not known whether a user is signed in",
                    null));
        }
    }

    boolean isSuperseded() {
        return view.state() instanceof Superseded;
    }

    /** Returns the session as it was loaded or saved last; null if there is none. */
    @Nullable
    RecordSnapshot snapshot() {
        return loaded().snapshot();
    }

    @Override
    public @Nullable String subject() {
        return loaded().subject();
    }

    @Override
    public @Nullable SignInFacts signIn() {
        return loaded().signIn();
    }

    @Override
    public String publicId() {
        return loaded().publicId();
    }

    /** Whether this is the session stored under a key, or will be once its new id is committed. */
    boolean isStoredUnder(StoreKey key) {
        return loaded().isStoredUnder(key);
    }

    @Override
    public Instant createdAt() {
        return loaded().createdAt();
    }

    @Override
    public Instant lastAccess() {
        return loaded().lastAccess();
    }

    @Override
    public Instant expiresAt() {
        return loaded().expiresAt();
    }

    @Override
    public SessionSettings pendingSettings() {
        return loaded().pendingSettings();
    }

    @Override
    public SessionCookie cookie() {
        return loaded().cookie(change -> {
            SessionSettings before = pendingSettings();
            attributesToChange().configure(new AttributeChange.Configure(change));
            if (!pendingSettings().equals(before)) {
                response.noteSettingsChange();
            }
        });
    }

    SessionInfo info() {
        return loaded().info();
    }

    DetachedSession detached() {
        if (!(loaded().state() instanceof Live live) || view.idChange().intent() != Intent.KEEP) {
            throw new IllegalStateException("this session has no record in the store yet, or is to get another id:"
                    + " save() it before it is detached from its request");
        }
        return detacher.apply(new SessionName(live.id(), live.key()), beforeBlocking);
    }

    // ---- 3. change

    @Override
    public Attributes attributesToChange() {
        load();
        if (phase.isHeadGone() && view.state().isAbsent()) {
            throw new IllegalStateException(
                    "the response's head has left without a session token, so a new session could"
                            + " never be found again: use the session before writing the response");
        }
        return view.attributes();
    }

    /** Applies a change to what is stored, before it returns. */
    <T> @Nullable T update(String name, AttributeChange.Immediate<T> update) {
        beforeBlocking.run();
        Attributes attributes = attributesToChange();
        commit.refuseIfNotLive();
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

    /** Takes an attribute out of what is stored, before it returns. An attribute that this request does not see costs nothing. */
    <T> @Nullable T take(AttributeChange.Take<T> take) {
        Attributes attributes = attributesToChange();
        if (!attributes.has(take.name())) {
            return null;
        }
        if (view.state().isAbsent()) {
            // Set by this very request, and stored nowhere.
            T value = attributes.get(take.name(), take.type(), problem -> null);
            attributes.remove(take.name());
            return value;
        }
        return update(take.name(), take);
    }

    @Override
    public void noteUnreadable(String name, UnreadableValueException problem) {
        events.unreadable(publicId(), name, problem, settings.whenUnreadable);
        if (settings.whenUnreadable == UnreadablePolicy.END_SESSION) {
            commit.condemn(DestroyReason.UNREADABLE);
        }
    }

    @Override
    public void touch() {
        load();
        commit.touch();
    }

    @Override
    public void quiet() {
        // First, because loading may write a lease.
        commit.quiet();
        load();
    }

    /** Returns the pending change of the id, to be extended. */
    PendingIdChange idChange() {
        load();
        if (phase.isHeadGone()) {
            throw new IllegalStateException("the response's head has left, so the client cannot be given a new id:"
                    + " call this before writing the response");
        }
        return view.idChange();
    }

    /** Has the client's browser remembered from the next commit on. */
    void remember() {
        load();
        RememberClient browser = client.remember();
        if (browser == null) {
            throw new IllegalStateException(
                    settings.families == null
                            ? "no browser is remembered here: configure c.rememberMe(...), with Spring sojourn.remember-me=30d"
                            : "sessions with tokens are not remembered: their refresh token already outlives each access token");
        }
        commit.refuseIfNotLive();
        PendingIdChange change = idChange();
        String subject = view.subject();
        if (subject == null) {
            throw new IllegalStateException(
                    "no user is signed in, so there is nobody to remember: call login(user) first");
        }
        if (change.intent() == Intent.LOGIN || RememberSettings.browserKey(view.record()) == null) {
            commit.remember();
        }
    }

    /** Whether a remember-me cookie has begun this session, so that its user has not signed in since. */
    @Override
    public boolean isRemembered() {
        return loaded().isRemembered();
    }

    /** Begins a session even if no attribute is set. */
    void begin() {
        if (loaded().state().isAbsent() && view.idChange().intent() == Intent.KEEP) {
            idChange().regenerate();
            // Fixed here, so that listeners and handler see the beginning that is stored, however long the request
            // takes.
            view.idChange().beginsAt();
        }
    }

    void changeId() {
        load();
        commit.refuseIfNotLive();
        idChange();
        view.changeId();
    }

    @Override
    public void regenerate() {
        idChange();
        commit.forgetRemember();
        view.regenerate();
    }

    @Override
    public void login(String subject, SignInFacts how) {
        signIn(subject, how, limit);
    }

    private void signIn(String subject, SignInFacts how, @Nullable LimitRule rule) {
        loadToSignIn();
        idChange();
        commit.forgetRemember();
        Attributes attributes = view.attributes();
        String present = subject();
        // Read before anything changes: an end of all the user's sessions from now on ends this one too.
        String tag = tagOf(subject);
        checkLimit(subject, rule);
        Device device = settings.devices.of(client.exchange());
        view.login(subject, how);
        view.idChange().carry(tag);
        view.idChange().limitBy(rule);
        view.idChange().onDevice(device);
        String attribute = settings.subjectAttribute;
        if (attribute != null && subject.equals(present)) {
            attributes.setAsItIs(attribute);
        } else if (attribute != null) {
            attributes.set(attribute, settings.recordFormat.subjectValue(subject), null);
        }
    }

    /** Lets the handler learn that the user has too many sessions, while it can still ask the user which one ends. */
    private void checkLimit(String subject, @Nullable LimitRule rule) {
        if (rule == null || rule.onLimit() != OnLimit.ASK) {
            return;
        }
        RecordSnapshot present = view.snapshot();
        if (present != null && subject.equals(present.record().subject()) && Permit.of(present.record()) != null) {
            return;
        }
        beforeBlocking.run();
        try {
            records.checkLimit(rule, subject, present, events);
        } catch (SessionException e) {
            throw client.forClient(e);
        }
    }

    /**
     * Replaces the session with an empty one of another user, which ends in time. It does not count towards that user's limit:
     * no session of that user ends for it.
     */
    void actAs(String subject, SignInFacts by, Duration ttl) {
        signIn(subject, by, null);
        Duration configured = settings.deadlines.absolute(view.pendingSettings());
        Duration longest = configured.isZero() || configured.compareTo(ttl) > 0 ? ttl : configured;
        view.attributes().configure(new AttributeChange.Configure(now -> now.withAbsoluteTimeout(longest)));
    }

    private @Nullable String tagOf(String subject) {
        try {
            return client.tagOf(subject, beforeBlocking);
        } catch (SessionException e) {
            // The response reports that nobody was signed in, so nothing that was set for that user may be saved.
            abandon();
            throw client.forClient(e);
        }
    }

    /**
     * Loads the session of the client's token. A token that is refused counts as none: the application has checked fresh
     * credentials, and a client that attaches its last token to each request could never sign in again.
     */
    private void loadToSignIn() {
        try {
            load();
        } catch (TokenRefusedException e) {
            view.start(SessionState.None.INSTANCE);
        }
    }

    @Override
    public void destroy() {
        load();
        commit.destroy();
    }

    @Override
    public void discard() {
        load();
        commit.discard();
    }

    /** Discards the changes and reads the session from the store. */
    void reload() {
        beforeBlocking.run();
        discard();
        if (!(view.state() instanceof Live live)) {
            commit.refuseIfNotLive();
            return;
        }
        try {
            resume(live, records.load(live.key(), events));
        } catch (SessionException e) {
            throw client.forClient(e);
        }
    }

    /** Goes on from what is stored now; throws if that is no live session. */
    private void resume(Live before, StoredState found) {
        if (found instanceof StoredState.Live live) {
            view.start(new Live(before.id(), live.snapshot()));
            return;
        }
        view.start(
                found instanceof StoredState.Retired
                        ? new Superseded(before.id(), before.key())
                        : new Ended(before.id(), before.key()));
        commit.refuseIfNotLive();
    }

    /** Waits until no other request holds the session, and takes its lease. */
    void exclusive() {
        if (!settings.recordFormat.canLease()) {
            throw new IllegalStateException("this record format has no room for a lease: no session can be exclusive");
        }
        if (phase.isHeadGone()) {
            throw new IllegalStateException("the response's head has left: ask for the session before writing it");
        }
        if (lease.isHeld()) {
            return;
        }
        beforeBlocking.run();
        lease.want();
        if (isUntouched()) {
            load();
        } else if (view.state() instanceof Live live) {
            takeLease(live);
        }
    }

    /** Takes the lease of a session that was loaded without one; reads it again. */
    private void takeLease(Live live) {
        view.attributes().noteChangesWithin();
        if (view.attributes().hasChanges() || view.idChange().intent() != Intent.KEEP) {
            throw new IllegalStateException(
                    "this session was changed before it was asked for exclusively: call exclusive() first");
        }
        try {
            resume(live, lease.take(live.key()));
        } catch (SessionException e) {
            throw client.forClient(e);
        }
    }

    // ---- CSRF

    /** Whether a text is a CSRF token of the session that the client came with. Does no I/O. */
    boolean isCsrfToken(String text) {
        String id = client.idOfToken();
        if (id == null || !CsrfToken.isFor(id, text)) {
            return false;
        }
        RememberClient browser = client.remember();
        if (browser != null) {
            // The session may have ended, and then the token says nothing about the browser that is remembered.
            browser.beginNoSession();
        }
        return true;
    }

    @Override
    public String csrfToken() {
        begin();
        String id = view.idChange().hasNextId()
                ? view.idChange().nextId()
                : view.state().id();
        if (id == null) {
            throw new IllegalStateException(
                    "an access token alone names this session, and no page of another site can send"
                            + " one, so that it needs no CSRF token");
        }
        return CsrfToken.of(id, settings.random);
    }

    @Override
    public void requireCsrfToken(List<String> tokens) {
        if (phase.isClosed()) {
            throw closed();
        }
        beforeUse.run();
        settings.guard.requireToken(tokens, this::isCsrfToken, gate, client.exchange(), events);
    }

    // ---- 4. commit

    void save() {
        beforeBlocking.run();
        load();
        commit.refuseIfNotLive();
        commit.run(CommitPoint.OTHER);
        commit.refuseIfNotLive();
    }

    /**
     * Writes this request's changes to the store, and at the head releases the lease. A caller that catches what this throws
     * calls {@link #abandon}.
     */
    void commit(CommitPoint point) {
        commit.run(point);
    }

    /** Forgets the changes that could not be saved, a destroy too, and releases the lease. */
    void abandon() {
        commit.abandon();
    }

    // ---- tokens

    ClientToken client() {
        return client;
    }

    /** Whether an access token names this session, so that the request knows its store key only, and keeps it. */
    boolean isNamedByKeyAlone() {
        return loaded().state() instanceof Live live
                && live.id() == null
                && view.idChange().intent() == Intent.KEEP;
    }

    /** Returns the session that was saved. */
    Live live() {
        return view.live();
    }

    /** Begins an exchange of tokens, for which the session is not loaded; throws if the client could not be given any. */
    void beginExchange() {
        if (phase.isClosed()) {
            throw closed();
        }
        checkUse();
        if (phase.isHeadGone()) {
            throw new IllegalStateException("the response's head has left, so the client cannot be given a new refresh"
                    + " cookie: call this before writing the response");
        }
        beforeBlocking.run();
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("this session's request has ended; a session belongs to one request");
    }

    // ---- 5. respond

    /** Whether the client is to receive a token that no commit has issued yet. */
    boolean owesToken() {
        return commit.owesToken();
    }

    /** Returns what the response's head does with the token; called after the commit. */
    TokenResponse.Kind tokenResponse() {
        return response.kind();
    }

    @Nullable
    String idToGive() {
        return view.state().id();
    }

    /** Returns the generation of the token that the response gives. */
    long generationToGive() {
        RecordSnapshot snapshot = view.snapshot();
        return snapshot == null ? 1 : TokenRenewal.currentGeneration(snapshot.record());
    }

    /** Returns how long the client keeps the token, and by which rule it sends it. */
    Terms terms() {
        return loaded().terms();
    }

    /** Whether the handler, and not another reason, ended the session. */
    boolean isDestroyedByHandler() {
        return commit.isDestroyedByHandler();
    }

    /** Returns the terms of the token that is taken away. */
    Terms termsOfTakenToken() {
        return new Terms(null, response.takenSettings().sameSite());
    }

    /** Notes that the head is complete. While a framework holds it back it can still be changed. */
    void completeHead() {
        phase.completeHead();
    }

    void releaseHead() {
        phase.releaseHead();
    }

    @Override
    public SessionException forClient(SessionException failure) {
        return client.forClient(failure);
    }

    // ---- 6. close

    boolean hasStoredNewRecord() {
        return commit.hasStoredNewRecord();
    }

    /** Returns the token that this request goes on with in another scope; null for the one that it came with. */
    @Nullable
    VerifiedId nextToken() {
        String id = view.state().id();
        if (id == null) {
            return null;
        }
        VerifiedId presented = client.verifiedToken();
        return presented != null && presented.id().equals(id) ? null : new VerifiedId(id, false);
    }

    void close() {
        lease.end(view.snapshot());
        phase.close();
        if (isUntouched()) {
            view.empty();
        } else {
            view.start(new Closed(view.state().id()));
        }
    }
}
