package dev.sojourn.engine;

import dev.sojourn.engine.TokenLookup.Candidate;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.StoreKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Several valid tokens in one request, with the record of each.
 *
 * <p>Any of them may have been planted: an attacker has valid tokens too. So a token counts only where choosing it cannot
 * put a user into another user's session: where the other tokens have no session or their sessions have moved on to this one,
 * or where all are sessions of the same user. Else no token counts.
 */
final class TokenRivals {
    private final List<Rival> rivals;

    private record Rival(Candidate candidate, StoreKey key, StoredState found) {}

    private TokenRivals(List<Rival> rivals) {
        this.rivals = rivals;
    }

    /** Loads the record of each token: one store call each. */
    static TokenRivals load(
            List<Candidate> candidates, RecordFormat format, SessionRecords records, EventBuffer events) {
        List<Rival> rivals = new ArrayList<>();
        for (Candidate each : candidates) {
            StoreKey key = format.keyOf(each.verified().id());
            rivals.add(new Rival(each, key, records.load(key, events)));
        }
        return new TokenRivals(rivals);
    }

    /** Returns the token that counts; empty if none does. */
    Optional<Candidate> choice() {
        List<RecordSnapshot> live = live();
        Set<StoreKey> known = new HashSet<>();
        live.forEach(each -> known.add(each.key()));
        if (live.isEmpty() || !areOfOneUser(live) || !haveMovedTo(known)) {
            return Optional.empty();
        }
        RecordSnapshot newest = live.stream()
                .max(Comparator.comparing(each -> each.record().createdAt()))
                .orElseThrow();
        return rivals.stream()
                .filter(each -> each.key().equals(newest.key()))
                .map(Rival::candidate)
                .findFirst();
    }

    private static boolean areOfOneUser(List<RecordSnapshot> live) {
        @Nullable String first = live.get(0).record().subject();
        return live.size() == 1
                || (first != null
                        && live.stream()
                                .allMatch(each -> first.equals(each.record().subject())));
    }

    /** A session that got a new id lives elsewhere, unless one of the tokens opens its successor. */
    private boolean haveMovedTo(Set<StoreKey> live) {
        return rivals.stream()
                .allMatch(each -> !(each.found() instanceof StoredState.Retired retired)
                        || live.contains(retired.record().successor()));
    }

    /** Whether no token opens a session or a retired record, so that all can be removed. */
    boolean areWorthless() {
        return rivals.stream()
                .noneMatch(each ->
                        each.found() instanceof StoredState.Live || each.found() instanceof StoredState.Retired);
    }

    /** Returns the live sessions. */
    List<RecordSnapshot> live() {
        return rivals.stream()
                .filter(each -> each.found() instanceof StoredState.Live)
                .map(each -> ((StoredState.Live) each.found()).snapshot())
                .toList();
    }
}
