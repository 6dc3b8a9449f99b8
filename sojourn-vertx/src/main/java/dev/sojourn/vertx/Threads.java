package dev.sojourn.vertx;

import io.vertx.core.Context;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;

/** Which threads may wait for the store. */
final class Threads {
    private Threads() {}

    /**
     * Whether this thread is known to be one that may wait: a worker of Vert.x, or a virtual thread of a verticle. One that
     * Vert.x does not know may be the event loop of another library.
     */
    static boolean mayWait() {
        if (Context.isOnVertxThread()) {
            return Context.isOnWorkerThread();
        }
        Context context = Vertx.currentContext();
        return context != null && context.threadingModel() == ThreadingModel.VIRTUAL_THREAD;
    }

    /** Throws on an event loop. Knows of no request, so that what outlives one can keep it. */
    static void refuseEventLoop() {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException(
                    "this call asks the session store, and an event loop must not wait for it: make it"
                            + " within vertx.executeBlocking(() -> ...), or deploy the handlers in a virtual-thread verticle"
                            + " (ThreadingModel.VIRTUAL_THREAD). What needs neither is to get, set, remove and login once"
                            + " Sojourn.session(ctx) has given the session");
        }
    }
}
