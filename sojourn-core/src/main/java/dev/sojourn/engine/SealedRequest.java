package dev.sojourn.engine;

import dev.sojourn.SessionCookie;
import dev.sojourn.SessionException;
import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.UnreadablePolicy;
import dev.sojourn.engine.CommitPlan.Intent;
import dev.sojourn.engine.SealedState.Closed;
import dev.sojourn.engine.SealedState.Live;
import dev.sojourn.engine.SealedState.Untouched;
import dev.sojourn.engine.ValueCodec.UnreadableValueException;
import dev.sojourn.spi.SealFormat;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.SignInFacts;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request's sealed session. The methods follow the order of a request: load, read, change, commit, respond, close.
 * {@link SealedView} holds what the request knows, {@link SealedCommit} seals what it wants. The handler holds a {@link
 * HandlerSealedSession}. Not thread-safe.
 */
final class SealedRequest implements EditedSession {
    private final SealedSettings settings;
    private final SealedClient client;
    private final EventBuffer events;
    private final RequestPhase phase;
    private final SealedView view;
    private final SealedCommit commit;

    private Runnable beforeBlocking = () -> {};
    private Runnable beforeUse = () -> {};
    private @Nullable CrossSiteGate gate;

    SealedRequest(SealedSettings settings, SealedClient client, EventBuffer events) {
        this.settings = settings;
        this.client = client;
        this.events = events;
        this.phase = new RequestPhase(client.exchange());
        this.view = new SealedView(settings, client);
        this.commit = new SealedCommit(settings, client, view, events);
    }

    /** Sets a check of the calling thread, run before each call that may block. */
    void beforeBlocking(Runnable check) {
        beforeBlocking = check;
    }

    /** Sets a check of whether this session may be used now, run before each call. */
    void beforeUse(Runnable check) {
        beforeUse = check;
    }

    /** Sets what keeps the handler from the session of a request of another site; null if nothing does. */
    void gate(@Nullable CrossSiteGate crossSite) {
        gate = crossSite;
    }

    // ---- 1. load

    boolean isUntouched() {
        return view.state() == Untouched.INSTANCE;
    }

    /** Opens the session of the client's text, at the first use. */
    void load() {
        if (phase.isClosed()) {
            throw closed();
        }
        beforeUse.run();
        if (gate != null) {
            gate.check();
        }
        if (!isUntouched()) {
            return;
        }
        ViewRefresh refresh = ViewRefresh.IF_TOO_OLD;
        if (loadMayBlock()) {
            beforeBlocking.run();
            refresh = ViewRefresh.AHEAD;
        }
        view.start(new SealedLoader(settings, events, refresh).load(client));
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("this session's request has ended; a session belongs to one request");
    }

    /** Whether the list has to be read in which it is looked up if the session was ended. */
    boolean loadMayBlock() {
        return isUntouched()
                && client.hasCandidates()
                && client.lookup().candidates().stream()
                        .anyMatch(each -> settings.ended.isLookupBlocking(each.session()));
    }

    private SealedView loaded() {
        load();
        return view;
    }

    // ---- 2. read

    @Override
    public Attributes attributes() {
        return loaded().attributes();
    }

    /** The cookie is read without a store. */
    @Override
    public void refuseIfUnread() {}

    @Override
    public boolean isLive() {
        return loaded().state() instanceof Live;
    }

    /** Returns false: a sealed session has no record that a remember-me cookie could lead to. */
    @Override
    public boolean isRemembered() {
        return false;
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
        return loaded().cookie(change -> attributesToChange().configure(new AttributeChange.Configure(change)));
    }

    // ---- 3. change

    @Override
    public Attributes attributesToChange() {
        change();
        return view.attributes();
    }

    /** Loads the session and throws if it is too late to change it: nothing but the head can carry a change. */
    private void change() {
        load();
        if (phase.isHeadGone()) {
            throw new IllegalStateException("the response's head has left, and a sealed session is kept in its cookie:"
                    + " change the session before writing the response");
        }
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
        change();
        commit.touch();
    }

    @Override
    public void quiet() {
        load();
        commit.quiet();
    }

    /** Begins a session even if no attribute is set. */
    void begin() {
        if (loaded().state().isAbsent() && view.idChange().intent() == Intent.KEEP) {
            change();
            view.idChange().regenerate();
            // Fixed here, so that listeners and handler see the beginning that is sealed.
            view.idChange().beginsAt();
        }
    }

    @Override
    public void regenerate() {
        change();
        view.regenerate();
        commit.signIn(null);
    }

    @Override
    public void login(String subject, SignInFacts how) {
        change();
        if (settings.ended.mayBlock()) {
            beforeBlocking.run();
        }
        // Read before anything changes: an end of all the user's sessions from now on ends this one too.
        String tag = tagOf(subject);
        view.login(subject, how);
        commit.signIn(tag);
    }

    /** Reads a user's tag. If it throws, this request's changes are forgotten: the response reports that nothing was saved. */
    private @Nullable String tagOf(String subject) {
        try {
            return settings.ended.tagOf(subject);
        } catch (SessionException e) {
            commit.abandon();
            throw e;
        }
    }

    @Override
    public void destroy() {
        change();
        commit.condemn(DestroyReason.DESTROYED);
    }

    @Override
    public void discard() {
        load();
        commit.discard();
    }

    // ---- CSRF

    /** Whether a text is a CSRF token of the session that the client came with. Does no I/O. */
    boolean isCsrfToken(String text) {
        String id = client.publicId().orElse(null);
        return id != null
                && settings.csrfSeal.open(text, settings.clock.instant(), settings.maxAge())
                        instanceof SealFormat.Opened.Content content
                && MessageDigest.isEqual(id.getBytes(StandardCharsets.US_ASCII), content.bytes());
    }

    /** Seals the id, which is public: the seal is what nobody else can make, and each one is another text. */
    @Override
    public String csrfToken() {
        begin();
        byte[] id = view.publicId().getBytes(StandardCharsets.US_ASCII);
        return settings.csrfSeal.seal(id, settings.clock.instant());
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

    /** Whether the next commit may set a header. */
    boolean isPending() {
        return commit.isPending();
    }

    /** Whether the next commit may block. */
    boolean commitMayBlock() {
        return commit.mayBlock();
    }

    /** Seals this request's changes. If it throws, they are forgotten. */
    void commit() {
        try {
            commit.run();
        } catch (RuntimeException | Error e) {
            // The response reports that nothing was saved, so nothing may be saved later.
            commit.abandon();
            throw e;
        }
    }

    @Override
    public SessionException forClient(SessionException failure) {
        return commit.forClient(failure);
    }

    // ---- 5. respond

    /** Notes that the head is complete. While a framework holds it back it can still be changed. */
    void completeHead() {
        phase.completeHead();
    }

    // ---- 6. close

    /** Returns the session that the client goes on with; null if there is none. */
    @Nullable
    SealedRecord next() {
        return view.state().session();
    }

    /** Reports changes that no head can carry any more: those within values that the handler had read. */
    void reportLateChanges() {
        phase.releaseHead();
        if (isUntouched() || phase.isClosed()) {
            return;
        }
        try {
            view.attributes().noteChangesWithin();
            if (!commit.isPending()) {
                return;
            }
            SessionInfo info = view.info();
            IllegalStateException late = new IllegalStateException(
                    "the response's head had left before the sealed session was changed or committed");
            events.add(listener -> listener.onLateChangeLost(info, late));
        } catch (RuntimeException e) {
            SessionInfo info = view.info();
            events.add(listener -> listener.onLateChangeLost(info, e));
        }
        commit.abandon();
    }

    void close() {
        phase.close();
        if (!isUntouched()) {
            view.start(Closed.INSTANCE);
        }
    }
}
