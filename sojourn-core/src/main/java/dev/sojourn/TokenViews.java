package dev.sojourn;

import dev.sojourn.engine.TokenViewSettings;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.spi.TokenVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Read-only views of the access tokens that requests carry, for a service that issues none: configured once, shared by
 * all its requests, mounted in its HTTP framework by an adapter. A handler gets the {@link SessionView} of its request by
 * {@code Sojourn.view(…)}. The claims of the token are its attributes.
 *
 * <p>A request has a token if it has one {@code Authorization: Bearer} header (RFC 6750, section 2.1). Tokens in the URL
 * or in the body are not read. At the first use of the view:
 *
 * <ul>
 *   <li>Without a token, the view is anonymous: {@link SessionView#subject} is null, there are no attributes, {@link
 *       SessionView#createdAt} and {@link SessionView#expiresAt} are the time of the first call, and {@link
 *       SessionView#publicId} is a new random one. {@link SessionView#requireSubject} responds with 401.
 *   <li>A token that does not count throws {@link TokenRefusedException} (401): forged, expired, of an issuer that is not
 *       trusted, revoked, longer than 8,192 characters, bound to a key ({@code cnf}, RFC 7800), one of several, or with a
 *       subject that {@link Session#login} would refuse.
 *   <li>If a key of the issuer or the list of revoked tokens cannot be obtained, so that it is unknown whether the token
 *       counts, the call throws {@link SessionUnavailableException} (503).
 * </ul>
 *
 * <p>Of a token that counts:
 *
 * <ul>
 *   <li>The attributes are its claims. {@code iss} is always among them: if several issuers are trusted, the same subject
 *       may be a different user of each.
 *   <li>{@link SessionView#createdAt} is the time of the login ({@code auth_time}), or of the token's issue if the issuer
 *       does not state the former.
 *   <li>{@link SessionView#signedInAt} is {@code auth_time}, and null without it: then no sign-in is fresh. {@link
 *       SessionView#signIn} also has {@code amr} and {@code acr}, and {@link SessionView#actingBy} is the {@code sub} of
 *       {@code act}, of every issuer that is trusted.
 *   <li>{@link SessionView#publicId} is the {@code sid} if it has the form of a Sojourn session's public id. Otherwise it
 *       is a hash of the issuer and the {@code sid}; without that, of the {@code jti}; without both, of the subject and the
 *       token's times. So it is safe to log, and constant for the life of the session or token that it names.
 * </ul>
 *
 * <p>A request that used its view gets {@code Vary: Authorization} in its response. No cookie is set and nothing is stored.
 *
 * <p>Immutable and thread-safe. Owns no thread and nothing that needs closing.
 */
public final class TokenViews implements SessionSource {
    private static final String AUTHORIZATION = "Authorization";

    private final TokenViewSettings settings;

    private TokenViews(TokenViewSettings settings) {
        this.settings = settings;
    }

    /**
     * Creates views with this configuration.
     *
     * @param configuration sets the options; {@link Config#trust} is required, everything else has a default
     * @return the views
     * @throws IllegalArgumentException if nothing verifies tokens, or if an option is out of bounds; the message says
     *     what to do
     * @throws IllegalStateException if the versions of Jackson's parts on the class path do not match; the message
     *     names them
     */
    public static TokenViews create(Consumer<Config> configuration) {
        TokenViewSettings.checkLibraries();
        Config config = new Config(new TokenViewSettings.Builder());
        configuration.accept(config);
        return new TokenViews(config.build());
    }

    @Override
    public SessionScope open(Exchange exchange) {
        return settings.open(exchange);
    }

    /**
     * Returns the names of the cookies that carry tokens.
     *
     * @return the empty set
     */
    @Override
    public Set<String> cookieNames() {
        return Set.of();
    }

    /**
     * Returns the names of the request headers that may carry tokens.
     *
     * @return {@code Authorization}
     */
    @Override
    public Set<String> tokenHeaders() {
        return Set.of(AUTHORIZATION);
    }

    /** Omits the configuration. */
    @Override
    public String toString() {
        return "TokenViews";
    }

    /**
     * The options. Each method documents its default; all return the same object. Not thread-safe; sealed when {@link
     * TokenViews#create} returns.
     *
     * <p>{@link #whenUnreadable} applies to claims: one that cannot be read as the requested type reads as absent, or with
     * {@link UnreadablePolicy#END_SESSION} the token is refused. Read claims whose form differs between issuers as {@code
     * Object.class}. {@link #normalizeSubjects} applies to the tokens' subjects; a token is refused if the rule throws.
     */
    public static final class Config extends CommonConfig<Config> {
        private final TokenViewSettings.Builder settings;

        private Config(TokenViewSettings.Builder settings) {
            super(settings, "TokenViews.create");
            this.settings = settings;
        }

        /**
         * Sets who may issue tokens. A token counts if one of the verifiers accepts it; they are asked in this order. If
         * none accepts it and one cannot obtain its keys, the response is 503. No default.
         *
         * @param first accepts the tokens of one issuer
         * @param others accept those of further issuers. Then compare the attribute {@code iss}, too, where a subject
         *     decides
         * @return this
         */
        public Config trust(TokenVerifier first, TokenVerifier... others) {
            List<TokenVerifier> verifiers = new ArrayList<>();
            verifiers.add(Objects.requireNonNull(first, "first"));
            verifiers.addAll(List.of(others));
            checkOpen();
            settings.verifiers = List.copyOf(verifiers);
            return this;
        }

        /**
         * Refuses tokens that were revoked: by their session ({@code sid}), by their own id ({@code jti}), and those of a user
         * whose sessions were all ended, if they were issued before that or in the same second. Default: none; a token counts
         * until it expires. Costs no store call with most requests, see {@link Revocations}.
         *
         * @param revocations the list, in the store in which the issuer keeps it, or of this application
         * @return this
         */
        public Config revocations(Revocations revocations) {
            checkOpen();
            settings.revocations =
                    Objects.requireNonNull(revocations, "revocations").list();
            return this;
        }

        private TokenViewSettings build() {
            TokenViewSettings built = settings.build();
            seal();
            return built;
        }
    }
}
