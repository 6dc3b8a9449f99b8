package dev.sojourn.histories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.histories.AccessOutcome.Status;
import dev.sojourn.histories.AccessViolation.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The checker of tokens finds the violations in handwritten histories, and none in unusual but correct ones. */
class AccessCheckerTest {
    private static final AccessTimes TIMES = new AccessTimes(20, 50);

    /** Tolerates 40 on the first node, and lost responses. */
    private static final AccessTimes LENIENT = new AccessTimes(20, 50, 40, true);

    private final List<AccessOperation> history = new ArrayList<>();
    private AccessTimes times = TIMES;

    // ---- the delay

    @Test
    void another_node_may_accept_a_token_until_the_delay_has_passed() {
        login(0, 2);
        logout(5, 10, 0);
        add(AccessKind.USE, 30, 90, "a", 1, accepted());
        add(AccessKind.USE, 31, 91, "a", 1, refused());

        assertNoViolation();
    }

    @Test
    void another_node_that_accepts_a_token_later_is_found() {
        login(0, 2);
        logout(5, 10, 0);
        add(AccessKind.USE, 31, 32, "a", 1, accepted());

        assertFound(Rule.ACCEPTED_AFTER_LOGOUT);
    }

    @Test
    void the_node_of_the_logout_accepts_nothing_afterwards() {
        login(0, 2);
        logout(5, 10, 0);
        add(AccessKind.USE, 11, 12, "a", 0, accepted());

        assertFound(Rule.ACCEPTED_AFTER_LOGOUT);
    }

    @Test
    void a_session_that_is_loaded_after_its_logout_is_found_on_every_node() {
        login(0, 2);
        logout(5, 10, 0);
        add(AccessKind.LOAD, 11, 12, "a", 1, accepted());

        assertFound(Rule.ACCEPTED_AFTER_LOGOUT);
    }

    @Test
    void a_refresh_after_a_logout_is_found_on_every_node() {
        login(0, 2);
        add(AccessKind.REVOKE, 5, 10, token(1), 0, accepted());
        refresh(11, 12, 1, 1);

        assertFound(Rule.REFRESHED_AFTER_LOGOUT);
    }

    @Test
    void a_refresh_that_began_before_the_acknowledgement_may_succeed() {
        login(0, 2);
        add(AccessKind.REVOKE, 5, 10, token(1), 0, accepted());
        refresh(9, 12, 1, 1);

        assertNoViolation();
    }

    @Test
    void a_logout_with_an_unknown_outcome_promises_nothing_and_excuses_a_refusal() {
        login(0, 2);
        add(AccessKind.LOGOUT, 5, 10, "a", 0, AccessOutcome.of(Status.UNKNOWN, "cut"));
        add(AccessKind.USE, 90, 91, "a", 0, accepted());
        add(AccessKind.USE, 92, 93, "a", 0, refused());

        assertNoViolation();
    }

    @Test
    void the_end_of_all_sessions_ends_those_that_began_before() {
        login(0, 2);
        endAll(3, 10);
        add(AccessKind.USE, 31, 32, "a", 1, accepted());

        assertFound(Rule.ACCEPTED_AFTER_LOGOUT);
    }

    @Test
    void the_end_of_all_sessions_may_miss_a_login_that_it_overlaps() {
        login(0, 4);
        endAll(3, 10);
        add(AccessKind.USE, 31, 32, "a", 1, accepted());

        assertNoViolation();
    }

    @Test
    void a_refused_session_stays_refused() {
        login(0, 2);
        add(AccessKind.LOGOUT, 5, 10, "a", 0, AccessOutcome.of(Status.UNKNOWN, "cut"));
        add(AccessKind.USE, 12, 13, "a", 1, refused());
        add(AccessKind.USE, 34, 35, "a", 0, accepted());

        assertFound(Rule.ACCEPTED_AFTER_REFUSAL);
    }

    // ---- no user is signed out by mistake

    @Test
    void a_refusal_without_an_end_is_found() {
        login(0, 2);
        add(AccessKind.USE, 5, 6, "a", 1, refused());

        assertFound(Rule.SIGNED_OUT);
    }

    @Test
    void a_logout_that_was_refused_or_not_done_excuses_no_refusal() {
        login(0, 2);
        add(AccessKind.LOGOUT, 3, 4, "a", 0, AccessOutcome.of(Status.NOT_DONE, "503 Nothing was saved."));
        add(AccessKind.USE, 5, 6, "a", 1, refused());

        assertFound(Rule.SIGNED_OUT);
    }

    @Test
    void an_end_of_all_sessions_that_was_acknowledged_before_the_login_excuses_no_refusal() {
        login(10, 12);
        endAll(0, 9);
        add(AccessKind.USE, 15, 16, "a", 1, refused());

        assertFound(Rule.SIGNED_OUT);
    }

    @Test
    void two_tabs_one_of_which_is_refused_within_the_grace_period_are_found() {
        login(0, 2);
        refresh(60, 62, 1, 2);
        add(AccessKind.REFRESH, 61, 90, token(1), 1, refused());

        assertFound(Rule.SIGNED_OUT);
    }

    @Test
    void a_repeated_request_after_a_lost_response_that_is_refused_within_the_grace_period_is_found() {
        login(0, 2);
        add(AccessKind.REFRESH, 60, 62, token(1), 0, issued(2).ignored());
        add(AccessKind.REFRESH, 63, 64, token(1), 1, refused());

        assertFound(Rule.SIGNED_OUT);
    }

    @Test
    void a_refresh_token_that_is_used_again_after_the_grace_period_may_end_its_session() {
        login(0, 2);
        refresh(60, 62, 1, 2);
        add(AccessKind.REFRESH, 109, 111, token(1), 1, refused());
        add(AccessKind.USE, 112, 113, "a", 0, refused());

        assertNoViolation();
    }

    @Test
    void a_request_that_a_paused_node_may_still_hold_may_end_its_session_later() {
        login(0, 2);
        refresh(60, 62, 1, 2);
        add(AccessKind.REFRESH, 61, 70, token(1), 1, AccessOutcome.of(Status.ABANDONED, "no response in time"));
        add(AccessKind.USE, 200, 201, "a", 0, refused());

        assertNoViolation();
    }

    // ---- successors

    @Test
    void all_requests_of_the_grace_period_get_one_successor() {
        login(0, 2);
        refresh(3, 4, 1, 1);
        refresh(60, 70, 1, 2);
        refresh(61, 69, 1, 2);
        refresh(71, 72, 2, 2);
        refresh(120, 121, 2, 3);

        assertNoViolation();
    }

    @Test
    void two_forms_of_one_generation_are_two_successors() {
        login(0, 2);
        refresh(60, 70, 1, 2);
        add(AccessKind.REFRESH, 61, 69, token(1), 1, issued("refresh=family.2.other"));

        assertFound(Rule.SECOND_SUCCESSOR);
    }

    @Test
    void a_successor_before_the_grace_period_has_passed_is_found() {
        login(0, 2);
        refresh(60, 62, 1, 2);
        refresh(63, 64, 2, 3);

        assertFound(Rule.SECOND_SUCCESSOR);
    }

    @Test
    void a_generation_that_skips_its_successor_is_found() {
        login(0, 2);
        refresh(60, 62, 1, 2);
        refresh(120, 121, 2, 3);
        refresh(122, 123, 1, 3);

        assertFound(Rule.SECOND_SUCCESSOR);
    }

    @Test
    void a_refresh_token_of_another_session_is_found() {
        login(0, 2);
        add(AccessKind.REFRESH, 3, 4, token(1), 0, issued("refresh=other.1.mac"));

        assertFound(Rule.SECOND_SUCCESSOR);
    }

    // ---- lenient nodes

    @Test
    void a_tolerant_node_accepts_a_token_for_longer_than_the_other_one() {
        times = LENIENT;
        login(0, 2);
        logout(5, 10, 1);
        add(AccessKind.USE, 50, 51, "a", AccessMode.TOLERANT_NODE, accepted());
        assertNoViolation();

        add(AccessKind.USE, 51, 52, "a", AccessMode.TOLERANT_NODE, accepted());
        assertFound(Rule.ACCEPTED_AFTER_LOGOUT);
    }

    @Test
    void a_refresh_token_may_skip_a_successor_that_was_lost_and_rotation_goes_on_from_there() {
        login(0, 2);
        refresh(60, 61, 1, 2);
        refresh(130, 131, 1, 3);
        refresh(190, 191, 3, 4);
        assertFound(Rule.SECOND_SUCCESSOR);

        times = LENIENT;
        assertNoViolation();
    }

    @Test
    void a_client_that_is_signed_out_because_its_response_was_lost_is_found() {
        login(0, 2);
        refresh(60, 61, 1, 2);
        add(AccessKind.REFRESH, 130, 131, token(1), 1, refused());
        assertNoViolation();

        times = LENIENT;
        assertFound(Rule.SIGNED_OUT);
    }

    @Test
    void a_refresh_token_whose_successor_was_used_may_end_the_session_of_a_lenient_node() {
        times = LENIENT;
        login(0, 2);
        refresh(60, 61, 1, 2);
        refresh(125, 126, 2, 3);
        add(AccessKind.REFRESH, 130, 131, token(1), 1, refused());

        assertNoViolation();
    }

    // ---- responses

    @Test
    void the_session_of_another_client_is_found() {
        login(0, 2);
        AccessOutcome foreign = new AccessOutcome(Status.ACCEPTED, "200", null, null, "other/user", false, false);
        add(AccessKind.USE, 3, 4, "a", 0, foreign);

        assertFound(Rule.FOREIGN_DATA);
    }

    @Test
    void a_failed_request_that_issues_a_token_is_found() {
        add(
                AccessKind.LOGIN,
                0,
                2,
                null,
                0,
                new AccessOutcome(Status.NOT_DONE, "503 Nothing was saved.", "a", null, null, false, false));

        assertFound(Rule.COOKIE);
    }

    @Test
    void a_request_that_ends_no_session_and_removes_the_cookie_is_found() {
        login(0, 2);
        add(
                AccessKind.REFRESH,
                3,
                4,
                token(1),
                0,
                new AccessOutcome(Status.UNKNOWN, "503", null, null, null, true, false));

        assertFound(Rule.COOKIE);
    }

    @Test
    void a_logout_and_a_refusal_after_it_may_remove_the_cookie() {
        login(0, 2);
        add(AccessKind.LOGOUT, 3, 4, "a", 0, cleared(Status.ACCEPTED));
        add(AccessKind.REFRESH, 5, 6, token(1), 0, cleared(Status.REFUSED));

        assertNoViolation();
    }

    @Test
    void a_login_may_fail_if_all_sessions_are_ended_at_once_and_only_then() {
        add(AccessKind.LOGIN, 5, 12, null, 0, AccessOutcome.of(Status.NOT_DONE, "409 Nothing was saved."));
        endAll(3, 10);
        assertNoViolation();
        history.remove(1);

        assertFound(Rule.SIGNED_OUT);
    }

    @Test
    void an_internal_error_is_found() {
        login(0, 2);
        add(AccessKind.USE, 3, 4, "a", 0, AccessOutcome.of(Status.INVALID, "500"));

        assertFound(Rule.INVALID_RESPONSE);
    }

    @Test
    void only_refusals_that_had_to_be_count() {
        login(0, 2);
        logout(5, 10, 0);
        add(AccessKind.USE, 12, 13, "a", 1, refused());
        add(AccessKind.USE, 31, 32, "a", 1, refused());

        assertThat(AccessChecker.countRefusedInTime(history, TIMES)).isEqualTo(1);
    }

    // ---- histories

    private void login(long start, long end) {
        add(AccessKind.LOGIN, start, end, null, 0, issued(1));
    }

    private void logout(long start, long end, int node) {
        add(AccessKind.LOGOUT, start, end, "a", node, accepted());
    }

    /** Another session of the same user ends all. */
    private void endAll(long start, long end) {
        add("another", AccessKind.END_ALL, start, end, "b", 0, accepted());
    }

    private void refresh(long start, long end, long presented, long got) {
        add(AccessKind.REFRESH, start, end, token(presented), 1, issued(got));
    }

    private void add(AccessKind kind, long start, long end, @Nullable String token, int node, AccessOutcome outcome) {
        add("family", kind, start, end, token, node, outcome);
    }

    private void add(
            String family,
            AccessKind kind,
            long start,
            long end,
            @Nullable String token,
            int node,
            AccessOutcome outcome) {
        history.add(new AccessOperation(history.size() + 1, kind, family, "user", token, node, start, end, outcome));
    }

    private static String token(long generation) {
        return "refresh=family." + generation + ".mac";
    }

    private static AccessOutcome accepted() {
        return AccessOutcome.of(Status.ACCEPTED, "200");
    }

    private static AccessOutcome refused() {
        return AccessOutcome.of(Status.REFUSED, "401");
    }

    private static AccessOutcome cleared(Status status) {
        return new AccessOutcome(status, "", null, null, null, true, false);
    }

    private static AccessOutcome issued(long generation) {
        return issued(token(generation));
    }

    private static AccessOutcome issued(String refresh) {
        return new AccessOutcome(Status.ACCEPTED, "200", "a", refresh, null, false, false);
    }

    private List<AccessViolation> check() {
        List<AccessOperation> sorted = history.stream()
                .sorted(Comparator.comparingLong(AccessOperation::start))
                .toList();
        return AccessChecker.check(sorted, times);
    }

    private void assertNoViolation() {
        assertThat(check()).isEmpty();
    }

    private void assertFound(Rule rule) {
        assertThat(check()).extracting(AccessViolation::rule).containsOnly(rule);
    }
}
