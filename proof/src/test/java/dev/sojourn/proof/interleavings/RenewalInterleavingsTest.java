package dev.sojourn.proof.interleavings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Session;
import dev.sojourn.UserSessions;
import dev.sojourn.proof.interleavings.Scenario.Outcome;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Runs every schedule of requests at the moment when the token of their session is due to be replaced, with logouts and logins,
 * with at most one fault. There is one next token, no lost response signs anybody out, nothing is lost, and no renewal brings an
 * ended session back.
 */
final class RenewalInterleavingsTest {
    private static final Duration INTERVAL = Duration.ofMinutes(15);

    private static int finalStates;

    private static void check(Scenario scenario, Consumer<Outcome> invariant) {
        int count = scenario.check(invariant);
        System.out.println("  " + scenario + ": " + count + " final states");
        finalStates += count;
    }

    @AfterAll
    static void print_the_number_of_final_states() {
        System.out.println("renewal: " + finalStates + " final states, all invariants hold");
    }

    /** A signed-in user whose token is due. */
    private static Scenario due(String name) {
        return new Scenario(name, new Cluster(settings -> settings.renewTokenEvery = INTERVAL))
                .startWith(session -> {
                    session.set("n", 0);
                    session.login("alice");
                })
                .beforeRequests(cluster -> {
                    for (int node = 0; node < 3; node++) {
                        cluster.clock(node).advance(INTERVAL);
                    }
                });
    }

    private static void read(Session session) {
        assertThat(session.get("n", Integer.class)).isIn(null, 0, 1, 2);
    }

    private static void increment(Session session) {
        session.update("n", Integer.class, n -> n == null ? 1 : n + 1);
    }

    /** Returns the cookie that the client came with, and those that it may have after any responses. */
    private static Set<String> cookies(Outcome outcome) {
        Browser before = new Browser(outcome.cookie());
        return Stream.concat(
                        Stream.of(before.cookie()),
                        Browser.inEveryOrder(outcome.cookie(), outcome.responses()).stream()
                                .map(Browser::cookie))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    private static void everyCookieOpensTheSession(Outcome outcome) {
        Set<String> cookies = cookies(outcome);
        assertThat(cookies).as("the former token and one next").hasSizeLessThanOrEqualTo(2);
        for (String cookie : cookies) {
            assertThat(outcome.cluster().read(cookie, Session::subject)).contains("alice");
        }
    }

    @Test
    void two_requests_at_once_get_one_next_token_and_both_tokens_open_the_session() {
        check(
                due("read/read")
                        .request("one", RenewalInterleavingsTest::read)
                        .request("two", RenewalInterleavingsTest::read),
                RenewalInterleavingsTest::everyCookieOpensTheSession);
    }

    @Test
    void two_increments_that_renew_each_count_once() {
        check(
                due("update/update")
                        .request("one", RenewalInterleavingsTest::increment)
                        .request("two", RenewalInterleavingsTest::increment),
                outcome -> {
                    everyCookieOpensTheSession(outcome);
                    Invariants.everyIncrementCountsOnce(outcome);
                });
    }

    @Test
    void a_write_during_the_renewal_of_another_request_is_kept() {
        check(
                due("read/set")
                        .request("read", RenewalInterleavingsTest::read)
                        .request("write", session -> session.set("cart", "write")),
                outcome -> {
                    everyCookieOpensTheSession(outcome);
                    Invariants.acknowledgedWriteIsKept(outcome, "write", "cart");
                });
    }

    /** Asserts that nothing of alice is left once a request was acknowledged. */
    private static Consumer<Outcome> nothingIsLeftAfter(String end) {
        return outcome -> {
            if (!outcome.isAcknowledged(end)) {
                return;
            }
            for (String cookie : outcome.allCookies()) {
                assertThat(outcome.cluster().read(cookie, Session::subject))
                        .as("the user of a cookie")
                        .isNotEqualTo(Optional.of("alice"));
            }
        };
    }

    @Test
    void a_logout_persists_despite_a_renewal() {
        check(
                due("read/logout")
                        .request("read", RenewalInterleavingsTest::read)
                        .request("logout", Session::destroy),
                nothingIsLeftAfter("logout"));
    }

    @Test
    void an_end_of_all_sessions_persists_despite_a_renewal() {
        check(
                due("read/end all")
                        .request("read", RenewalInterleavingsTest::read)
                        .userOperation("end", "alice", UserSessions::endAll),
                nothingIsLeftAfter("end"));
    }

    @Test
    void a_login_is_not_undone_by_a_renewal() {
        check(
                due("read/login of another user")
                        .request("read", RenewalInterleavingsTest::read)
                        .request("login", session -> session.login("bob")),
                nothingIsLeftAfter("login"));
    }

    @Test
    void an_id_change_is_not_undone_by_a_renewal() {
        check(
                due("read/changeId")
                        .request("read", RenewalInterleavingsTest::read)
                        .request("change", Session::changeId),
                outcome -> {
                    if (outcome.isAcknowledged("change")) {
                        Browser browser = new Browser(outcome.cookie());
                        browser.receive(outcome.response("change"));
                        assertThat(outcome.cluster().read(browser.cookie(), Session::subject))
                                .contains("alice");
                        assertThat(outcome.cluster().read(outcome.cookie(), Session::subject))
                                .as("the user of the former id")
                                .isEmpty();
                    }
                });
    }
}
