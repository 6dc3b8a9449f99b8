package dev.sojourn.vertx;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.PromiseInternal;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import io.vertx.core.net.NetSocket;
import org.jspecify.annotations.Nullable;

/**
 * The request that handlers see: Vert.x's, with the response that waits for its save. While a session loads, the body is
 * held back, so that handlers for it can be set afterwards, as they could at once.
 */
final class SessionRequest extends HttpServerRequestWrapper {
    private final Sessions sessions;
    private final RequestSession session;
    private final SessionResponse response;
    private final Object lock = new Object();
    private @Nullable Future<Session> given;
    private int holds;
    private boolean paused;

    SessionRequest(HttpServerRequestInternal request, Sessions sessions) {
        super(request);
        this.sessions = sessions;
        session = new RequestSession(sessions.open(new VertxExchange(request)), request.context());
        response = new SessionResponse(this, request.response(), session);
    }

    boolean isServedBy(Sessions some) {
        return sessions == some;
    }

    @Override
    public HttpServerResponse response() {
        return response.proxy();
    }

    /** Answers for a handler that threw instead of failing its routing context. */
    void fail(Throwable problem) {
        response.fail(problem);
    }

    // ---- the session

    Future<Session> session() {
        if (Threads.mayWait()) {
            return session.session();
        }
        Future<Session> loading;
        PromiseInternal<Session> promise;
        synchronized (lock) {
            if (given != null) {
                return given;
            }
            loading = session.session();
            if (loading.isComplete()) {
                given = loading;
                return loading;
            }
            promise = context().promise();
            given = promise.future();
        }
        hold();
        loading.onComplete(loaded -> {
            promise.handle(loaded);
            release();
        });
        return promise.future();
    }

    // ---- what takes the connection over

    @Override
    public Future<ServerWebSocket> toWebSocket() {
        return response.upgrade(super::toWebSocket);
    }

    @Override
    public Future<NetSocket> toNetSocket() {
        return response.upgrade(super::toNetSocket);
    }

    // ---- the body

    /** Keeps the body back, unless the handler does so itself. */
    void hold() {
        boolean pause;
        synchronized (lock) {
            holds++;
            pause = holds == 1 && !paused;
        }
        if (pause) {
            delegate.pause();
        }
    }

    void release() {
        boolean resume;
        synchronized (lock) {
            holds--;
            resume = holds == 0 && !paused;
        }
        if (resume) {
            delegate.resume();
        }
    }

    @Override
    public HttpServerRequest pause() {
        synchronized (lock) {
            paused = true;
        }
        delegate.pause();
        return this;
    }

    @Override
    public HttpServerRequest resume() {
        boolean resume;
        synchronized (lock) {
            paused = false;
            resume = holds == 0;
        }
        if (resume) {
            delegate.resume();
        }
        return this;
    }
}
