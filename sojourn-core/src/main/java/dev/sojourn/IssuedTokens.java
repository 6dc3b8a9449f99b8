package dev.sojourn;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * The tokens that a client gets. Immutable. {@link #toString} omits them.
 *
 * @param accessToken what the client sends in {@code Authorization: Bearer}
 * @param expiresIn how long it counts, from the time of its issue
 * @param refreshToken what the client exchanges for the next tokens; null if the response carries it in a cookie
 */
public record IssuedTokens(
        String accessToken, Duration expiresIn, @Nullable String refreshToken) {
    /**
     * Checks that the access token is there.
     *
     * @param accessToken the access token
     * @param expiresIn how long it counts
     * @param refreshToken the refresh token, or null
     */
    public IssuedTokens {
        Objects.requireNonNull(accessToken, "accessToken");
        Objects.requireNonNull(expiresIn, "expiresIn");
    }

    /**
     * Returns the tokens as the JSON of a token response (RFC 6749, section 5.1). Send it with {@code Content-Type:
     * application/json}; no cache may store it, and {@code Cache-Control: no-store} is in the response of {@link
     * TokenSessions#issue}.
     *
     * @return one JSON object: {@code access_token}, {@code token_type}, {@code expires_in} in whole seconds, rounded
     *     down, and {@code refresh_token} if there is one
     */
    public String toJson() {
        String refresh = refreshToken == null ? "" : ",\"refresh_token\":" + quote(refreshToken);
        return "{\"access_token\":" + quote(accessToken) + ",\"token_type\":\"Bearer\",\"expires_in\":"
                + expiresIn.toSeconds() + refresh + '}';
    }

    private static String quote(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
    }

    /** Omits the tokens. */
    @Override
    public String toString() {
        return "IssuedTokens[redacted]";
    }
}
