package dev.sojourn;

import dev.sojourn.engine.BearerTransport;
import dev.sojourn.engine.HeaderTransport;
import dev.sojourn.spi.TokenTransport;
import java.util.function.Consumer;

/**
 * The ways in which a token can travel. Several of them form a chain, see
 * {@link Sessions.Config#transport(TokenTransport, TokenTransport...)}.
 */
public final class Transports {
    /** The response header that {@link #bearer()} clients find new tokens in. */
    public static final String BEARER_RESPONSE_HEADER = "Session-Token";

    private Transports() {}

    /**
     * A cookie with the default options: {@code __Host-id; Path=/; Secure; HttpOnly; SameSite=Lax}.
     *
     * @return the transport
     */
    public static TokenTransport cookie() {
        return cookie(options -> {});
    }

    /**
     * A cookie.
     *
     * @param options sets what differs from the default
     * @return the transport
     * @throws IllegalArgumentException if browsers would refuse such a cookie; the message says why
     */
    public static TokenTransport cookie(Consumer<CookieOptions> options) {
        CookieOptions chosen = new CookieOptions();
        options.accept(chosen);
        return chosen.build();
    }

    /**
     * A header of this name, in requests and in responses. A response carries it when the client has a new token to use,
     * and empty when its token is worthless now; {@code Access-Control-Expose-Headers} names it.
     *
     * @param name for example {@code X-Session-Token}
     * @return the transport
     * @throws IllegalArgumentException if this is no header's name
     */
    public static TokenTransport header(String name) {
        return new HeaderTransport(name);
    }

    /**
     * {@code Authorization: Bearer …} in requests (RFC 6750 §2.1). A response carries {@value #BEARER_RESPONSE_HEADER}
     * when the client has a new token to use, and empty when its token is worthless now.
     *
     * @return the transport
     */
    public static TokenTransport bearer() {
        return new BearerTransport(BEARER_RESPONSE_HEADER);
    }
}
