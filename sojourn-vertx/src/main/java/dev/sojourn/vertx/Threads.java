package dev.sojourn.vertx;

import io.vertx.core.Context;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;

/** Checks which threads may wait for the store. */
final class Threads {
    private Threads() {}

    /**
     * Returns whether this thread may certainly wait: it is a worker of Vert.x or a virtual thread of a verticle. A thread that
     * Vert.x does not know could be an event loop of another library.
     */
    static boolean mayBlock() {
        if (Context.isOnVertxThread()) {
            return Context.isOnWorkerThread();
        }
        Context context = Vertx.currentContext();
        return context != null && context.threadingModel() == ThreadingModel.VIRTUAL_THREAD;
    }

    /** Throws on an event loop. Holds no reference to a request, so that a detached session can keep it. */
    static void checkNotEventLoop() {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException(
                    "this call accesses the session store, and an event loop must not wait for it: call it within"
                            + " vertx.executeBlocking(() -> ...), or deploy the handlers in a virtual-thread verticle"
                            + " (ThreadingModel.VIRTUAL_THREAD). Once Sojourn.session(ctx) has loaded the session, get,"
                            + " set and remove need neither, and login only in a sealed session with revocations");
        }
    }
}
