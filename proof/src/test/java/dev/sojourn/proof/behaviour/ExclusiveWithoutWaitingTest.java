package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.testing.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Exclusive sessions with {@code exclusiveWait(ZERO)}: one attempt to take the lease, then an immediate response. */
class ExclusiveWithoutWaitingTest {
    private final SettableClock clock = new SettableClock();
    private final MemoryStore store = new MemoryStore();

    private static void withoutWaiting(Sessions.Config config) {
        config.exclusive("/add", "/hold").exclusiveWait(Duration.ZERO);
    }

    /** Creates a node whose path {@code /add} reads a number and sets its successor. */
    private Site node() {
        Site site = new Site(clock, new SpyStore(store), ExclusiveWithoutWaitingTest::withoutWaiting);
        site.addPage("/add", (session, exchange) -> add(session));
        return site;
    }

    private static String add(Session session) {
        Integer n = session.get("n", Integer.class);
        int next = n == null ? 1 : n + 1;
        session.set("n", next);
        return String.valueOf(next);
    }

    private static void assertRefused(RawResponse response) {
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("Retry-After")).isNotEmpty();
        assertThat(response.cookies()).isEmpty();
    }

    @Test
    void a_free_session_is_leased_at_the_first_attempt() {
        try (Site site = node()) {
            String token = site.startSession("x");

            assertThat(site.getAs(token, "/add").body()).isEqualTo("1");
            assertThat(site.getAs(token, "/add").body()).isEqualTo("2");

            assertThat(site.store().calls())
                    .containsExactly(
                            "load", "compareAndSet", "compareAndSet", "load", "compareAndSet", "compareAndSet");
        }
    }

    @Test
    void a_request_on_the_same_node_is_refused_without_a_store_call() {
        try (Site site = node()) {
            String token = site.startSession("x");
            List<RawResponse> refused = new ArrayList<>();
            site.addPage("/hold", (session, exchange) -> {
                add(session);
                site.store().clearCalls();
                refused.add(site.send("/add", Site.cookie(token)));
                assertThat(site.store().calls()).isEmpty();
                return "ok";
            });

            assertThat(site.getAs(token, "/hold").status()).isEqualTo(200);

            assertRefused(refused.get(0));
            assertThat(site.getAs(token, "/add").body()).isEqualTo("2");
        }
    }

    @Test
    void a_request_on_another_node_is_refused_after_one_load() {
        try (Site holder = node();
                Site other = node()) {
            String token = holder.startSession("x");
            List<RawResponse> refused = new ArrayList<>();
            holder.addPage("/hold", (session, exchange) -> {
                add(session);
                refused.add(other.getAs(token, "/add"));
                return "ok";
            });

            assertThat(holder.getAs(token, "/hold").status()).isEqualTo(200);

            assertRefused(refused.get(0));
            assertThat(other.store().calls()).containsExactly("load");
            assertThat(other.getAs(token, "/add").body()).isEqualTo("2");
        }
    }

    @Test
    void an_expired_lease_of_a_dead_holder_is_ignored() {
        try (Site holder = node();
                Site other = node()) {
            String token = holder.startSession("x");
            List<String> got = new ArrayList<>();
            holder.addPage("/hold", (session, exchange) -> {
                session.has("n");
                clock.advance(Duration.ofSeconds(31));
                got.add(other.getAs(token, "/add").body());
                return "ok";
            });

            holder.getAs(token, "/hold");

            assertThat(got).containsExactly("1");
        }
    }

    @Test
    void a_lease_with_an_unknown_outcome_is_held_if_the_record_contains_it() {
        try (Site site = node()) {
            String token = site.startSession("x");
            site.addPage("/add", (session, exchange) -> {
                site.store().loseResponse("compareAndSet");
                session.has("n");
                site.store().clearFailures();
                return add(session);
            });

            assertThat(site.getAs(token, "/add").body()).isEqualTo("1");
        }
    }

    @Test
    void a_conflict_at_the_only_attempt_is_refused() {
        try (Site writer = node();
                Site site = node()) {
            String token = writer.startSession("x");
            site.store().runBefore("compareAndSet", () -> {
                site.store().clearFailures();
                writer.getAs(token, "/set?y");
            });

            assertRefused(site.getAs(token, "/add"));

            assertThat(site.store().calls()).containsExactly("load", "compareAndSet");
            assertThat(site.getAs(token, "/add").body()).isEqualTo("1");
            assertThat(site.getAs(token, "/read").body()).isEqualTo("y");
        }
    }
}
