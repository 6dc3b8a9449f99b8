package dev.sojourn.engine;

import dev.sojourn.SignIn;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SignInFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What follows from the facts of a sign-in: whether it is fresh, and which scopes are elevated. Uses no clock. */
final class SignInRules {
    /** How long a scope can be elevated, and how long a user can act as another. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** The method of {@link SignIn#remembered}. */
    private static final String REMEMBERED = SignIn.remembered().methods().get(0);

    private SignInRules() {}

    /** Returns the facts that a login writes. */
    static SignInFacts facts(SignIn how) {
        return new SignInFacts(
                how.at(), how.methods(), how.level(), how.issuer(), how.providerSession(), null, Map.of());
    }

    /** Returns the facts of a user who acts as another. */
    static SignInFacts actingBy(String user) {
        return new SignInFacts(null, List.of(), null, null, null, user, Map.of());
    }

    /** Returns how the user of a record signed in, with the time; null if no user is signed in. */
    static @Nullable SignIn signIn(SessionRecord record) {
        Instant at = record.signedInAt();
        return at == null
                ? null
                : signIn(Objects.requireNonNullElse(record.signIn(), SignInFacts.NONE)
                        .withAt(at));
    }

    /** Returns facts as the application sees them. */
    static SignIn signIn(SignInFacts facts) {
        SignIn how = SignIn.by(facts.methods().toArray(String[]::new));
        how = facts.level() == null ? how : how.level(facts.level());
        how = facts.issuer() == null ? how : how.provider(facts.issuer(), facts.providerSession());
        return facts.at() == null ? how : how.at(facts.at());
    }

    /** Rejects a time that is no age. */
    static void requireAge(Duration maxAge) {
        if (maxAge.isNegative()) {
            throw new IllegalArgumentException("maxAge is zero or more, not " + maxAge);
        }
    }

    /** Whether the user signed in less than this time ago. Who acts as another has not signed in as that user. */
    static boolean isFresh(SignInFacts facts, Duration maxAge, Instant now) {
        return facts.actingBy() == null
                && facts.at() != null
                && !facts.methods().contains(REMEMBERED)
                && now.isBefore(facts.at().plus(maxAge));
    }

    /** Rejects a time that is too short or too long. */
    static void requireTtl(Duration ttl) {
        if (ttl.compareTo(SHORTEST) < 0 || ttl.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("the ttl lies between 1 second and 1 day, not " + ttl);
        }
    }

    /** An end further ahead than any elevation lasts was written by a wrong clock. */
    static boolean isElevated(SignInFacts facts, String scope, Instant now) {
        Instant end = facts.elevations().get(scope);
        return end != null
                && now.isBefore(end)
                && !end.isAfter(now.plus(LONGEST).plus(LONGEST));
    }

    /** Returns facts with a scope elevated until then, without those that have ended. Of too many, drops the one that ends first. */
    static SignInFacts elevate(SignInFacts facts, String scope, Instant until, Instant now) {
        Map<String, Instant> elevations = new TreeMap<>(facts.elevations());
        elevations.values().removeIf(end -> !now.isBefore(end));
        elevations.remove(scope);
        while (elevations.size() >= SignInFacts.MAX_ELEVATIONS) {
            elevations.entrySet().stream()
                    .min(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                    .ifPresent(first -> elevations.remove(first.getKey()));
        }
        elevations.put(scope, until);
        return facts.withElevations(elevations);
    }

    static SignInFacts dropElevation(SignInFacts facts, String scope) {
        if (!facts.elevations().containsKey(scope)) {
            return facts;
        }
        Map<String, Instant> elevations = new TreeMap<>(facts.elevations());
        elevations.remove(scope);
        return facts.withElevations(elevations);
    }

    /** Returns a record whose user confirms everything anew. */
    static SessionRecord withoutElevations(SessionRecord record) {
        SignInFacts facts = record.signIn();
        return facts == null || facts.elevations().isEmpty()
                ? record
                : record.withSignIn(facts.withElevations(Map.of()));
    }
}
