package dev.sojourn;

import dev.sojourn.engine.EngineFactory;
import dev.sojourn.spi.TokenTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The transports that carry tokens. Several of them form a chain, see {@link Sessions.Config#transport(TokenTransport,
 * TokenTransport...)}.
 */
public final class Transports {
    /** The response header in which {@link #bearer()} clients find new tokens. */
    public static final String BEARER_RESPONSE_HEADER = "Session-Token";

    private Transports() {}

    /**
     * Returns a cookie transport with the default options: {@code __Host-id; Path=/; Secure; HttpOnly; SameSite=Lax}.
     *
     * @return the transport
     */
    public static TokenTransport cookie() {
        return cookie(options -> {});
    }

    /**
     * Returns a cookie transport.
     *
     * @param options sets what differs from the default
     * @return the transport
     * @throws IllegalArgumentException if browsers would reject such a cookie; the message explains why
     */
    public static TokenTransport cookie(Consumer<CookieOptions> options) {
        CookieOptions chosen = new CookieOptions();
        options.accept(chosen);
        return chosen.build();
    }

    /**
     * Returns a transport that uses a header of this name in requests and responses. A response carries it when the
     * client has a new token to use, and carries it empty when the client's token became invalid; {@code
     * Access-Control-Expose-Headers} names it.
     *
     * @param name for example {@code X-Session-Token}
     * @return the transport
     * @throws IllegalArgumentException if this is not a header name
     */
    public static TokenTransport header(String name) {
        return EngineFactory.headerTransport(name);
    }

    /**
     * Returns a transport that uses {@code Authorization: Bearer …} in requests (RFC 6750 §2.1). A response carries
     * {@value #BEARER_RESPONSE_HEADER} when the client has a new token to use, and carries it empty when the client's
     * token became invalid.
     *
     * @return the transport
     */
    public static TokenTransport bearer() {
        return EngineFactory.bearerTransport(BEARER_RESPONSE_HEADER);
    }

    /** Returns a chain of transports, the one for new tokens first. */
    static List<TokenTransport> chain(TokenTransport first, TokenTransport... others) {
        List<TokenTransport> chain = new ArrayList<>();
        chain.add(Objects.requireNonNull(first, "first"));
        chain.addAll(List.of(others));
        return List.copyOf(chain);
    }
}
