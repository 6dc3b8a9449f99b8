package dev.sojourn.proof.interleavings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Session;
import dev.sojourn.proof.interleavings.Scenario.Outcome;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What must hold after every schedule. */
final class Laws {
    private Laws() {}

    /** A write that was acknowledged is in the session, wherever its successors are; unless the session was ended. */
    static void noAcknowledgedWriteIsLost(Outcome outcome, String request, String attribute) {
        if (!outcome.acknowledged(request)) {
            return;
        }
        Optional<String> record =
                outcome.world().recordAtTheEndOf(outcome.world().firstKey());
        assertThat(record.isPresent() && record.get().contains("\"" + attribute + "\":"))
                .as("the acknowledged write of " + attribute)
                .isTrue();
    }

    /** Each acknowledged increment counts once; one in doubt counts once or not at all. */
    static void everyIncrementCountsOnce(Outcome outcome) {
        Optional<String> record =
                outcome.world().recordAtTheEndOf(outcome.world().firstKey());
        int counted = record.map(text -> Integer.parseInt(text.replaceAll("(?s).*\"n\":([0-9]+).*", "$1")))
                .orElse(0);
        assertThat((long) counted)
                .as("the counter")
                .isBetween(outcome.acknowledged(), outcome.acknowledged() + outcome.inDoubt());
    }

    /** No cookie that anybody ever had opens the ended session or one that came from it. */
    static void nothingOfTheEndedSessionIsLeft(Outcome outcome) {
        for (String cookie : outcome.allCookies()) {
            assertThat(outcome.world().look(cookie, Laws::mark))
                    .as("what an ended session leaves")
                    .isEmpty();
        }
    }

    /** What only the first session, or one that came from it, holds. */
    static @Nullable String mark(Session session) {
        return session.get("mark", String.class);
    }

    /** The id from before a login opens nothing that anybody is signed in to. */
    static void theOldIdOpensNoSignedInSession(Outcome outcome) {
        assertThat(outcome.world().look(outcome.cookie(), Session::subject))
                .as("who the old id is")
                .isEmpty();
    }

    /** In whatever order the answers arrive, the browser is signed in afterwards. */
    static void theBrowserIsSignedIn(Outcome outcome, String subject) {
        for (Browser browser : Browser.inEveryOrder(outcome.cookie(), outcome.answers())) {
            assertThat(outcome.world().look(browser.cookie(), Session::subject))
                    .as("who the browser is")
                    .contains(subject);
        }
    }

    /** Once everybody was answered, whatever the answer, nobody has to wait for a lease to run out. */
    static void nobodyHoldsTheSessionAnyMore(Outcome outcome) {
        Optional<String> record =
                outcome.world().recordAtTheEndOf(outcome.world().firstKey());
        if (outcome.unanswered() == 0) {
            assertThat(record.filter(text -> text.contains("\"lease\":")))
                    .as("a lease that nobody gave back")
                    .isEmpty();
        }
    }

    static void noCookieIsSent(Outcome outcome, String request) {
        assertThat(outcome.answer(request).setCookies())
                .as("cookies of " + request)
                .isEmpty();
    }

    /** Several laws at once. */
    @SafeVarargs
    static Consumer<Outcome> all(Consumer<Outcome>... laws) {
        return outcome -> {
            for (Consumer<Outcome> law : laws) {
                law.accept(outcome);
            }
        };
    }
}
