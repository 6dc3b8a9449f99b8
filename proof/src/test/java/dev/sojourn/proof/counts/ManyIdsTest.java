package dev.sojourn.proof.counts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Key;
import dev.sojourn.SignedIn;
import dev.sojourn.proof.site.Site;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The ids that a client has left within the last minutes cost those who list or end its user's sessions nothing. */
class ManyIdsTest {
    private static final int IDS = 1_000;
    private static final Key<String> NO_ONES = Key.of("an attribute that no session has", String.class);

    private static Site site() {
        Site site = new Site();
        site.page("/handle", (session, exchange) -> session.publicId());
        site.page(
                "/end-others",
                (session, exchange) ->
                        String.valueOf(site.sessions().of("alice").endOthers(session)));
        return site;
    }

    /** At most four calls, and three for each session that lives. */
    private static void costsAsLittle(Site site, int live, Runnable work) {
        site.store().forget();
        work.run();
        List<String> calls = site.store().calls();
        assertThat(calls.size()).as("calls %s", calls).isLessThanOrEqualTo(4 + 3 * live);
    }

    private static String repeated(String token, UnaryOperator<String> visit) {
        String last = token;
        for (int i = 0; i < IDS; i++) {
            last = visit.apply(last);
        }
        return last;
    }

    private static void listsAndEnds(Site site, String token) {
        String other = site.get("/login?alice").token();
        costsAsLittle(
                site,
                2,
                () -> assertThat(site.sessions().of("alice").list())
                        .extracting(SignedIn::publicId)
                        .containsExactlyInAnyOrder(
                                site.as(token, "/handle").body(),
                                site.as(other, "/handle").body()));
        costsAsLittle(
                site,
                2,
                () -> assertThat(site.sessions().of("alice").end("no handle of anybody's"))
                        .isFalse());
        costsAsLittle(
                site,
                2,
                () -> assertThat(site.sessions().of("alice").endIf(NO_ONES, value -> true))
                        .isZero());
        costsAsLittle(
                site, 2, () -> assertThat(site.as(token, "/end-others").body()).isEqualTo("1"));
        costsAsLittle(
                site, 1, () -> assertThat(site.sessions().of("alice").endAll()).isEqualTo(1));
        assertThat(site.as(token, "/subject").body()).isEqualTo("null");
        costsAsLittle(
                site, 0, () -> assertThat(site.sessions().of("alice").list()).isEmpty());
    }

    @Test
    void a_thousand_new_ids_of_one_session_cost_nothing() {
        try (Site site = site()) {
            String token = repeated(
                    site.get("/login?alice").token(),
                    each -> site.as(each, "/change-id").token());
            listsAndEnds(site, token);
        }
    }

    @Test
    void a_thousand_logins_over_one_another_cost_nothing() {
        try (Site site = site()) {
            String token = repeated(
                    site.get("/login?alice").token(),
                    each -> site.as(each, "/login?alice").token());
            listsAndEnds(site, token);
        }
    }

    @Test
    void a_thousand_logins_and_logouts_cost_nothing() {
        try (Site site = site()) {
            String token = repeated(site.get("/login?alice").token(), each -> {
                site.as(each, "/logout");
                return site.get("/login?alice").token();
            });
            listsAndEnds(site, token);
        }
    }

    @Test
    void a_thousand_regenerated_sessions_cost_nothing() {
        try (Site site = site()) {
            String token = repeated(site.get("/login?alice").token(), each -> {
                String guest = site.as(each, "/regenerate").token();
                return site.as(guest, "/login?alice").token();
            });
            listsAndEnds(site, token);
        }
    }

    @Test
    void a_thousand_changes_of_the_user_cost_either_nothing() {
        try (Site site = site()) {
            String token = repeated(site.get("/login?alice").token(), each -> {
                String bob = site.as(each, "/login?bob").token();
                return site.as(bob, "/login?alice").token();
            });
            costsAsLittle(
                    site,
                    0,
                    () -> assertThat(site.sessions().of("bob").endAll()).isZero());
            listsAndEnds(site, token);
        }
    }

    @Test
    void a_handle_from_a_list_that_was_read_before_still_ends_the_session() {
        try (Site site = site()) {
            String token = site.get("/login?alice").token();
            String other = site.get("/login?alice").token();
            String handle = site.as(token, "/handle").body();
            for (int i = 0; i < 4; i++) {
                token = site.as(token, i % 2 == 0 ? "/change-id" : "/login?alice")
                        .token();
            }

            costsAsLittle(
                    site,
                    2,
                    () -> assertThat(site.sessions().of("alice").end(handle)).isTrue());

            assertThat(site.as(token, "/subject").body()).isEqualTo("null");
            assertThat(site.as(other, "/subject").body()).isEqualTo("alice");
        }
    }

    @Test
    void a_former_handle_ends_nothing_of_another_users() {
        try (Site site = site()) {
            String alice = site.get("/login?alice").token();
            String handle = site.as(alice, "/handle").body();
            String bob = site.as(alice, "/login?bob").token();

            assertThat(site.sessions().of("bob").end(handle)).isFalse();
            assertThat(site.sessions().of("alice").end(handle)).isFalse();

            assertThat(site.as(bob, "/subject").body()).isEqualTo("bob");
        }
    }

    @Test
    void more_sessions_than_one_page_of_the_index_are_listed_and_ended_once_each() {
        try (Site site = site()) {
            for (int i = 0; i < 250; i++) {
                site.get("/login?alice");
            }
            costsAsLittle(
                    site,
                    250,
                    () -> assertThat(site.sessions().of("alice").list()).hasSize(250));
            costsAsLittle(
                    site,
                    250,
                    () -> assertThat(site.sessions().of("alice").endAll()).isEqualTo(250));
        }
    }
}
