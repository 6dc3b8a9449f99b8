package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.Reply;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.testing.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A session that one request has to itself, where no other request waits for it: one try, and an answer at once. */
class ExclusiveWithoutWaitingTest {
    private final SettableClock clock = new SettableClock();
    private final MemoryStore store = new MemoryStore();

    private static void withoutWaiting(Sessions.Config config) {
        config.exclusive("/add", "/hold").exclusiveWait(Duration.ZERO);
    }

    /** A node whose path {@code /add} reads a number and sets the next one. */
    private Site node() {
        Site site = new Site(clock, new SpyStore(store), ExclusiveWithoutWaitingTest::withoutWaiting);
        site.page("/add", (session, exchange) -> add(session));
        return site;
    }

    private static String add(Session session) {
        Integer n = session.get("n", Integer.class);
        int next = n == null ? 1 : n + 1;
        session.set("n", next);
        return String.valueOf(next);
    }

    private static void assertRefused(Reply reply) {
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("Retry-After")).isNotEmpty();
        assertThat(reply.cookies()).isEmpty();
    }

    @Test
    void a_free_session_is_given_at_the_first_try() {
        try (Site site = node()) {
            String token = site.begin("x");

            assertThat(site.as(token, "/add").body()).isEqualTo("1");
            assertThat(site.as(token, "/add").body()).isEqualTo("2");

            assertThat(site.store().calls())
                    .containsExactly(
                            "load", "compareAndSet", "compareAndSet", "load", "compareAndSet", "compareAndSet");
        }
    }

    @Test
    void a_request_on_the_same_node_is_refused_without_a_store_call() {
        try (Site site = node()) {
            String token = site.begin("x");
            List<Reply> refused = new ArrayList<>();
            site.page("/hold", (session, exchange) -> {
                add(session);
                site.store().forget();
                refused.add(site.visit("/add", Site.cookie(token)));
                assertThat(site.store().calls()).isEmpty();
                return "ok";
            });

            assertThat(site.as(token, "/hold").status()).isEqualTo(200);

            assertRefused(refused.get(0));
            assertThat(site.as(token, "/add").body()).isEqualTo("2");
        }
    }

    @Test
    void a_request_on_another_node_is_refused_after_one_look() {
        try (Site holder = node();
                Site other = node()) {
            String token = holder.begin("x");
            List<Reply> refused = new ArrayList<>();
            holder.page("/hold", (session, exchange) -> {
                add(session);
                refused.add(other.as(token, "/add"));
                return "ok";
            });

            assertThat(holder.as(token, "/hold").status()).isEqualTo(200);

            assertRefused(refused.get(0));
            assertThat(other.store().calls()).containsExactly("load");
            assertThat(other.as(token, "/add").body()).isEqualTo("2");
        }
    }

    @Test
    void a_lease_whose_holder_died_is_no_obstacle_once_it_has_run_out() {
        try (Site holder = node();
                Site other = node()) {
            String token = holder.begin("x");
            List<String> got = new ArrayList<>();
            holder.page("/hold", (session, exchange) -> {
                session.has("n");
                clock.advance(Duration.ofSeconds(31));
                got.add(other.as(token, "/add").body());
                return "ok";
            });

            holder.as(token, "/hold");

            assertThat(got).containsExactly("1");
        }
    }

    @Test
    void a_lease_of_which_the_store_did_not_say_whether_it_was_taken_is_held_if_the_record_says_so() {
        try (Site site = node()) {
            String token = site.begin("x");
            site.page("/add", (session, exchange) -> {
                site.store().loseAnswer("compareAndSet");
                session.has("n");
                site.store().mend();
                return add(session);
            });

            assertThat(site.as(token, "/add").body()).isEqualTo("1");
        }
    }

    @Test
    void a_session_that_changes_at_the_moment_of_the_only_try_is_refused() {
        try (Site writer = node();
                Site site = node()) {
            String token = writer.begin("x");
            site.store().before("compareAndSet", () -> {
                site.store().mend();
                writer.as(token, "/set?y");
            });

            assertRefused(site.as(token, "/add"));

            assertThat(site.store().calls()).containsExactly("load", "compareAndSet");
            assertThat(site.as(token, "/add").body()).isEqualTo("1");
            assertThat(site.as(token, "/read").body()).isEqualTo("y");
        }
    }
}
