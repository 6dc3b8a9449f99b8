package dev.sojourn.histories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.histories.Violation.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The checker finds the violations in handwritten histories, and none in unusual but correct ones. */
class CheckerTest {
    private static final String OWNER = "owner";
    private static final String USER = "user";

    private final List<Operation> history = new ArrayList<>();
    private int lastId;

    // ---- writes

    @Test
    void sequential_requests_and_one_with_an_unknown_outcome_are_correct() {
        start(0, 1, "t");
        int one = mark(2, 3, "t");
        int lost = add(OperationKind.MARK, 4, 5, "t", OperationOutcome.unknown("cut"));
        mark(6, 7, "t", one, lost);
        read(8, 9, "t", "marks", one + "," + lost + "," + lastId);

        assertNoViolation();
    }

    @Test
    void two_concurrent_requests_may_take_effect_in_either_order() {
        start(0, 1, "t");
        int one = add(OperationKind.MARK, 2, 6, "t", done("marks", "3,2"));
        int other = add(OperationKind.MARK, 3, 5, "t", done("marks", "3"));
        read(4, 8, "t", "marks", Integer.toString(other));
        read(9, 10, "t", "marks", other + "," + one);

        assertNoViolation();
    }

    @Test
    void a_missing_acknowledged_write_is_lost() {
        start(0, 1, "t");
        mark(2, 3, "t");
        read(4, 5, "t");

        assertFound(Rule.LOST_WRITE);
    }

    @Test
    void an_observed_write_with_an_unknown_outcome_must_stay() {
        start(0, 1, "t");
        int lost = add(OperationKind.MARK, 2, 3, "t", OperationOutcome.unknown("cut"));
        read(4, 5, "t", "marks", Integer.toString(lost));
        read(6, 7, "t");

        assertFound(Rule.REGRESSION);
    }

    @Test
    void two_lists_that_are_not_prefixes_of_one_list_are_a_violation() {
        start(0, 1, "t");
        int one = add(OperationKind.MARK, 2, 9, "t", done("marks", "2"));
        int other = add(OperationKind.MARK, 2, 9, "t", done("marks", "3"));
        read(3, 8, "t", "marks", one + "," + other);

        assertFound(Rule.REGRESSION);
    }

    @Test
    void a_write_with_an_unknown_outcome_that_counts_twice_is_doubled() {
        start(0, 1, "t");
        int lost = add(OperationKind.MARK, 2, 3, "t", OperationOutcome.unknown("503"));
        read(4, 5, "t", "marks", lost + "," + lost);

        assertFound(Rule.DOUBLED_WRITE);
    }

    @Test
    void an_observed_refused_write_is_invented() {
        start(0, 1, "t");
        int refused = add(OperationKind.MARK, 2, 3, "t", OperationOutcome.refused("503 Nothing was saved."));
        read(4, 5, "t", "marks", Integer.toString(refused));

        assertFound(Rule.INVENTED_WRITE);
    }

    @Test
    void a_write_overwritten_by_a_get_and_set_is_lost() {
        start(0, 1, "t");
        add(OperationKind.NAIVE, 2, 5, "t", done("naive", "2"));
        add(OperationKind.NAIVE, 3, 6, "t", done("naive", "3"));
        read(7, 8, "t", "naive", "3");

        assertFound(Rule.LOST_WRITE);
    }

    // ---- the counter

    @Test
    void two_increments_with_the_same_sum_are_a_lost_increment() {
        start(0, 1, "t");
        count(2, 5, "t", 1);
        count(3, 6, "t", 1);

        assertFound(Rule.LOST_WRITE);
    }

    @Test
    void a_sum_below_the_acknowledged_increments_is_a_lost_increment() {
        start(0, 1, "t");
        count(2, 3, "t", 1);
        count(4, 5, "t", 2);
        read(6, 7, "t", "count", "1");

        assertFound(Rule.LOST_WRITE);
    }

    @Test
    void a_sum_above_the_possible_increments_is_a_doubled_increment() {
        start(0, 1, "t");
        count(2, 3, "t", 1);
        add(OperationKind.COUNT, 4, 5, "t", OperationOutcome.unknown("cut"));
        read(6, 7, "t", "count", "3");

        assertFound(Rule.DOUBLED_WRITE);
    }

    @Test
    void an_increment_with_an_unknown_outcome_may_take_effect_late_or_never() {
        start(0, 1, "t");
        add(OperationKind.COUNT, 2, 3, "t", OperationOutcome.unknown("cut"));
        read(4, 5, "t");
        count(6, 7, "t", 2);
        read(8, 9, "t", "count", "2");

        assertNoViolation();
    }

    // ---- an attribute that is set

    @Test
    void a_value_replaced_by_a_later_acknowledged_set_must_not_be_observed_again() {
        start(0, 1, "t");
        int old = set(2, 3, "t");
        set(4, 5, "t");
        read(6, 7, "t", "a", Integer.toString(old));

        assertFound(Rule.LOST_WRITE);
    }

    @Test
    void a_replaced_set_with_an_unknown_outcome_must_not_be_observed_again() {
        start(0, 1, "t");
        int unknown = add(OperationKind.SET, 2, 3, "t", OperationOutcome.unknown("503"));
        read(4, 5, "t", "a", Integer.toString(unknown));
        set(6, 7, "t");
        read(8, 9, "t", "a", Integer.toString(unknown));

        assertFound(Rule.REGRESSION);
    }

    @Test
    void a_set_with_an_unknown_outcome_may_take_effect_late() {
        start(0, 1, "t");
        int unknown = add(OperationKind.SET, 2, 3, "t", OperationOutcome.unknown("cut"));
        set(4, 5, "t");
        read(6, 7, "t", "a", Integer.toString(unknown));

        assertNoViolation();
    }

    // ---- the owner

    @Test
    void data_of_another_session_is_a_violation() {
        start(0, 1, "t");
        add(
                OperationKind.READ,
                2,
                3,
                "t",
                OperationOutcome.done(new SessionView(Map.of("owner", "someone else")), null));

        assertFound(Rule.FOREIGN_DATA);
    }

    @Test
    void another_user_than_the_signed_in_one_is_a_violation() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        read(4, 5, "t2", "subject", "someone else");

        assertFound(Rule.FOREIGN_DATA);
    }

    @Test
    void one_token_of_two_sessions_is_a_violation() {
        start(0, 1, "t");
        start(2, 3, "t");

        assertFound(Rule.COOKIE);
    }

    // ---- the lifecycle

    @Test
    void a_session_that_is_alive_after_an_acknowledged_logout_is_a_violation() {
        start(0, 1, "t");
        add(OperationKind.LOGOUT, 2, 3, "t", done());
        read(4, 5, "t");

        assertFound(Rule.ENDED_SESSION_ALIVE);
    }

    @Test
    void a_logout_also_ends_the_session_under_the_id_of_a_concurrent_login() {
        start(0, 1, "t");
        login(2, 4, "t", "t2");
        add(OperationKind.LOGOUT, 3, 5, "t", done());
        read(6, 7, "t2", "subject", USER);

        assertFound(Rule.ENDED_SESSION_ALIVE);
    }

    @Test
    void a_former_id_must_open_nothing_after_an_acknowledged_login() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        read(4, 5, "t");

        assertFound(Rule.ENDED_SESSION_ALIVE);
    }

    @Test
    void a_logout_with_an_unknown_outcome_may_have_ended_the_session() {
        start(0, 1, "t");
        add(OperationKind.LOGOUT, 2, 3, "t", OperationOutcome.unknown("cut"));
        read(4, 5, "t");
        add(OperationKind.READ, 6, 7, "t", OperationOutcome.noSession());

        assertNoViolation();
    }

    @Test
    void a_session_that_disappears_without_an_end_is_lost() {
        start(0, 1, "t");
        add(OperationKind.READ, 2, 3, "t", OperationOutcome.noSession());

        assertFound(Rule.LOST_SESSION);
    }

    @Test
    void a_session_that_disappears_after_a_refused_logout_is_lost() {
        start(0, 1, "t");
        add(OperationKind.LOGOUT, 2, 3, "t", OperationOutcome.refused("503 Nothing was saved."));
        add(OperationKind.READ, 4, 5, "t", OperationOutcome.noSession());

        assertFound(Rule.LOST_SESSION);
    }

    @Test
    void an_acknowledged_login_whose_token_opens_nothing_is_lost() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        add(OperationKind.READ, 4, 5, "t2", OperationOutcome.noSession());

        assertFound(Rule.LOST_SESSION);
    }

    @Test
    void a_session_that_lost_its_subject_is_a_violation() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        read(4, 5, "t2");

        assertFound(Rule.LOST_SESSION);
    }

    @Test
    void the_second_of_two_concurrent_logins_may_start_a_new_session() {
        start(0, 1, "t");
        login(2, 5, "t", "t2");
        login(3, 6, "t", "t3");
        read(7, 8, "t2", "subject", USER);
        add(OperationKind.READ, 9, 10, "t3", OperationOutcome.noSession());

        assertNoViolation();
    }

    @Test
    void two_logins_that_both_continue_the_session_are_a_violation() {
        start(0, 1, "t");
        login(2, 5, "t", "t2");
        login(3, 6, "t", "t3");
        read(7, 8, "t2", "subject", USER);
        read(9, 10, "t3", "subject", USER);

        assertFound(Rule.DUPLICATED_SESSION);
    }

    @Test
    void a_write_before_a_login_must_be_present_after_it() {
        start(0, 1, "t");
        mark(2, 3, "t");
        login(4, 5, "t", "t2");
        read(6, 7, "t2", "subject", USER);

        assertFound(Rule.LOST_WRITE);
    }

    // ---- all sessions of a user

    @Test
    void a_users_session_that_is_alive_after_end_all_is_a_violation() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        add(OperationKind.END_ALL, 4, 5, null, done());
        read(6, 7, "t2", "subject", USER);

        assertFound(Rule.ENDED_SESSION_ALIVE);
    }

    @Test
    void end_all_does_not_end_later_or_anonymous_sessions() {
        start(0, 1, "t");
        add(OperationKind.END_ALL, 2, 3, null, done());
        login(4, 5, "t", "t2");
        read(6, 7, "t2", "subject", USER);

        assertNoViolation();
    }

    @Test
    void end_others_keeps_the_current_session() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        add(OperationKind.END_OTHERS, 4, 5, "t2", done("subject", USER));
        add(OperationKind.READ, 6, 7, "t2", OperationOutcome.noSession());

        assertFound(Rule.LOST_SESSION);
    }

    @Test
    void a_session_ended_by_its_public_id_must_not_come_back() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        read(4, 5, "t2", "subject", USER, "publicId", "h");
        add(OperationKind.END_ONE, 6, 7, null, done("ended", "h"));
        read(8, 9, "t2", "subject", USER);

        assertFound(Rule.ENDED_SESSION_ALIVE);
    }

    @Test
    void a_session_missing_from_its_users_list_is_a_violation() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        add(OperationKind.END_ONE, 4, 5, "t2", done("subject", USER));

        assertFound(Rule.LOST_SESSION);
    }

    @Test
    void an_end_all_that_finished_before_a_login_does_not_excuse_the_loss_of_its_session() {
        start(0, 1, "t");
        add(OperationKind.END_ALL, 2, 3, null, done());
        add(OperationKind.END_OTHERS, 2, 3, null, done());
        login(4, 5, "t", "t2");
        add(OperationKind.READ, 6, 7, "t2", OperationOutcome.noSession());

        assertFound(Rule.LOST_SESSION);
    }

    @Test
    void a_refused_end_all_does_not_excuse_the_loss_of_a_session() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        add(OperationKind.END_ALL, 4, 5, null, OperationOutcome.refused("not sent"));
        add(OperationKind.END_OTHERS, 4, 5, null, OperationOutcome.refused("409 Nothing was saved."));
        add(OperationKind.END_ONE, 4, 5, null, OperationOutcome.refused("503 Nothing was saved."));
        add(OperationKind.END_ALL, 4, 5, null, OperationOutcome.noSession());
        add(OperationKind.READ, 6, 7, "t2", OperationOutcome.noSession());

        assertFound(Rule.LOST_SESSION);
    }

    @Test
    void an_end_all_during_or_after_a_login_may_have_ended_its_session() {
        start(0, 1, "t");
        login(2, 5, "t", "t2");
        add(OperationKind.END_ALL, 1, 3, null, done());
        add(OperationKind.READ, 6, 7, "t2", OperationOutcome.noSession());

        assertNoViolation();
    }

    @Test
    void an_end_all_without_a_response_may_take_effect_late() {
        start(0, 1, "t");
        add(OperationKind.END_ALL, 2, 3, null, OperationOutcome.unknown("Connection reset"));
        login(4, 5, "t", "t2");
        add(OperationKind.READ, 6, 7, "t2", OperationOutcome.noSession());

        assertNoViolation();
    }

    @Test
    void an_end_all_with_an_unknown_outcome_does_not_end_sessions_created_after_its_response() {
        start(0, 1, "t");
        add(
                OperationKind.END_ALL,
                2,
                3,
                null,
                OperationOutcome.unknown("503 It is not known whether your change was saved."));
        login(4, 5, "t", "t2");
        add(OperationKind.READ, 6, 7, "t2", OperationOutcome.noSession());

        assertFound(Rule.LOST_SESSION);
    }

    @Test
    void an_end_of_another_session_does_not_excuse_the_loss_of_this_one() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        read(4, 5, "t", "subject", USER, "publicId", "former");
        read(4, 5, "t2", "subject", USER, "publicId", "mine");
        add(OperationKind.END_ONE, 6, 7, null, done("ended", "another's"));
        add(OperationKind.END_ONE, 6, 7, null, done());
        add(OperationKind.READ, 8, 9, "t2", OperationOutcome.noSession());

        assertThat(Checker.check(history)).extracting(Violation::rule).contains(Rule.LOST_SESSION);
    }

    @Test
    void a_session_that_may_be_the_one_ended_by_public_id_may_be_missing() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        add(OperationKind.END_ONE, 4, 5, null, done("ended", "perhaps this session"));
        add(OperationKind.READ, 6, 7, "t2", OperationOutcome.noSession());

        assertNoViolation();
    }

    @Test
    void a_login_from_a_session_that_is_being_ended_may_start_a_new_session() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        add(OperationKind.LOGIN, 4, 9, "t2", OperationOutcome.done(view("subject", USER), "t3"));
        add(OperationKind.END_ALL, 5, 6, null, done());
        add(OperationKind.READ, 10, 11, "t3", OperationOutcome.noSession());

        assertNoViolation();
    }

    // ---- cookies and responses

    @Test
    void a_failed_request_must_not_clear_the_cookie() {
        start(0, 1, "t");
        add(
                OperationKind.READ,
                2,
                3,
                "t",
                new OperationOutcome(OperationOutcome.Status.UNKNOWN, null, null, true, "503"));

        assertFound(Rule.COOKIE);
    }

    @Test
    void an_invalid_response_is_a_violation() {
        start(0, 1, "t");
        add(
                OperationKind.READ,
                2,
                3,
                "t",
                new OperationOutcome(OperationOutcome.Status.INVALID, null, null, false, "500"));

        assertFound(Rule.INVALID_RESPONSE);
    }

    // ---- outages, whose acknowledgements count as unknown

    @Test
    void writes_acknowledged_during_an_outage_may_be_lost() {
        start(0, 1, "t");
        int before = mark(2, 3, "t");
        mark(11, 12, "t", before);
        login(13, 14, "t", "t2");
        add(OperationKind.LOGOUT, 15, 16, "t", done());
        count(17, 18, "t", 1);
        read(21, 22, "t", "marks", Integer.toString(before));
        add(OperationKind.COUNT, 23, 24, "t", done("count", "1", "result", "1", "marks", Integer.toString(before)));
        add(OperationKind.READ, 25, 26, "t2", OperationOutcome.noSession());

        assertThat(Checker.check(history))
                .extracting(Violation::rule)
                .contains(Rule.LOST_WRITE, Rule.ENDED_SESSION_ALIVE, Rule.LOST_SESSION);
        assertThat(violationsAfter(new Outage(10, 20))).isEmpty();
    }

    @Test
    void an_outage_does_not_excuse_losses_of_earlier_or_later_acknowledgements() {
        start(0, 1, "t");
        int before = mark(2, 3, "t");
        read(31, 32, "t");
        int after = mark(33, 34, "t");
        read(35, 36, "t");

        assertThat(violationsAfter(new Outage(10, 20)))
                .filteredOn(each -> each.rule() == Rule.LOST_WRITE)
                .extracting(each -> each.evidence().get(0).id())
                .containsExactlyInAnyOrder(before, after);
    }

    @Test
    void an_outage_does_not_excuse_violations_by_sessions_from_before_it() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        start(4, 5, "u");
        add(OperationKind.LOGOUT, 6, 7, "u", done());
        mark(12, 13, "t2");
        add(OperationKind.READ, 31, 32, "t2", OperationOutcome.noSession());
        read(33, 34, "u");

        assertThat(violationsAfter(new Outage(10, 20)))
                .extracting(Violation::rule)
                .containsExactlyInAnyOrder(Rule.LOST_SESSION, Rule.ENDED_SESSION_ALIVE);
    }

    private List<Violation> violationsAfter(Outage outage) {
        return Checker.check(outage.withUnknownOutcomes(history)).stream()
                .filter(each -> each.rule() != Rule.COOKIE)
                .toList();
    }

    // ---- helpers

    private void start(long start, long end, String newToken) {
        add(OperationKind.START, start, end, null, OperationOutcome.done(view(), newToken));
    }

    private void login(long start, long end, String token, String newToken) {
        add(OperationKind.LOGIN, start, end, token, OperationOutcome.done(view(), newToken));
    }

    private int mark(long start, long end, String token, int... before) {
        List<String> list = new ArrayList<>();
        for (int id : before) {
            list.add(Integer.toString(id));
        }
        list.add(Integer.toString(lastId + 1));
        return add(OperationKind.MARK, start, end, token, done("marks", String.join(",", list)));
    }

    private void count(long start, long end, String token, int sum) {
        add(
                OperationKind.COUNT,
                start,
                end,
                token,
                done("count", Integer.toString(sum), "result", Integer.toString(sum)));
    }

    private int set(long start, long end, String token) {
        return add(OperationKind.SET, start, end, token, done("a", Integer.toString(lastId + 1)));
    }

    private void read(long start, long end, String token, String... namesAndValues) {
        add(OperationKind.READ, start, end, token, done(namesAndValues));
    }

    private static OperationOutcome done(String... namesAndValues) {
        return OperationOutcome.done(view(namesAndValues), null);
    }

    private static SessionView view(String... namesAndValues) {
        Map<String, String> values = new TreeMap<>(Map.of(SessionView.OWNER, OWNER));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new SessionView(values);
    }

    private int add(OperationKind kind, long start, long end, @Nullable String token, OperationOutcome outcome) {
        int id = ++lastId;
        String register = kind == OperationKind.SET ? "a" : "";
        history.add(new Operation(id, kind, OWNER, USER, register, token, 0, start, end, outcome));
        return id;
    }

    private void assertNoViolation() {
        assertThat(Checker.check(history)).isEmpty();
    }

    private void assertFound(Rule rule) {
        assertThat(Checker.check(history))
                .extracting(Violation::rule)
                .contains(rule)
                .doesNotHaveDuplicates();
        assertThat(Checker.check(history))
                .allSatisfy(each -> assertThat(each.evidence()).isNotEmpty());
    }
}
