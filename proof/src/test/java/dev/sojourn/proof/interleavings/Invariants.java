package dev.sojourn.proof.interleavings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Session;
import dev.sojourn.proof.interleavings.Scenario.Outcome;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The invariants of every schedule. */
final class Invariants {
    private Invariants() {}

    /** Asserts that an acknowledged write is in the latest successor of the session's record, unless the session ended. */
    static void acknowledgedWriteIsKept(Outcome outcome, String request, String attribute) {
        if (!outcome.isAcknowledged(request)) {
            return;
        }
        Optional<String> record =
                outcome.cluster().latestRecordOf(outcome.cluster().firstKey());
        assertThat(record.isPresent() && record.get().contains("\"" + attribute + "\":"))
                .as("the acknowledged write of " + attribute)
                .isTrue();
    }

    /** Asserts that each acknowledged increment counts once, and each unknown one at most once. */
    static void everyIncrementCountsOnce(Outcome outcome) {
        Optional<String> record =
                outcome.cluster().latestRecordOf(outcome.cluster().firstKey());
        int counted = record.map(text -> Integer.parseInt(text.replaceAll("(?s).*\"n\":([0-9]+).*", "$1")))
                .orElse(0);
        assertThat((long) counted)
                .as("the counter")
                .isBetween(outcome.acknowledgedCount(), outcome.acknowledgedCount() + outcome.unknown());
    }

    /** Asserts that no cookie of the scenario opens the ended session or one derived from it. */
    static void endedSessionLeavesNothing(Outcome outcome) {
        for (String cookie : outcome.allCookies()) {
            assertThat(outcome.cluster().read(cookie, Invariants::mark))
                    .as("attribute of an ended session")
                    .isEmpty();
        }
    }

    /** Returns the attribute that only the first session and sessions derived from it have. */
    static @Nullable String mark(Session session) {
        return session.get("mark", String.class);
    }

    /** Asserts that the id from before a login opens no signed-in session. */
    static void oldIdOpensNoSignedInSession(Outcome outcome) {
        assertThat(outcome.cluster().read(outcome.cookie(), Session::subject))
                .as("the subject of the former id")
                .isEmpty();
    }

    /** Asserts that the browser is signed in afterwards, whatever the order in which the responses arrive. */
    static void browserIsSignedIn(Outcome outcome, String subject) {
        for (Browser browser : Browser.inEveryOrder(outcome.cookie(), outcome.responses())) {
            assertThat(outcome.cluster().read(browser.cookie(), Session::subject))
                    .as("the browser's subject")
                    .contains(subject);
        }
    }

    /** Asserts that no lease remains if every request got a response. */
    static void noLeaseRemains(Outcome outcome) {
        Optional<String> record =
                outcome.cluster().latestRecordOf(outcome.cluster().firstKey());
        if (outcome.withoutResponse() == 0) {
            assertThat(record.filter(text -> text.contains("\"lease\":")))
                    .as("a lease that was not released")
                    .isEmpty();
        }
    }

    /** Combines several invariants. */
    @SafeVarargs
    static Consumer<Outcome> all(Consumer<Outcome>... invariants) {
        return outcome -> {
            for (Consumer<Outcome> invariant : invariants) {
                invariant.accept(outcome);
            }
        };
    }
}
