package dev.sojourn.spi;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How and when the user of a session signed in, and what the user confirmed since. Immutable and thread-safe. Texts are
 * well-formed Unicode without control characters.
 *
 * @param at when the user signed in, exact to the millisecond; null if that is when the record was created. In a record, a
 *     later time than that becomes null
 * @param methods the methods of authentication ({@code amr} of RFC 8176), at most {@value #MAX_METHODS}, each of 1 to
 *     {@value #LONGEST_METHOD} characters; empty if they are not known
 * @param level the level of assurance ({@code acr} of OpenID Connect), 1 to {@value #LONGEST_LEVEL} characters; null if it is
 *     not known
 * @param issuer the identity provider ({@code iss}), 1 to {@value #LONGEST_ISSUER} characters; null without a provider
 * @param providerSession the session at the identity provider ({@code sid}), 1 to {@value #LONGEST_PROVIDER_SESSION}
 *     characters; null if it is not known
 * @param actingBy the user who acts as the subject, 1 to {@value #LONGEST_SUBJECT} characters; null normally
 * @param elevations what the user confirmed: each scope, of 1 to {@value #LONGEST_SCOPE} characters, with its end, exact to the
 *     millisecond; at most {@value #MAX_ELEVATIONS}, in the order of their names
 */
public record SignInFacts(
        @Nullable Instant at,
        List<String> methods,
        @Nullable String level,
        @Nullable String issuer,
        @Nullable String providerSession,
        @Nullable String actingBy,
        Map<String, Instant> elevations) {
    /** The maximum number of methods. */
    public static final int MAX_METHODS = 8;
    /** The maximum number of characters of a method. */
    public static final int LONGEST_METHOD = 32;
    /** The maximum number of characters of a level. */
    public static final int LONGEST_LEVEL = 128;
    /** The maximum number of characters of an issuer. */
    public static final int LONGEST_ISSUER = 512;
    /** The maximum number of characters of a provider's session. */
    public static final int LONGEST_PROVIDER_SESSION = 256;
    /** The maximum number of characters of the user who acts. */
    public static final int LONGEST_SUBJECT = 256;
    /** The maximum number of scopes that are elevated at once. */
    public static final int MAX_ELEVATIONS = 16;
    /** The maximum number of characters of a scope. */
    public static final int LONGEST_SCOPE = 64;
    /** A user signed in when the record was created, and nothing else is known. */
    public static final SignInFacts NONE = new SignInFacts(null, List.of(), null, null, null, null, Map.of());

    /**
     * Checks the texts and their number.
     *
     * @param at when the user signed in, or null
     * @param methods the methods of authentication
     * @param level the level of assurance, or null
     * @param issuer the identity provider, or null
     * @param providerSession the session at the identity provider, or null
     * @param actingBy the user who acts as the subject, or null
     * @param elevations each scope with its end
     * @throws IllegalArgumentException if a text is empty, too long or not well-formed, or if there are too many
     */
    public SignInFacts {
        at = at == null ? null : at.truncatedTo(ChronoUnit.MILLIS);
        methods = List.copyOf(methods);
        requireAtMost(MAX_METHODS, "methods of authentication", methods.size());
        methods.forEach(method -> requireText("a method of authentication", method, LONGEST_METHOD));
        requireText("a level of assurance", level, LONGEST_LEVEL);
        requireText("an identity provider", issuer, LONGEST_ISSUER);
        requireText("the session of an identity provider", providerSession, LONGEST_PROVIDER_SESSION);
        requireText("the user who acts as another", actingBy, LONGEST_SUBJECT);
        elevations = sorted(elevations);
    }

    private static Map<String, Instant> sorted(Map<String, Instant> elevations) {
        if (elevations.isEmpty()) {
            return Map.of();
        }
        requireAtMost(MAX_ELEVATIONS, "scopes elevated at once", elevations.size());
        SortedMap<String, Instant> sorted = new TreeMap<>();
        elevations.forEach((scope, end) -> {
            requireText("a scope", Objects.requireNonNull(scope, "scope"), LONGEST_SCOPE);
            sorted.put(scope, end.truncatedTo(ChronoUnit.MILLIS));
        });
        return Collections.unmodifiableSortedMap(sorted);
    }

    private static void requireAtMost(int most, String what, int number) {
        if (number > most) {
            throw new IllegalArgumentException(
                    "there can be at most " + most + " " + what + ", but there are " + number);
        }
    }

    private static void requireText(String what, @Nullable String text, int longest) {
        if (text == null) {
            return;
        }
        if (text.isEmpty() || text.length() > longest) {
            throw new IllegalArgumentException(
                    what + " must have 1 to " + longest + " characters, but has " + text.length());
        }
        if (text.codePoints().anyMatch(SignInFacts::isRefused)) {
            throw new IllegalArgumentException(
                    what + " must be well-formed Unicode without control characters and unpaired surrogates");
        }
    }

    private static boolean isRefused(int codePoint) {
        return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
    }

    /**
     * Returns what these facts say in a record of this creation time; null if that is nothing. A login creates
     * a record, so no user signs in later.
     */
    @Nullable
    SignInFacts in(Instant createdAt) {
        SignInFacts facts = at != null && !at.isBefore(createdAt.truncatedTo(ChronoUnit.MILLIS)) ? withAt(null) : this;
        return facts.equals(NONE) ? null : facts;
    }

    /**
     * Returns these facts with another time.
     *
     * @param time when the user signed in, or null if that is when the record was created
     * @return the facts
     */
    public SignInFacts withAt(@Nullable Instant time) {
        return new SignInFacts(time, methods, level, issuer, providerSession, actingBy, elevations);
    }

    /**
     * Returns these facts with other elevated scopes.
     *
     * @param scopes each scope with its end
     * @return the facts
     */
    public SignInFacts withElevations(Map<String, Instant> scopes) {
        return new SignInFacts(at, methods, level, issuer, providerSession, actingBy, scopes);
    }

    /** Shows no user and no identity. */
    @Override
    public String toString() {
        return "SignInFacts[methods " + methods + "]";
    }
}
