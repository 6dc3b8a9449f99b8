package dev.sojourn.engine;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.TypedAttributes;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One request's scope where only views of tokens are mounted: nothing is stored, and no token is given or taken. */
final class TokenScope implements SessionScope {
    private static final String SESSIONS = "Sessions, or TokenSessions to issue tokens of sessions";

    private final TokenSettings settings;
    private final EventBuffer events;
    private final TokenRequest request;
    private @Nullable TokenView view;
    private Runnable beforeUse = () -> {};
    private boolean closed;

    TokenScope(TokenSettings settings, Exchange exchange) {
        this.settings = settings;
        this.events = settings.events();
        this.request = new TokenRequest(settings, exchange, events);
    }

    private TokenScope(TokenSettings settings, TokenRequest previous) {
        this.settings = settings;
        this.events = settings.events();
        this.request = previous.inNextScope(events);
    }

    private static IllegalStateException notMounted(String wanted) {
        return new IllegalStateException(
                "this application mounts the views of tokens (TokenViews), which keep no session: "
                        + "call Sojourn.view(…), or mount " + wanted);
    }

    /** Admits every request: no page of another site can make a browser send an access token. */
    @Override
    public void admit(BooleanSupplier isProtectedElsewhere) {}

    @Override
    public Session session() {
        throw notMounted(SESSIONS);
    }

    @Override
    public SealedSession sealed() {
        throw notMounted("SealedSessions");
    }

    @Override
    public TypedAttributes typedAttributes() {
        throw notMounted(SESSIONS);
    }

    @Override
    public void begin() {
        throw notMounted(SESSIONS);
    }

    @Override
    public SessionView view() {
        if (view == null) {
            view = new TokenView(settings, request, events);
            view.beforeUse(beforeUse);
            if (closed) {
                view.close();
            }
        }
        return view;
    }

    @Override
    public void load() {
        throw notMounted(SESSIONS);
    }

    @Override
    public void loadView() {
        request.token();
    }

    @Override
    public boolean viewMayBlock() {
        return request.mayBlock();
    }

    @Override
    public boolean isRefreshDue() {
        return request.isRefreshDue();
    }

    /** Returns none: what the request carries is not the token of a session that is kept here. */
    @Override
    public boolean isSignInRequired() {
        return request.isSignInRequired();
    }

    @Override
    public Optional<String> tokenPublicId() {
        return Optional.empty();
    }

    @Override
    public void setBlockingCheck(Runnable check) {
        request.beforeBlocking(check);
    }

    @Override
    public void setUseCheck(Runnable check) {
        beforeUse = check;
        if (view != null) {
            view.beforeUse(check);
        }
    }

    /** Only the listener may block. */
    @Override
    public boolean mayBlock() {
        return !events.isEmpty();
    }

    @Override
    public boolean hasPendingToken() {
        return false;
    }

    @Override
    public void commit() {
        setTokenHeaders();
    }

    @Override
    public void setTokenHeaders() {
        request.vary();
    }

    @Override
    public SessionScope next() {
        close();
        return new TokenScope(settings, request);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (view != null) {
            view.close();
        }
        events.deliver();
    }
}
