package dev.sojourn;

import dev.sojourn.engine.EngineFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints behind {@code sojourn-session.js}, which warns a user before the session ends. They report when that is,
 * extend the session, and serve the script. An application mounts each in one line, with {@code Sojourn.send} of its adapter:
 * {@link #read} for {@code GET} and {@link #extend} for {@code POST} on the same path, and {@link #script} for the script.
 *
 * <p>The status is one line of JSON, {@code {"endsIn":1740,"absolute":43140,"signedIn":true}}: the seconds until the session
 * ends if it is not used again, the seconds until its absolute timeout (null if it has none), and whether a user is signed
 * in. Whole seconds, rounded down. A client without a session gets {@code {"endsIn":0,"absolute":null,"signedIn":false}}.
 *
 * <p>Stateless and thread-safe.
 */
public final class SessionStatus {
    private static final String JSON = "application/json";
    private static final String SCRIPT_CACHE = "max-age=3600";

    private SessionStatus() {}

    /**
     * Returns when a session ends. Asking neither extends the session ({@link EditableSession#quiet}) nor begins one. Loads
     * the session, as every first use does.
     *
     * @param session the request's session
     * @return status 200 and the JSON, not cacheable
     * @throws IllegalArgumentException if the session is of another implementation
     * @throws SessionUnavailableException if the store is unavailable
     */
    public static EndpointResponse read(EditableSession session) {
        session.quiet();
        return json(EngineFactory.status(session));
    }

    /**
     * Restarts a session's idle timeout, as {@link EditableSession#touch} does. Loads the session; the commit writes it.
     *
     * @param session the request's session
     * @return status 200 and the JSON as it is once the response is sent; status 401 and one line of text if the client has
     *     no session
     * @throws IllegalArgumentException if the session is of another implementation
     * @throws SessionUnavailableException if the store is unavailable
     */
    public static EndpointResponse extend(EditableSession session) {
        if (EngineFactory.hasNoSession(session)) {
            SignInRequiredException ended = new SignInRequiredException();
            return EndpointResponse.of(
                    ended.status(),
                    Map.of(
                            "Content-Type",
                            "text/plain; charset=utf-8",
                            "WWW-Authenticate",
                            ended.challenge().orElseThrow()),
                    "The session has ended. " + ended.responseText() + "\n");
        }
        session.touch();
        return json(EngineFactory.extendedStatus(session));
    }

    private static EndpointResponse json(String times) {
        return EndpointResponse.of(200, Map.of("Content-Type", JSON), times + "\n");
    }

    /**
     * Returns {@code sojourn-session.js}, which caches may keep for an hour. Uses no session.
     *
     * @param ifNoneMatch the request's header {@code If-None-Match}, whatever the client sent; null if there is none
     * @return status 200 and the script, or 304 if the client has it already
     */
    public static EndpointResponse script(@Nullable String ifNoneMatch) {
        boolean known = ifNoneMatch != null
                && Stream.of(ifNoneMatch.split(",", -1))
                        .map(String::strip)
                        .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
                        .anyMatch(tag -> tag.equals("*") || tag.equals(Script.TAG));
        return known
                ? new EndpointResponse(304, Map.of("ETag", Script.TAG, "Cache-Control", SCRIPT_CACHE), new byte[0])
                : new EndpointResponse(
                        200,
                        Map.of(
                                "Content-Type",
                                "text/javascript; charset=utf-8",
                                "ETag",
                                Script.TAG,
                                "Cache-Control",
                                SCRIPT_CACHE,
                                "X-Content-Type-Options",
                                "nosniff"),
                        Script.TEXT.clone());
    }

    /** Reads the script when it is first served. */
    private static final class Script {
        static final byte[] TEXT = text();
        static final String TAG = '"' + digest() + '"';

        private static byte[] text() {
            try (InputStream in = SessionStatus.class.getResourceAsStream("sojourn-session.js")) {
                if (in == null) {
                    throw new IllegalStateException("sojourn-session.js is missing in the jar of sojourn-core");
                }
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String digest() {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(TEXT);
                return Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(hash)
                        .substring(0, 22);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
