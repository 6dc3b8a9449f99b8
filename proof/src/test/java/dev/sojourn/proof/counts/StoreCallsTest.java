package dev.sojourn.proof.counts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.OnLimit;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.testing.TestExchange;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The store calls of each kind of request, over real sockets. */
class StoreCallsTest {
    private static List<String> cost(Site site, String token, String path) {
        site.store().clearCalls();
        assertThat(site.getAs(token, path).status()).isEqualTo(200);
        return site.store().calls();
    }

    @Test
    void an_untouched_request_costs_nothing() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            RawResponse response = site.getAs(token, "/untouched");
            assertThat(site.store().calls()).isEmpty();
            assertThat(response.cookies()).isEmpty();
            assertThat(response.header("Vary")).isEmpty();
        }
    }

    @Test
    void a_read_costs_one_load() {
        try (Site site = new Site()) {
            assertThat(cost(site, site.startSession("x"), "/read")).containsExactly("load");
        }
    }

    @Test
    void a_read_without_a_session_costs_nothing() {
        try (Site site = new Site()) {
            assertThat(site.get("/read").cookies()).isEmpty();
            assertThat(site.store().calls()).isEmpty();
        }
    }

    @Test
    void a_read_and_a_write_cost_two_calls() {
        try (Site site = new Site()) {
            assertThat(cost(site, site.startSession("x"), "/change?y")).containsExactly("load", "compareAndSet");
        }
    }

    @Test
    void setting_the_current_value_costs_only_the_load() {
        try (Site site = new Site()) {
            assertThat(cost(site, site.startSession("x"), "/change?x")).containsExactly("load");
        }
    }

    @Test
    void a_new_session_costs_one_create() {
        try (Site site = new Site()) {
            site.get("/set?x");
            assertThat(site.store().calls()).containsExactly("create");
        }
    }

    @Test
    void a_forged_id_costs_nothing() {
        try (Site site = new Site()) {
            site.startSession("x");
            assertThat(cost(site, "A".repeat(43) + "." + "B".repeat(43), "/read"))
                    .isEmpty();
        }
    }

    @Test
    void a_login_with_a_session_costs_five_calls() {
        try (Site site = new Site()) {
            assertThat(cost(site, site.startSession("x"), "/login?alice"))
                    .containsExactly("load", "enter", "create", "enter", "compareAndSet");
        }
    }

    @Test
    void a_login_without_a_session_costs_three_calls() {
        try (Site site = new Site()) {
            site.get("/login?alice");
            assertThat(site.store().calls()).containsExactly("enter", "create", "enter");
        }
    }

    @Test
    void a_login_under_a_limit_costs_two_calls_more_plus_the_count_and_in_the_first_hour_another_one() {
        try (Site site = new Site(c -> c.maxSessionsPerUser(3, OnLimit.REFUSE_LOGIN))) {
            site.get("/login?alice");
            assertThat(site.store().calls())
                    .containsExactly("load", "find", "create", "enter", "create", "enter", "compareAndSet");
            site.store().clearCalls();
            site.get("/login?alice");
            assertThat(site.store().calls())
                    .containsExactly("load", "find", "load", "enter", "create", "enter", "compareAndSet");
            assertThat(cost(site, site.startSession("x"), "/login?alice"))
                    .containsExactly(
                            "load",
                            "load",
                            "find",
                            "load",
                            "load",
                            "enter",
                            "create",
                            "enter",
                            "compareAndSet",
                            "compareAndSet");
        }
    }

    @Test
    void a_login_that_ends_the_oldest_session_costs_one_delete_more() {
        try (Site site = new Site(c -> c.maxSessionsPerUser(1, OnLimit.END_OLDEST))) {
            site.get("/login?alice");
            site.store().clearCalls();
            site.get("/login?alice");
            assertThat(site.store().calls())
                    .containsExactly("load", "find", "load", "enter", "create", "enter", "delete", "compareAndSet");
        }
    }

    @Test
    void everything_but_a_login_costs_the_same_under_a_limit() {
        try (Site site = new Site(c -> c.maxSessionsPerUser(1, OnLimit.REFUSE_LOGIN))) {
            String token = site.get("/login?alice").token();
            assertThat(cost(site, token, "/untouched")).isEmpty();
            assertThat(cost(site, token, "/read")).containsExactly("load");
            assertThat(cost(site, token, "/set?x")).containsExactly("load", "compareAndSet");
            assertThat(cost(site, token, "/login?alice"))
                    .as("in the same session")
                    .containsExactly("load", "enter", "create", "enter", "compareAndSet");
        }
    }

    @Test
    void a_logout_costs_two_calls() {
        try (Site site = new Site()) {
            assertThat(cost(site, site.startSession("x"), "/logout")).containsExactly("load", "delete");
        }
    }

    @Test
    void an_exclusive_request_costs_one_load_and_two_writes() {
        try (Site site = new Site(c -> c.exclusive("/change", "/read"))) {
            String token = site.startSession("x");
            assertThat(cost(site, token, "/change?y")).containsExactly("load", "compareAndSet", "compareAndSet");
            assertThat(cost(site, token, "/read")).containsExactly("load", "compareAndSet", "compareAndSet");
            assertThat(cost(site, token, "/untouched")).isEmpty();
        }
    }

    @Test
    void a_list_costs_one_call_plus_one_per_session() {
        try (Site site = new Site()) {
            site.get("/login?alice");
            site.get("/login?alice");
            site.store().clearCalls();
            assertThat(site.sessions().of("alice").list()).hasSize(2);
            assertThat(site.store().calls()).containsExactly("find", "load", "load");
        }
    }

    @Test
    void end_others_costs_two_calls_plus_two_per_ended_session() {
        try (Site site = new Site()) {
            site.addPage(
                    "/end-others",
                    (session, exchange) ->
                            String.valueOf(site.sessions().of("alice").endOthers(session)));
            for (int i = 0; i < 2; i++) {
                site.get("/login?alice");
                site.clock().advance(Duration.ofMillis(1));
            }
            String token = site.get("/login?alice").token();
            assertThat(cost(site, token, "/end-others"))
                    .containsExactly("load", "advanceEpoch", "find", "load", "delete", "load", "delete");
        }
    }

    @Test
    void a_read_adds_a_touch_once_per_touch_interval() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            site.clock().advance(Duration.ofMinutes(1));
            assertThat(cost(site, token, "/read")).containsExactly("load", "touch");
            site.clock().advance(Duration.ofSeconds(59));
            assertThat(cost(site, token, "/read")).containsExactly("load");
        }
    }

    @Test
    void a_destroyed_session_that_is_used_again_costs_three_calls() {
        try (Site site = new Site()) {
            site.addPage("/again", (session, exchange) -> {
                session.destroy();
                session.set("a", "new");
                return "ok";
            });
            assertThat(cost(site, site.startSession("x"), "/again")).containsExactly("load", "delete", "create");
        }
    }

    @Test
    void an_update_of_an_existing_session_costs_two_calls() {
        try (Site site = new Site()) {
            assertThat(cost(site, site.startSession("x"), "/count")).containsExactly("load", "compareAndSet");
        }
    }

    @Test
    void a_change_after_an_update_costs_one_more_call() {
        try (Site site = new Site()) {
            site.addPage("/both", (session, exchange) -> {
                session.update("n", Integer.class, n -> 1);
                session.set("a", "later");
                return "ok";
            });
            assertThat(cost(site, site.startSession("x"), "/both"))
                    .containsExactly("load", "compareAndSet", "compareAndSet");
        }
    }

    @Test
    void save_uninitialized_costs_one_create_per_client_without_a_session() {
        try (Site site = new Site(c -> c.saveUninitialized())) {
            RawResponse response = site.get("/untouched");
            assertThat(site.store().calls()).containsExactly("create");
            assertThat(cost(site, response.token(), "/untouched")).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void save_uninitialized_saves_untouched_sessions() {
        Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET).saveUninitialized());
        TestExchange first = new TestExchange("/");
        try (SessionScope scope = sessions.open(first)) {
            scope.commit();
        }

        new TestExchange("/", Site.cookie(first.token()))
                .serve(sessions, session -> assertThat(session.isNew()).isFalse());
    }

    @Test
    void resave_costs_one_load_and_one_compare_and_set_per_request_with_a_token() {
        try (Site site = new Site(c -> c.resave())) {
            String token = site.startSession("x");
            assertThat(cost(site, token, "/untouched")).containsExactly("load", "compareAndSet");
            assertThat(cost(site, token, "/read")).containsExactly("load", "compareAndSet");
            site.store().clearCalls();
            site.get("/untouched");
            assertThat(site.store().calls()).isEmpty();
        }
    }

    @Test
    void rolling_costs_one_load_and_one_touch_per_request_with_a_token_and_sends_the_token_again() {
        try (Site site = new Site(c -> c.rolling())) {
            String token = site.startSession("x");
            RawResponse response = site.getAs(token, "/untouched");
            assertThat(site.store().calls()).containsExactly("load", "touch");
            assertThat(response.token()).isEqualTo(token);
            site.store().clearCalls();
            assertThat(site.get("/untouched").cookies()).isEmpty();
            assertThat(site.store().calls()).isEmpty();
        }
    }

    @Test
    void an_expired_session_costs_a_load_and_a_delete() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            site.clock().advance(Duration.ofMinutes(30));
            assertThat(cost(site, token, "/read")).containsExactly("load", "delete");
        }
    }
}
