package dev.sojourn.jwt;

import dev.sojourn.EndpointResponse;
import dev.sojourn.UserSessions;
import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.JsonMembers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Ends sessions when an identity provider says that its user has signed out there: OpenID Connect Back-Channel Logout 1.0. The
 * provider posts a form with a {@code logout_token} to the application, which passes it to {@link #respond}.
 *
 * <pre>{@code
 * BackChannelLogout logout = BackChannelLogout.of(
 *         TrustedIssuer.of("https://id.example.com/realms/shop")
 *                 .jwks("https://id.example.com/realms/shop/protocol/openid-connect/certs")
 *                 .algorithms(SignatureAlgorithm.RS256)
 *                 .type("logout+jwt")
 *                 .audience("shop"),
 *         sessions::of);
 * app.post("/logout/provider", ctx -> Sojourn.send(ctx, logout.respond(ctx.formParam("logout_token"))));
 * }</pre>
 *
 * <p>The sessions that end are those whose login stated the provider and its session: {@code session.login(user,
 * SignIn.by("fed").provider(issuer, sid))}. They end on every node.
 *
 * <p><b>What counts</b> (section 2.6): a token of the issuer for this client as {@link TrustedIssuer} checks it, with {@code
 * sub} and {@code jti}, the event of a logout, and no {@code nonce}. Without {@code sid} it ends all sessions that its user began
 * through the provider. A token that names no user does not count, although the standard allows one with {@code sid} alone.
 *
 * <p><b>Repeated tokens</b> end nothing new: a session that began more than a minute after the token was issued stays.
 *
 * <p>Thread-safe. {@link #respond} blocks.
 */
public final class BackChannelLogout {
    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";
    private static final String EVENTS = "events";
    private static final String NONCE = "nonce";
    /** For the difference between the clocks of the provider and of this server, and for whole seconds. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

    private static final EndpointResponse ENDED =
            new EndpointResponse(200, Map.of("Cache-Control", "no-store"), new byte[0]);
    private static final EndpointResponse REFUSED = new EndpointResponse(
            400,
            Map.of("Cache-Control", "no-store", "Content-Type", "application/json"),
            "{\"error\":\"invalid_request\"}\n".getBytes(StandardCharsets.US_ASCII));

    private final TrustedIssuer issuer;
    private final Function<String, UserSessions> sessions;
    private final Function<String, @Nullable String> users;
    private final Clock clock;

    private BackChannelLogout(
            TrustedIssuer issuer,
            Function<String, UserSessions> sessions,
            Function<String, @Nullable String> users,
            Clock clock) {
        this.issuer = issuer;
        this.sessions = sessions;
        this.users = users;
        this.clock = clock;
    }

    /**
     * Creates the endpoint of one provider. The user of a session is the provider's {@code sub}, unless {@link #users} says
     * otherwise.
     *
     * @param issuer the provider; its {@code audience} is this application's client id, its {@code type} {@code logout+jwt}
     *     where the provider sends that
     * @param sessions returns the sessions of a user: {@code sessions::of}
     * @return the endpoint
     */
    public static BackChannelLogout of(TrustedIssuer issuer, Function<String, UserSessions> sessions) {
        return new BackChannelLogout(
                Objects.requireNonNull(issuer, "issuer"),
                Objects.requireNonNull(sessions, "sessions"),
                sub -> sub,
                Clock.systemUTC());
    }

    /**
     * Returns an endpoint whose sessions have other users than the provider's {@code sub}.
     *
     * @param byProvider returns the user that was passed to {@code login} for a {@code sub}; null if there is none
     * @return the endpoint
     */
    public BackChannelLogout users(Function<String, @Nullable String> byProvider) {
        return new BackChannelLogout(issuer, sessions, Objects.requireNonNull(byProvider, "byProvider"), clock);
    }

    /** Returns an endpoint with another clock. */
    BackChannelLogout clock(Clock other) {
        return new BackChannelLogout(issuer, sessions, users, other);
    }

    /**
     * Ends the sessions that a logout token names. Stores nothing else.
     *
     * @param logoutToken the form's field {@code logout_token}, whatever was sent; null if there is none
     * @return status 200 once the sessions have ended, also if there were none; status 400 with the error {@code
     *     invalid_request} in JSON if the token does not count
     * @throws dev.sojourn.SessionUnavailableException if the keys of the provider or the store are unavailable (status 503),
     *     and the provider is to repeat its request
     */
    public EndpointResponse respond(@Nullable String logoutToken) {
        Optional<AccessToken> verified =
                logoutToken == null ? Optional.empty() : issuer.verify(logoutToken, clock.instant());
        AccessToken token = verified.filter(BackChannelLogout::isLogout).orElse(null);
        if (token == null || token.issuer() == null || token.subject() == null) {
            return REFUSED;
        }
        String user = users.apply(token.subject());
        if (user != null) {
            sessions.apply(user)
                    .endProviderSession(
                            token.issuer(), token.sessionId(), token.issuedAt().plus(CLOCK_TOLERANCE));
        }
        return ENDED;
    }

    private static boolean isLogout(AccessToken token) {
        JsonMembers.Slice events = token.claims().get(EVENTS);
        return events != null
                && token.tokenId() != null
                && token.claims().get(NONCE) == null
                && object(events)
                        .map(members -> members.get(EVENT))
                        .flatMap(BackChannelLogout::object)
                        .isPresent();
    }

    private static Optional<JsonMembers> object(JsonMembers.Slice json) {
        byte[] bytes = Arrays.copyOfRange(json.source(), json.from(), json.to());
        return StrictJson.object(bytes, parser -> Optional.of(JsonMembers.read(parser, bytes)));
    }

    /** Shows the provider. */
    @Override
    public String toString() {
        return "BackChannelLogout[" + issuer + "]";
    }
}
