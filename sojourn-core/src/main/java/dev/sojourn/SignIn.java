package dev.sojourn;

import dev.sojourn.spi.SignInFacts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the application knows of a sign-in: how the user was authenticated, and when. {@link EditableSession#login(String,
 * SignIn)} keeps it with the session, and {@link SessionView#signIn} returns it.
 *
 * <pre>{@code
 * session.login(user, SignIn.by("pwd", "otp").level("aal2"));
 * }</pre>
 *
 * <p>Immutable and thread-safe. Texts are well-formed Unicode without control characters.
 */
public final class SignIn {
    /** What {@link #remembered} has instead of methods of authentication. */
    private static final String REMEMBERED = "remembered";

    private final List<String> methods;
    private final @Nullable String level;
    private final @Nullable Instant at;
    private final @Nullable String issuer;
    private final @Nullable String providerSession;

    private SignIn(
            List<String> methods,
            @Nullable String level,
            @Nullable Instant at,
            @Nullable String issuer,
            @Nullable String providerSession) {
        this.methods = List.copyOf(methods);
        this.level = level;
        this.at = at == null ? null : at.truncatedTo(ChronoUnit.MILLIS);
        this.issuer = issuer;
        this.providerSession = providerSession;
        // Checks the texts and their number.
        new SignInFacts(this.at, this.methods, level, issuer, providerSession, null, Map.of());
    }

    /**
     * Returns a sign-in by these methods of authentication.
     *
     * @param methods values of RFC 8176 ({@code amr}) such as {@code pwd} (password), {@code otp} (one-time code), {@code hwk}
     *     (passkey or security key), or {@code fed} for an identity provider; at most 8, each of 1 to 32 characters; none if
     *     they are not known
     * @return the sign-in, at the present time
     * @throws IllegalArgumentException if a method is not well-formed, or if there are too many
     */
    public static SignIn by(String... methods) {
        return new SignIn(List.of(methods), null, null, null, null);
    }

    /**
     * Returns a sign-in without credentials, by a cookie that an earlier sign-in has left: it is never fresh ({@link
     * SessionView#isFresh}).
     *
     * @return the sign-in, at the present time, by the method {@code remembered}
     */
    public static SignIn remembered() {
        return by(REMEMBERED);
    }

    /**
     * Returns whether this is a sign-in without credentials.
     *
     * @return true if {@code remembered} is one of its methods; see {@link #remembered}
     */
    public boolean isRemembered() {
        return methods.contains(REMEMBERED);
    }

    /**
     * Returns this sign-in with a level of assurance.
     *
     * @param acr the level ({@code acr} of OpenID Connect), such as {@code aal2}; 1 to 128 characters
     * @return the sign-in
     * @throws IllegalArgumentException if the level is not well-formed
     */
    public SignIn level(String acr) {
        return new SignIn(methods, Objects.requireNonNull(acr, "acr"), at, issuer, providerSession);
    }

    /**
     * Returns this sign-in at another time than the present: for the {@code auth_time} of an identity provider.
     *
     * @param time when the user was authenticated; it is cut to milliseconds, and a later time than that of the login counts
     *     as that of the login
     * @return the sign-in
     */
    public SignIn at(Instant time) {
        return new SignIn(methods, level, Objects.requireNonNull(time, "time"), issuer, providerSession);
    }

    /**
     * Returns this sign-in through an identity provider.
     *
     * @param issuer the provider ({@code iss}), 1 to 512 characters
     * @param sessionId the session at the provider ({@code sid}), 1 to 256 characters; null if the provider names none
     * @return the sign-in
     * @throws IllegalArgumentException if one of them is not well-formed
     */
    public SignIn provider(String issuer, @Nullable String sessionId) {
        return new SignIn(methods, level, at, Objects.requireNonNull(issuer, "issuer"), sessionId);
    }

    /**
     * Returns the methods of authentication.
     *
     * @return the methods; empty if they are not known
     */
    public List<String> methods() {
        return methods;
    }

    /**
     * Returns the level of assurance.
     *
     * @return the level, or null if it is not known
     */
    public @Nullable String level() {
        return level;
    }

    /**
     * Returns when the user was authenticated.
     *
     * @return the time, to the millisecond; null for a sign-in that no login has used yet and that has no time of its own, and
     *     for an access token that does not state it
     */
    public @Nullable Instant at() {
        return at;
    }

    /**
     * Returns the identity provider.
     *
     * @return its {@code iss}; null without a provider
     */
    public @Nullable String issuer() {
        return issuer;
    }

    /**
     * Returns the session at the identity provider.
     *
     * @return its {@code sid}; null if it is not known
     */
    public @Nullable String providerSession() {
        return providerSession;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SignIn that
                && methods.equals(that.methods)
                && Objects.equals(level, that.level)
                && Objects.equals(at, that.at)
                && Objects.equals(issuer, that.issuer)
                && Objects.equals(providerSession, that.providerSession);
    }

    @Override
    public int hashCode() {
        return Objects.hash(methods, level, at, issuer, providerSession);
    }

    /** Omits the provider and its session. */
    @Override
    public String toString() {
        return "SignIn[" + methods + ", level " + level + ", at " + at + "]";
    }
}
