package dev.sojourn.vertx;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.spi.SessionSource;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.PromiseInternal;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import io.vertx.core.net.NetSocket;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The request that handlers see: a wrapper of Vert.x's request that returns the {@link SessionResponse}. The body is paused
 * while the session loads, so that a handler can still set body handlers afterwards.
 */
final class SessionRequest extends HttpServerRequestWrapper {
    private final SessionSource sessions;
    private final VertxExchange exchange;
    private final RequestSession session;
    private final SessionResponse response;
    private final Object lock = new Object();
    private @Nullable Future<Session> sessionFuture;
    private int bodyHolds;
    private boolean pausedByHandler;

    SessionRequest(HttpServerRequestInternal request, SessionSource sessions) {
        super(request);
        this.sessions = sessions;
        exchange = new VertxExchange(request);
        session = new RequestSession(sessions.open(exchange), request.context());
        response = new SessionResponse(this, request.response(), session);
    }

    boolean isFrom(SessionSource others) {
        return sessions == others;
    }

    @Override
    public HttpServerResponse response() {
        return response.proxy();
    }

    /** Throws if a page of another site may have sent this request. */
    void admit() {
        session.admit();
    }

    /** Whether only a signed-in user may make this request. */
    boolean isSignInRequired() {
        return session.isSignInRequired();
    }

    /** Throws if this request needs a user and has none; on an event loop, {@link #view} has loaded what it needs. */
    void checkSignIn() {
        session.checkSignIn();
    }

    /** Responds for a handler that threw instead of failing its routing context. */
    void handleFailure(Throwable problem) {
        exchange.noteFailure();
        response.handleFailure(problem);
    }

    // ---- the session

    Future<Session> session() {
        if (Threads.mayBlock()) {
            return session.session();
        }
        Future<Session> loading;
        PromiseInternal<Session> promise;
        synchronized (lock) {
            if (sessionFuture != null) {
                return sessionFuture;
            }
            loading = session.session();
            if (loading.isComplete()) {
                sessionFuture = loading;
                return loading;
            }
            promise = context().promise();
            sessionFuture = promise.future();
        }
        holdBody();
        loading.onComplete(loaded -> {
            promise.handle(loaded);
            releaseBody();
        });
        return promise.future();
    }

    Future<SealedSession> sealed() {
        return holdBodyDuring(session.sealed());
    }

    Future<SessionView> view() {
        return session.isViewOfStore() ? session().map(found -> found) : holdBodyDuring(session.view());
    }

    <T> Future<T> onWorker(Function<Session, T> work) {
        return holdBodyDuring(session.onWorker(work));
    }

    private <T> Future<T> holdBodyDuring(Future<T> loading) {
        if (loading.isComplete()) {
            return loading;
        }
        PromiseInternal<T> promise = context().promise();
        holdBody();
        loading.onComplete(loaded -> {
            promise.handle(loaded);
            releaseBody();
        });
        return promise.future();
    }

    // ---- upgrades

    @Override
    public Future<ServerWebSocket> toWebSocket() {
        return response.upgrade(super::toWebSocket);
    }

    @Override
    public Future<NetSocket> toNetSocket() {
        return response.upgrade(super::toNetSocket);
    }

    // ---- the body

    /** Pauses the body, unless the handler has done so. */
    void holdBody() {
        boolean pause;
        synchronized (lock) {
            bodyHolds++;
            pause = bodyHolds == 1 && !pausedByHandler;
        }
        if (pause) {
            delegate.pause();
        }
    }

    void releaseBody() {
        boolean resume;
        synchronized (lock) {
            bodyHolds--;
            resume = bodyHolds == 0 && !pausedByHandler;
        }
        if (resume) {
            delegate.resume();
        }
    }

    @Override
    public HttpServerRequest pause() {
        synchronized (lock) {
            pausedByHandler = true;
        }
        delegate.pause();
        return this;
    }

    @Override
    public HttpServerRequest resume() {
        boolean resume;
        synchronized (lock) {
            pausedByHandler = false;
            resume = bodyHolds == 0;
        }
        if (resume) {
            delegate.resume();
        }
        return this;
    }
}
