package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.TokenVerifier;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The configuration of {@code TokenViews}, complete and checked. */
public final class TokenViewSettings extends CommonSettings {
    private final TokenSettings tokens;

    private TokenViewSettings(Builder from) {
        super(from, UnaryOperator.identity());
        if (from.verifiers.isEmpty()) {
            throw new IllegalArgumentException(
                    "nothing verifies tokens, so none would ever count: name the issuers whose"
                            + " tokens are accepted, c.trust(…)");
        }
        RevocationList revocations = from.revocations;
        if (revocations != null) {
            from.verifiers.forEach(verifier -> revocations.requireLifetime(verifier.maxLifetime()));
            revocations.addSubjectRule(this::subject);
        }
        this.tokens = new TokenSettings(this, from.verifiers, revocations, new SecureRandom());
    }

    /**
     * Opens the scope of a request; no I/O.
     *
     * @param exchange the request
     * @return the scope
     */
    public SessionScope open(Exchange exchange) {
        return new TokenScope(tokens, exchange);
    }

    /** Collects the options. Its fields are the configuration's defaults. */
    public static final class Builder extends CommonSettings.Builder {
        /** See {@code TokenViews.Config.trust}. */
        public List<TokenVerifier> verifiers = List.of();

        /** See {@code TokenViews.Config.revocations}. */
        public @Nullable RevocationList revocations;

        /** The defaults. */
        public Builder() {}

        /**
         * Checks the options.
         *
         * @return the settings
         * @throws IllegalArgumentException if one is missing or out of bounds
         */
        public TokenViewSettings build() {
            return new TokenViewSettings(this);
        }
    }
}
