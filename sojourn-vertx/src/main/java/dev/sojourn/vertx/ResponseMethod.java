package dev.sojourn.vertx;

import static java.util.Map.entry;

import io.vertx.core.Future;
import java.lang.reflect.Method;
import java.util.Map;

/**
 * The effect of a method of Vert.x's response. Methods are identified by name, because 5.1 has more of them than 5.0 and other
 * parameter types.
 */
enum ResponseMethod {
    /** Writes a part of the body. */
    WRITE,
    /** Ends the response, with a last part of the body or without. */
    END,
    /** Sends a file and ends the response. */
    SEND_FILE,
    /** Any other method that returns a future and may send the head. */
    OUTPUT,
    /** Resets the stream or connection. */
    ABORT,
    SET_STATUS_CODE,
    SET_STATUS_MESSAGE,
    /** Changes the head in another way. */
    CHANGE_HEAD,
    IS_ENDED,
    IS_HEAD_WRITTEN,
    IS_WRITE_QUEUE_FULL,
    SET_HEADERS_END_HANDLER,
    SET_CLOSE_HANDLER,
    SET_DRAIN_HANDLER,
    /** Has nothing to do with the session. */
    OTHER;

    /** Methods that return a future. Those that are not here send output; those that are {@code OTHER} leave the head alone. */
    private static final Map<String, ResponseMethod> ASYNCHRONOUS = Map.of(
            "end", END,
            "sendFile", SEND_FILE,
            "reset", ABORT,
            "cancel", ABORT,
            "push", OTHER,
            "writeContinue", OTHER,
            "writeEarlyHints", OTHER,
            "writeAltSvc", OTHER,
            "writeCustomFrame", OTHER);

    private static final Map<String, ResponseMethod> SYNCHRONOUS = Map.ofEntries(
            entry("setStatusCode", SET_STATUS_CODE),
            entry("setStatusMessage", SET_STATUS_MESSAGE),
            entry("setChunked", CHANGE_HEAD),
            entry("putHeader", CHANGE_HEAD),
            entry("addCookie", CHANGE_HEAD),
            entry("removeCookie", CHANGE_HEAD),
            entry("removeCookies", CHANGE_HEAD),
            entry("ended", IS_ENDED),
            entry("headWritten", IS_HEAD_WRITTEN),
            entry("writeQueueFull", IS_WRITE_QUEUE_FULL),
            entry("headersEndHandler", SET_HEADERS_END_HANDLER),
            entry("closeHandler", SET_CLOSE_HANDLER),
            entry("drainHandler", SET_DRAIN_HANDLER));

    static ResponseMethod of(Method method) {
        String name = method.getName();
        if (Future.class.isAssignableFrom(method.getReturnType())) {
            return ASYNCHRONOUS.getOrDefault(name, name.startsWith("write") ? WRITE : OUTPUT);
        }
        return SYNCHRONOUS.getOrDefault(name, OTHER);
    }

    /** Returns whether calls have to wait while the session is saved. */
    boolean isOutput() {
        return switch (this) {
            case WRITE, END, SEND_FILE, OUTPUT, ABORT -> true;
            default -> false;
        };
    }

    boolean endsResponse() {
        return this == END || this == SEND_FILE;
    }
}
