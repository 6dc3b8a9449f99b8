package dev.sojourn.proof.interleavings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.OnLimit;
import dev.sojourn.Session;
import dev.sojourn.UserSessions;
import dev.sojourn.engine.EngineSettings;
import dev.sojourn.engine.RememberRules;
import dev.sojourn.proof.interleavings.Scenario.Outcome;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Runs every schedule of requests that have their browser remembered, or that it signs in again, with logouts and logins, with
 * at most one fault. After an acknowledged end no remember-me cookie signs anybody in, and no response that is lost or
 * overtaken signs anybody out.
 */
final class RememberInterleavingsTest {
    /** A lost response, and a node that stops: those that leave the two records of a browser half done. */
    private static final Set<Fault> SOME_FAULTS = EnumSet.of(Fault.DONE_RESPONSE_LOST, Fault.STOP_AFTER);

    private static final Duration AFTER_THE_SESSION = Duration.ofHours(1);

    private static int finalStates;

    private static void check(Scenario scenario, Consumer<Outcome> invariant) {
        int count = scenario.check(invariant);
        System.out.println("  " + scenario + ": " + count + " final states");
        finalStates += count;
    }

    @AfterAll
    static void print_the_number_of_final_states() {
        System.out.println("remember-me: " + finalStates + " final states, all invariants hold");
    }

    private static Scenario remembering(String name, Consumer<EngineSettings.Builder> options) {
        return new Scenario(name, new Cluster(settings -> {
            settings.remember = RememberRules.DEFAULT;
            options.accept(settings);
        }));
    }

    /** A signed-in user whose browser is being remembered. */
    private static Scenario beingRemembered(String name) {
        return remembering(name, any -> {})
                .startWith(session -> session.login("alice"))
                .request("remember", RememberInterleavingsTest::rememberIfSignedIn)
                .withFaults(SOME_FAULTS);
    }

    /** A user whose browser is remembered, and whose session has expired. */
    private static Scenario remembered(String name) {
        return remembering(name, any -> {})
                .startWith(RememberInterleavingsTest::loginRemembered)
                .beforeRequests(RememberInterleavingsTest::expireSession)
                .withFaults(SOME_FAULTS);
    }

    private static void loginRemembered(Session session) {
        session.login("alice");
        session.remember();
    }

    private static void rememberIfSignedIn(Session session) {
        if (session.subject() != null) {
            session.remember();
        }
    }

    private static void expireSession(Cluster cluster) {
        for (int node = 0; node < 3; node++) {
            cluster.clock(node).advance(AFTER_THE_SESSION);
        }
    }

    /** Returns what every client has whose session's cookie is lost. */
    private static List<String> rememberCookies(Outcome outcome) {
        return Stream.concat(
                        Stream.of(new Browser(outcome.cookie())),
                        outcome.responses().stream().map(response -> {
                            Browser browser = new Browser(outcome.cookie());
                            browser.receive(response);
                            return browser;
                        }))
                .map(Browser::rememberCookie)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    private static Optional<String> userOf(Outcome outcome, @Nullable String cookie) {
        return outcome.cluster().read(cookie, Session::subject);
    }

    /** Asserts that nothing of alice is left once a request was acknowledged: no cookie and no record. */
    private static Consumer<Outcome> nothingIsLeftAfter(String end) {
        return outcome -> {
            if (!outcome.isAcknowledged(end)) {
                return;
            }
            for (String cookie : rememberCookies(outcome)) {
                assertThat(userOf(outcome, cookie))
                        .as("the user whom a remember-me cookie signs in")
                        .isNotEqualTo(Optional.of("alice"));
            }
            for (String cookie : outcome.allCookies()) {
                assertThat(userOf(outcome, cookie)).as("the user of a cookie").isNotEqualTo(Optional.of("alice"));
            }
            if (outcome.unknown() == 0) {
                assertThat(outcome.cluster().liveRecordsOf("alice"))
                        .as("records of the user")
                        .isEmpty();
            }
        };
    }

    @Test
    void a_browser_that_is_remembered_while_its_user_signs_out_is_not_signed_in_again() {
        check(beingRemembered("remember/logout").request("logout", Session::destroy), nothingIsLeftAfter("logout"));
    }

    @Test
    void a_browser_that_is_remembered_while_its_session_is_ended_is_not_signed_in_again() {
        check(
                beingRemembered("remember/end all").userOperation("end", "alice", UserSessions::endAll),
                nothingIsLeftAfter("end"));
        check(
                beingRemembered("remember/end one")
                        .userOperation(
                                "end", "alice", user -> user.list().forEach(session -> user.end(session.publicId()))),
                nothingIsLeftAfter("end"));
    }

    @Test
    void a_browser_that_is_remembered_while_another_user_signs_in_is_not_signed_in_again() {
        check(
                beingRemembered("remember/login of another user").request("login", session -> session.login("bob")),
                nothingIsLeftAfter("login"));
    }

    @Test
    void a_remembered_browser_is_not_signed_in_again_once_another_user_has_signed_in_even_if_the_node_stops() {
        check(
                remembering("login of another user", any -> {})
                        .startWith(RememberInterleavingsTest::loginRemembered)
                        .request("login", session -> session.login("bob"))
                        .withFaults(SOME_FAULTS),
                outcome -> {
                    nothingIsLeftAfter("login").accept(outcome);
                    if (outcome.cluster().liveRecordsOf("bob").size() == 1) {
                        for (String cookie : rememberCookies(outcome)) {
                            assertThat(userOf(outcome, cookie)).isNotEqualTo(Optional.of("alice"));
                        }
                    }
                });
    }

    @Test
    void a_browser_that_is_remembered_while_the_limit_ends_its_session_is_not_signed_in_again() {
        check(
                remembering("remember/login of another browser, room for one", settings -> {
                            settings.maxSessionsPerUser = 1;
                            settings.onSessionLimit = OnLimit.END_OLDEST;
                        })
                        .startWith(session -> session.login("alice"))
                        .request("remember", RememberInterleavingsTest::rememberIfSignedIn)
                        .requestOfAnotherBrowser("login", session -> session.login("alice"))
                        .withFaults(EnumSet.of(Fault.DONE_RESPONSE_LOST)),
                outcome -> {
                    if (outcome.isAcknowledged("login")) {
                        for (String cookie : rememberCookies(outcome)) {
                            assertThat(userOf(outcome, cookie)).isEmpty();
                        }
                    }
                });
    }

    @Test
    void a_session_that_gets_a_new_id_stays_remembered() {
        check(beingRemembered("remember/changeId").request("change", Session::changeId), outcome -> {
            if (outcome.isAcknowledged("remember") && outcome.withoutResponse() == 0) {
                assertThat(rememberCookies(outcome))
                        .allSatisfy(
                                cookie -> assertThat(userOf(outcome, cookie)).contains("alice"));
            }
        });
    }

    @Test
    void a_browser_that_is_remembered_while_its_session_ends_the_others_stays_remembered() {
        Consumer<Session> login = session -> session.login("alice");
        check(remembersAndEndsOthers("remember/end others", login), RememberInterleavingsTest::staysRemembered);
        check(
                remembersAndEndsOthers("remember again/end others", RememberInterleavingsTest::loginRemembered),
                RememberInterleavingsTest::staysRemembered);
    }

    private static Scenario remembersAndEndsOthers(String name, Consumer<Session> start) {
        Cluster cluster = new Cluster(settings -> settings.remember = RememberRules.DEFAULT);
        return new Scenario(name, cluster)
                .startWith(start)
                .request("remember", RememberInterleavingsTest::rememberIfSignedIn)
                .request("end others", session -> {
                    assertThat(session.subject()).isEqualTo("alice");
                    cluster.sessionsOf("alice", 1).endOthers(session);
                })
                .withFaults(SOME_FAULTS);
    }

    private static void staysRemembered(Outcome outcome) {
        if (outcome.isAcknowledged("remember") && outcome.withoutResponse() == 0) {
            assertThat(outcome.cluster().read(outcome.cookie(), Session::subject))
                    .contains("alice");
            Browser browser = new Browser(outcome.cookie());
            browser.receive(outcome.response("remember"));
            assertThat(browser.rememberCookie()).isNotNull();
            assertThat(userOf(outcome, browser.rememberCookie()))
                    .as("the user whom its remember-me cookie signs in")
                    .contains("alice");
        }
    }

    @Test
    void two_requests_at_once_of_a_remembered_browser_keep_it_signed_in_despite_a_fault() {
        check(
                remembered("remembered/remembered")
                        .request("one", RememberInterleavingsTest::use)
                        .request("two", RememberInterleavingsTest::use),
                outcome -> {
                    for (Browser browser : Browser.inEveryOrder(outcome.cookie(), outcome.responses())) {
                        assertThat(userOf(outcome, browser.cookie()))
                                .as("the browser's user")
                                .contains("alice");
                        assertThat(userOf(outcome, browser.rememberCookie()))
                                .as("the user whom its remember-me cookie signs in")
                                .contains("alice");
                    }
                });
    }

    private static void use(Session session) {
        assertThat(session.subject()).isIn("alice", null);
    }

    @Test
    void a_remembered_browser_that_signs_out_is_not_signed_in_by_another_request() {
        check(
                remembered("remembered/logout")
                        .request("use", RememberInterleavingsTest::use)
                        .request("logout", Session::destroy),
                nothingIsLeftAfter("logout"));
    }

    @Test
    void a_remembered_browser_that_is_ended_is_not_signed_in_by_another_request() {
        check(
                remembered("remembered/end all")
                        .request("use", RememberInterleavingsTest::use)
                        .userOperation("end", "alice", UserSessions::endAll),
                nothingIsLeftAfter("end"));
    }
}
