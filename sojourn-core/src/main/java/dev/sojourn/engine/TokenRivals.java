package dev.sojourn.engine;

import dev.sojourn.engine.TokenLookup.Candidate;
import dev.sojourn.spi.StoreKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Several valid tokens in one request, and what each of them stands for.
 *
 * <p>Any of them may have been planted: an attacker has valid tokens of his own. So one counts only where choosing it cannot
 * put a user into a session of somebody else: where the others are dead or have become this one, or where all are sessions of
 * the same user. Else none does.
 */
final class TokenRivals {
    private final List<Rival> rivals;

    private record Rival(Candidate candidate, StoreKey key, StoredState found) {}

    private TokenRivals(List<Rival> rivals) {
        this.rivals = rivals;
    }

    /** Looks at each: one store call for each token. */
    static TokenRivals look(List<Candidate> candidates, SessionRecords vault, EventBuffer events) {
        List<Rival> rivals = new ArrayList<>();
        for (Candidate each : candidates) {
            StoreKey key = vault.keyOf(each.verified().id());
            rivals.add(new Rival(each, key, vault.load(key, events)));
        }
        return new TokenRivals(rivals);
    }

    /** The token that counts; empty if none does. */
    Optional<Candidate> theOne() {
        List<RecordSnapshot> live = live();
        Set<StoreKey> known = new HashSet<>();
        live.forEach(each -> known.add(each.key()));
        if (live.isEmpty() || !areOfOneUser(live) || !haveBecome(known)) {
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

    /** A session that got a new id is alive elsewhere, unless that is what another token stands for. */
    private boolean haveBecome(Set<StoreKey> live) {
        return rivals.stream()
                .allMatch(each -> !(each.found() instanceof StoredState.Retired retired)
                        || live.contains(retired.record().successor()));
    }

    /** Whether no token stands for anything, so that all can be taken away. */
    boolean areWorthless() {
        return rivals.stream()
                .noneMatch(each ->
                        each.found() instanceof StoredState.Live || each.found() instanceof StoredState.Retired);
    }

    /** The sessions that are alive. */
    List<RecordSnapshot> live() {
        return rivals.stream()
                .filter(each -> each.found() instanceof StoredState.Live)
                .map(each -> ((StoredState.Live) each.found()).snapshot())
                .toList();
    }

    /** The sessions that are alive but for one. */
    List<RecordSnapshot> liveBut(StoreKey one) {
        return live().stream().filter(each -> !each.key().equals(one)).toList();
    }
}
