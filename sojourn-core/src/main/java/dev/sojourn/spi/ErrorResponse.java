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
 * The response that replaces the handler's after a session failure: the status and text of a {@link SessionException},
 * or 500. One line of plain text that reveals nothing about the server, not cacheable.
 *
 * <p>An adapter discards the handler's status, headers and body, calls {@link #setHeaders}, and sends this. Immutable.
 *
 * @param status the HTTP status
 * @param text the body, ending in a line feed; not sent for a HEAD request
 * @param headers the response's headers
 */
public record ErrorResponse(int status, String text, Map<String, String> headers) {
    /**
     * Creates the response to a failure and logs the failure: one line for a {@link SessionException}, because a client
     * can cause many of them, and the stack trace for any other.
     *
     * @param problem what a handler let pass, or what the commit threw
     * @param log the adapter's log
     * @return the response
     */
    public static ErrorResponse of(Throwable problem, Logger log) {
        SessionException found = findSessionException(problem);
        if (found == null) {
            log.log(Level.ERROR, "responded with 500 because a handler or its session failed", problem);
            return new ErrorResponse(500, "Internal Server Error\n", headers(null, null));
        }
        Level level = found.status() < 500 ? Level.INFO : Level.ERROR;
        log.log(level, "responded with " + found.status() + ": " + found.getMessage());
        String seconds = found.retryAfter()
                .map(wait -> Long.toString(Math.max(1, wait.toSeconds())))
                .orElse(null);
        return new ErrorResponse(
                found.status(),
                found.responseText() + "\n",
                headers(seconds, found.challenge().orElse(null)));
    }

    /**
     * Finds the session exception in a chain of causes: frameworks wrap what handlers throw.
     *
     * @param problem any exception
     * @return the exception itself or one of its causes; null if none is a session exception
     */
    public static @Nullable SessionException findSessionException(Throwable problem) {
        Throwable at = problem;
        for (int depth = 0; at != null && depth < 16; depth++) {
            if (at instanceof SessionException found) {
                return found;
            }
            at = at.getCause();
        }
        return null;
    }

    private static Map<String, String> headers(@Nullable String retryAfter, @Nullable String challenge) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Cache-Control", "no-store");
        headers.put("Content-Type", "text/plain; charset=utf-8");
        if (retryAfter != null) {
            headers.put("Retry-After", retryAfter);
        }
        if (challenge != null) {
            headers.put("WWW-Authenticate", challenge);
        }
        return Collections.unmodifiableMap(headers);
    }

    /**
     * Replaces all headers with those that the client needs despite the failure ({@link
     * SessionScope#setTokenHeaders()}) and those of this response. If the former cannot be set, the client gets the
     * response without its token rather than no response.
     *
     * @param scope the request's scope
     * @param clear removes all headers that are set
     * @param set sets a header
     */
    public void setHeaders(SessionScope scope, Runnable clear, BiConsumer<String, String> set) {
        clear.run();
        try {
            scope.setTokenHeaders();
        } catch (RuntimeException e) {
            clear.run();
        }
        headers.forEach(set);
    }

    /**
     * Returns the body as bytes.
     *
     * @return the text in UTF-8
     */
    public byte[] body() {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
