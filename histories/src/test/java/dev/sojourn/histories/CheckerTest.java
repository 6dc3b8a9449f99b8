package dev.sojourn.histories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.histories.Violation.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The checker finds what is wrong in histories made by hand, and nothing in those that only look odd. */
class CheckerTest {
    private static final String OWNER = "owner";
    private static final String USER = "user";

    private final List<Operation> history = new ArrayList<>();
    private int lastId;

    // ---- writes

    @Test
    void requests_that_follow_each_other_and_one_of_unknown_outcome_are_fine() {
        start(0, 1, "t");
        int one = mark(2, 3, "t");
        int lost = add(Kind.MARK, 4, 5, "t", Answer.unknown("cut"));
        mark(6, 7, "t", one, lost);
        read(8, 9, "t", "marks", one + "," + lost + "," + lastId);

        assertFine();
    }

    @Test
    void two_requests_at_a_time_may_have_happened_in_either_order() {
        start(0, 1, "t");
        int one = add(Kind.MARK, 2, 6, "t", done("marks", "3,2"));
        int other = add(Kind.MARK, 3, 5, "t", done("marks", "3"));
        read(4, 8, "t", "marks", Integer.toString(other));
        read(9, 10, "t", "marks", other + "," + one);

        assertFine();
    }

    @Test
    void an_acknowledged_write_that_is_not_there_is_lost() {
        start(0, 1, "t");
        mark(2, 3, "t");
        read(4, 5, "t");

        assertFound(Rule.LOST_WRITE);
    }

    @Test
    void a_write_of_unknown_outcome_that_was_seen_must_stay() {
        start(0, 1, "t");
        int lost = add(Kind.MARK, 2, 3, "t", Answer.unknown("cut"));
        read(4, 5, "t", "marks", Integer.toString(lost));
        read(6, 7, "t");

        assertFound(Rule.WENT_BACK);
    }

    @Test
    void two_lists_that_are_no_beginnings_of_one_have_lost_something() {
        start(0, 1, "t");
        int one = add(Kind.MARK, 2, 9, "t", done("marks", "2"));
        int other = add(Kind.MARK, 2, 9, "t", done("marks", "3"));
        read(3, 8, "t", "marks", one + "," + other);

        assertFound(Rule.WENT_BACK);
    }

    @Test
    void a_write_of_unknown_outcome_that_counts_twice_is_doubled() {
        start(0, 1, "t");
        int lost = add(Kind.MARK, 2, 3, "t", Answer.unknown("503"));
        read(4, 5, "t", "marks", lost + "," + lost);

        assertFound(Rule.DOUBLED_WRITE);
    }

    @Test
    void a_refused_write_that_is_there_is_invented() {
        start(0, 1, "t");
        int refused = add(Kind.MARK, 2, 3, "t", Answer.refused("503 Nothing was saved."));
        read(4, 5, "t", "marks", Integer.toString(refused));

        assertFound(Rule.INVENTED_WRITE);
    }

    @Test
    void a_plain_get_then_set_that_overwrites_another_has_lost_it() {
        start(0, 1, "t");
        add(Kind.NAIVE, 2, 5, "t", done("naive", "2"));
        add(Kind.NAIVE, 3, 6, "t", done("naive", "3"));
        read(7, 8, "t", "naive", "3");

        assertFound(Rule.LOST_WRITE);
    }

    // ---- the counter

    @Test
    void two_increments_with_one_sum_have_lost_one() {
        start(0, 1, "t");
        count(2, 5, "t", 1);
        count(3, 6, "t", 1);

        assertFound(Rule.LOST_WRITE);
    }

    @Test
    void a_sum_below_what_was_acknowledged_has_lost_an_increment() {
        start(0, 1, "t");
        count(2, 3, "t", 1);
        count(4, 5, "t", 2);
        read(6, 7, "t", "count", "1");

        assertFound(Rule.LOST_WRITE);
    }

    @Test
    void a_sum_above_what_can_have_happened_has_counted_one_twice() {
        start(0, 1, "t");
        count(2, 3, "t", 1);
        add(Kind.COUNT, 4, 5, "t", Answer.unknown("cut"));
        read(6, 7, "t", "count", "3");

        assertFound(Rule.DOUBLED_WRITE);
    }

    @Test
    void an_increment_of_unknown_outcome_may_come_late_or_never() {
        start(0, 1, "t");
        add(Kind.COUNT, 2, 3, "t", Answer.unknown("cut"));
        read(4, 5, "t");
        count(6, 7, "t", 2);
        read(8, 9, "t", "count", "2");

        assertFine();
    }

    // ---- an attribute that is set

    @Test
    void a_value_that_a_later_acknowledged_set_replaced_is_not_seen_again() {
        start(0, 1, "t");
        int old = set(2, 3, "t");
        set(4, 5, "t");
        read(6, 7, "t", "a", Integer.toString(old));

        assertFound(Rule.LOST_WRITE);
    }

    @Test
    void a_set_of_unknown_outcome_does_not_come_back_once_it_was_replaced() {
        start(0, 1, "t");
        int unknown = add(Kind.SET, 2, 3, "t", Answer.unknown("503"));
        read(4, 5, "t", "a", Integer.toString(unknown));
        set(6, 7, "t");
        read(8, 9, "t", "a", Integer.toString(unknown));

        assertFound(Rule.WENT_BACK);
    }

    @Test
    void a_set_of_unknown_outcome_may_come_late() {
        start(0, 1, "t");
        int unknown = add(Kind.SET, 2, 3, "t", Answer.unknown("cut"));
        set(4, 5, "t");
        read(6, 7, "t", "a", Integer.toString(unknown));

        assertFine();
    }

    // ---- whose session

    @Test
    void data_of_another_session_is_foreign() {
        start(0, 1, "t");
        add(Kind.READ, 2, 3, "t", Answer.done(new View(Map.of("owner", "somebody else")), null));

        assertFound(Rule.FOREIGN_DATA);
    }

    @Test
    void another_user_than_the_one_who_signed_in_is_foreign() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        read(4, 5, "t2", "subject", "somebody else");

        assertFound(Rule.FOREIGN_DATA);
    }

    @Test
    void one_token_for_two_sessions_is_found() {
        start(0, 1, "t");
        start(2, 3, "t");

        assertFound(Rule.COOKIE);
    }

    // ---- life

    @Test
    void a_session_that_is_there_after_an_acknowledged_logout_is_back_from_the_dead() {
        start(0, 1, "t");
        add(Kind.LOGOUT, 2, 3, "t", done());
        read(4, 5, "t");

        assertFound(Rule.RESURRECTED);
    }

    @Test
    void a_logout_ends_the_session_under_the_id_that_a_login_gave_it_meanwhile() {
        start(0, 1, "t");
        login(2, 4, "t", "t2");
        add(Kind.LOGOUT, 3, 5, "t", done());
        read(6, 7, "t2", "subject", USER);

        assertFound(Rule.RESURRECTED);
    }

    @Test
    void an_old_id_opens_nothing_after_an_acknowledged_login() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        read(4, 5, "t");

        assertFound(Rule.RESURRECTED);
    }

    @Test
    void a_session_is_gone_after_a_logout_of_unknown_outcome_or_is_not() {
        start(0, 1, "t");
        add(Kind.LOGOUT, 2, 3, "t", Answer.unknown("cut"));
        read(4, 5, "t");
        add(Kind.READ, 6, 7, "t", Answer.empty());

        assertFine();
    }

    @Test
    void a_session_that_is_gone_though_nobody_ended_it_is_lost() {
        start(0, 1, "t");
        add(Kind.READ, 2, 3, "t", Answer.empty());

        assertFound(Rule.LOST_SESSION);
    }

    @Test
    void a_session_that_is_gone_after_a_refused_logout_is_lost() {
        start(0, 1, "t");
        add(Kind.LOGOUT, 2, 3, "t", Answer.refused("503 Nothing was saved."));
        add(Kind.READ, 4, 5, "t", Answer.empty());

        assertFound(Rule.LOST_SESSION);
    }

    @Test
    void an_acknowledged_login_that_opens_nothing_is_undone() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        add(Kind.READ, 4, 5, "t2", Answer.empty());

        assertFound(Rule.LOST_SESSION);
    }

    @Test
    void a_session_that_forgot_who_signed_in_is_found() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        read(4, 5, "t2");

        assertFound(Rule.LOST_SESSION);
    }

    @Test
    void the_second_of_two_logins_at_a_time_begins_afresh() {
        start(0, 1, "t");
        login(2, 5, "t", "t2");
        login(3, 6, "t", "t3");
        read(7, 8, "t2", "subject", USER);
        add(Kind.READ, 9, 10, "t3", Answer.empty());

        assertFine();
    }

    @Test
    void two_logins_that_both_took_the_session_with_them_are_found() {
        start(0, 1, "t");
        login(2, 5, "t", "t2");
        login(3, 6, "t", "t3");
        read(7, 8, "t2", "subject", USER);
        read(9, 10, "t3", "subject", USER);

        assertFound(Rule.TWINS);
    }

    @Test
    void what_was_written_before_a_login_is_there_after_it() {
        start(0, 1, "t");
        mark(2, 3, "t");
        login(4, 5, "t", "t2");
        read(6, 7, "t2", "subject", USER);

        assertFound(Rule.LOST_WRITE);
    }

    // ---- all sessions of a user

    @Test
    void no_session_of_a_user_is_there_after_all_were_ended() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        add(Kind.EVERYWHERE, 4, 5, null, done());
        read(6, 7, "t2", "subject", USER);

        assertFound(Rule.RESURRECTED);
    }

    @Test
    void ending_all_sessions_does_not_end_those_that_begin_later_or_belong_to_nobody() {
        start(0, 1, "t");
        add(Kind.EVERYWHERE, 2, 3, null, done());
        login(4, 5, "t", "t2");
        read(6, 7, "t2", "subject", USER);

        assertFine();
    }

    @Test
    void ending_the_others_leaves_the_one_that_asked() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        add(Kind.OTHERS, 4, 5, "t2", done("subject", USER));
        add(Kind.READ, 6, 7, "t2", Answer.empty());

        assertFound(Rule.LOST_SESSION);
    }

    @Test
    void a_session_that_was_ended_by_its_name_does_not_come_back() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        read(4, 5, "t2", "subject", USER, "handle", "h");
        add(Kind.END, 6, 7, null, done("ended", "h"));
        read(8, 9, "t2", "subject", USER);

        assertFound(Rule.RESURRECTED);
    }

    @Test
    void a_session_that_the_list_of_its_user_lacks_is_found() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        add(Kind.END, 4, 5, "t2", done("subject", USER));

        assertFound(Rule.LOST_SESSION);
    }

    @Test
    void an_end_of_all_that_was_over_before_a_sign_in_is_no_excuse_for_its_session() {
        start(0, 1, "t");
        add(Kind.EVERYWHERE, 2, 3, null, done());
        add(Kind.OTHERS, 2, 3, null, done());
        login(4, 5, "t", "t2");
        add(Kind.READ, 6, 7, "t2", Answer.empty());

        assertFound(Rule.LOST_SESSION);
    }

    @Test
    void an_end_of_all_that_was_refused_is_no_excuse() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        add(Kind.EVERYWHERE, 4, 5, null, Answer.refused("not sent"));
        add(Kind.OTHERS, 4, 5, null, Answer.refused("409 Nothing was saved."));
        add(Kind.END, 4, 5, null, Answer.refused("503 Nothing was saved."));
        add(Kind.EVERYWHERE, 4, 5, null, Answer.empty());
        add(Kind.READ, 6, 7, "t2", Answer.empty());

        assertFound(Rule.LOST_SESSION);
    }

    @Test
    void an_end_of_all_that_overlapped_a_sign_in_or_followed_it_may_have_ended_its_session() {
        start(0, 1, "t");
        login(2, 5, "t", "t2");
        add(Kind.EVERYWHERE, 1, 3, null, done());
        add(Kind.READ, 6, 7, "t2", Answer.empty());

        assertFine();
    }

    @Test
    void an_end_of_all_that_nobody_answered_may_come_late() {
        start(0, 1, "t");
        add(Kind.EVERYWHERE, 2, 3, null, Answer.unknown("Connection reset"));
        login(4, 5, "t", "t2");
        add(Kind.READ, 6, 7, "t2", Answer.empty());

        assertFine();
    }

    @Test
    void an_end_of_all_whose_outcome_a_node_does_not_know_ends_nothing_that_began_after_its_answer() {
        start(0, 1, "t");
        add(Kind.EVERYWHERE, 2, 3, null, Answer.unknown("503 It is not known whether your change was saved."));
        login(4, 5, "t", "t2");
        add(Kind.READ, 6, 7, "t2", Answer.empty());

        assertFound(Rule.LOST_SESSION);
    }

    @Test
    void a_session_whose_user_ended_another_one_is_not_excused() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        read(4, 5, "t", "subject", USER, "handle", "former");
        read(4, 5, "t2", "subject", USER, "handle", "mine");
        add(Kind.END, 6, 7, null, done("ended", "another's"));
        add(Kind.END, 6, 7, null, done());
        add(Kind.READ, 8, 9, "t2", Answer.empty());

        assertThat(Checker.check(history)).extracting(Violation::rule).contains(Rule.LOST_SESSION);
    }

    @Test
    void a_session_that_may_be_the_one_that_was_ended_by_its_name_may_be_gone() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        add(Kind.END, 4, 5, null, done("ended", "perhaps this one's"));
        add(Kind.READ, 6, 7, "t2", Answer.empty());

        assertFine();
    }

    @Test
    void a_sign_in_from_a_session_that_is_just_being_ended_begins_afresh() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        add(Kind.LOGIN, 4, 9, "t2", Answer.done(view("subject", USER), "t3"));
        add(Kind.EVERYWHERE, 5, 6, null, done());
        add(Kind.READ, 10, 11, "t3", Answer.empty());

        assertFine();
    }

    // ---- cookies and answers

    @Test
    void a_failed_request_must_not_take_the_cookie_away() {
        start(0, 1, "t");
        add(Kind.READ, 2, 3, "t", new Answer(Answer.Meaning.UNKNOWN, null, null, true, "503"));

        assertFound(Rule.COOKIE);
    }

    @Test
    void an_answer_that_no_client_should_see_is_found() {
        start(0, 1, "t");
        add(Kind.READ, 2, 3, "t", new Answer(Answer.Meaning.ABSURD, null, null, false, "500"));

        assertFound(Rule.ABSURD_ANSWER);
    }

    // ---- an outage, whose acknowledgements nobody believes

    @Test
    void what_was_acknowledged_in_an_outage_may_be_gone_or_not() {
        start(0, 1, "t");
        int before = mark(2, 3, "t");
        mark(11, 12, "t", before);
        login(13, 14, "t", "t2");
        add(Kind.LOGOUT, 15, 16, "t", done());
        count(17, 18, "t", 1);
        read(21, 22, "t", "marks", Integer.toString(before));
        add(Kind.COUNT, 23, 24, "t", done("count", "1", "result", "1", "marks", Integer.toString(before)));
        add(Kind.READ, 25, 26, "t2", Answer.empty());

        assertThat(Checker.check(history))
                .extracting(Violation::rule)
                .contains(Rule.LOST_WRITE, Rule.RESURRECTED, Rule.LOST_SESSION);
        assertThat(found(new Outage(10, 20))).isEmpty();
    }

    @Test
    void what_was_acknowledged_before_or_after_an_outage_is_not_excused_by_it() {
        start(0, 1, "t");
        int before = mark(2, 3, "t");
        read(31, 32, "t");
        int after = mark(33, 34, "t");
        read(35, 36, "t");

        assertThat(found(new Outage(10, 20)))
                .filteredOn(each -> each.rule() == Rule.LOST_WRITE)
                .extracting(each -> each.proof().get(0).id())
                .containsExactlyInAnyOrder(before, after);
    }

    @Test
    void a_session_that_began_or_ended_before_an_outage_is_not_excused_by_it() {
        start(0, 1, "t");
        login(2, 3, "t", "t2");
        start(4, 5, "u");
        add(Kind.LOGOUT, 6, 7, "u", done());
        mark(12, 13, "t2");
        add(Kind.READ, 31, 32, "t2", Answer.empty());
        read(33, 34, "u");

        assertThat(found(new Outage(10, 20)))
                .extracting(Violation::rule)
                .containsExactlyInAnyOrder(Rule.LOST_SESSION, Rule.RESURRECTED);
    }

    private List<Violation> found(Outage outage) {
        return Checker.check(outage.disbelieved(history)).stream()
                .filter(each -> each.rule() != Rule.COOKIE)
                .toList();
    }

    // ---- making histories

    private void start(long start, long end, String given) {
        add(Kind.START, start, end, null, Answer.done(view(), given));
    }

    private void login(long start, long end, String token, String given) {
        add(Kind.LOGIN, start, end, token, Answer.done(view(), given));
    }

    private int mark(long start, long end, String token, int... before) {
        List<String> list = new ArrayList<>();
        for (int id : before) {
            list.add(Integer.toString(id));
        }
        list.add(Integer.toString(lastId + 1));
        return add(Kind.MARK, start, end, token, done("marks", String.join(",", list)));
    }

    private void count(long start, long end, String token, int sum) {
        add(Kind.COUNT, start, end, token, done("count", Integer.toString(sum), "result", Integer.toString(sum)));
    }

    private int set(long start, long end, String token) {
        return add(Kind.SET, start, end, token, done("a", Integer.toString(lastId + 1)));
    }

    private void read(long start, long end, String token, String... namesAndValues) {
        add(Kind.READ, start, end, token, done(namesAndValues));
    }

    private static Answer done(String... namesAndValues) {
        return Answer.done(view(namesAndValues), null);
    }

    private static View view(String... namesAndValues) {
        Map<String, String> things = new TreeMap<>(Map.of(View.OWNER, OWNER));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            things.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new View(things);
    }

    private int add(Kind kind, long start, long end, @Nullable String token, Answer answer) {
        int id = ++lastId;
        String register = kind == Kind.SET ? "a" : "";
        history.add(new Operation(id, kind, OWNER, USER, register, token, 0, start, end, answer));
        return id;
    }

    private void assertFine() {
        assertThat(Checker.check(history)).isEmpty();
    }

    private void assertFound(Rule rule) {
        assertThat(Checker.check(history))
                .extracting(Violation::rule)
                .contains(rule)
                .doesNotHaveDuplicates();
        assertThat(Checker.check(history))
                .allSatisfy(each -> assertThat(each.proof()).isNotEmpty());
    }
}
