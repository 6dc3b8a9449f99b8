package dev.sojourn.spi;

import dev.sojourn.SessionException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The answer that takes the place of the handler's where a session could not do its part: what a
 * {@link SessionException} says, or 500. One line of plain text that says nothing about the server, and is not to be
 * cached.
 *
 * <p>An adapter throws the handler's status, headers and body away, calls {@link #setHeaders}, and sends this. Immutable.
 *
 * @param status the HTTP status
 * @param text the body, ending in a line feed; sent to no HEAD request
 * @param headers the headers that go with it
 */
public record ErrorResponse(int status, String text, Map<String, String> headers) {
    /**
     * The answer to a problem, which is written to a log as well: one line for a {@link SessionException}, of which a client
     * can cause many, and all of it for anything else.
     *
     * @param problem what a handler let pass, or what the commit threw
     * @param log the adapter's log
     * @return the answer
     */
    public static ErrorResponse of(Throwable problem, Logger log) {
        SessionException told = toldBy(problem);
        if (told == null) {
            log.log(Level.ERROR, "answered 500 because a handler or its session failed", problem);
            return new ErrorResponse(500, "Internal Server Error\n", headers(null));
        }
        Level level = told.status() < 500 ? Level.INFO : Level.ERROR;
        log.log(level, "answered " + told.status() + ": " + told.getMessage());
        String seconds = told.retryAfter()
                .map(wait -> Long.toString(Math.max(1, wait.toSeconds())))
                .orElse(null);
        return new ErrorResponse(told.status(), told.responseText() + "\n", headers(seconds));
    }

    /**
     * The session's exception behind another one: frameworks wrap what handlers throw.
     *
     * @param problem any exception
     * @return it, or the one that caused it, or null if no session did
     */
    public static @Nullable SessionException toldBy(Throwable problem) {
        Throwable at = problem;
        for (int depth = 0; at != null && depth < 16; depth++) {
            if (at instanceof SessionException told) {
                return told;
            }
            at = at.getCause();
        }
        return null;
    }

    private static Map<String, String> headers(@Nullable String retryAfter) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Cache-Control", "no-store");
        headers.put("Content-Type", "text/plain; charset=utf-8");
        if (retryAfter != null) {
            headers.put("Retry-After", retryAfter);
        }
        return Collections.unmodifiableMap(headers);
    }

    /**
     * Sets this answer's headers in the place of all others: those that the client must have although its answer is replaced
     * ({@link SessionScope#answerHeaders()}), and this answer's own. Where the former fail, the client goes without its token
     * rather than without any answer.
     *
     * @param scope the request's scope
     * @param clear throws away all headers that are set
     * @param set sets a header
     */
    public void setHeaders(SessionScope scope, Runnable clear, BiConsumer<String, String> set) {
        clear.run();
        try {
            scope.answerHeaders();
        } catch (RuntimeException e) {
            clear.run();
        }
        headers.forEach(set);
    }

    /**
     * The body's bytes.
     *
     * @return the text in UTF-8
     */
    public byte[] body() {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
