package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Key;
import dev.sojourn.UnreadablePolicy;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.StoreException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** {@code pop} and flash messages: what one request leaves, exactly one other request takes. */
class FlashTest {
    private static final int REQUESTS = 40;

    private static Site addPages(Site site) {
        site.addPage("/flash", (session, exchange) -> {
            session.flash("notice", Site.query(exchange));
            exchange.getResponseHeaders().set("Location", "/take");
            exchange.sendResponseHeaders(302, -1);
            return null;
        });
        site.addPage("/save", (session, exchange) -> {
            session.flash("notice", "Saved.");
            exchange.getResponseHeaders().set("Location", "/list");
            exchange.sendResponseHeaders(303, -1);
            return null;
        });
        site.addPage("/list", (session, exchange) -> {
            String notice = session.takeFlash("notice", String.class);
            return String.valueOf(notice);
        });
        site.addPage("/take", (session, exchange) -> String.valueOf(session.takeFlash("notice", String.class)));
        site.addPage("/pop", (session, exchange) -> String.valueOf(session.pop("a", String.class)));
        site.addPage("/pop-number", (session, exchange) -> String.valueOf(session.pop("a", Integer.class)));
        return site;
    }

    @Test
    void a_message_is_read_by_the_page_after_the_redirect_and_by_no_later_one() {
        try (Site site = addPages(new Site())) {
            RawResponse saved = site.get("/save");
            String token = saved.token();

            assertThat(saved.header("Location")).hasValue("/list");
            assertThat(site.getAs(token, "/list").body()).isEqualTo("Saved.");
            assertThat(site.getAs(token, "/list").body()).isEqualTo("null");
        }
    }

    @Test
    void a_message_survives_a_sign_in_and_ends_with_the_session() {
        try (Site site = addPages(new Site())) {
            String token = site.get("/flash?hello").token();
            String signedIn = site.getAs(token, "/login?alice").token();
            assertThat(site.getAs(signedIn, "/take").body()).isEqualTo("hello");

            site.getAs(signedIn, "/flash?for-alice");
            String other = site.getAs(signedIn, "/login?bob").token();
            assertThat(site.getAs(other, "/take").body()).isEqualTo("null");
        }
    }

    @Test
    void a_request_that_finds_no_message_costs_a_load_and_one_that_takes_it_a_write_more() {
        try (Site site = addPages(new Site())) {
            String token = site.startSession("x");
            site.getAs(token, "/take");
            assertThat(site.store().calls()).containsExactly("load");

            site.getAs(token, "/flash?saved");
            site.store().clearCalls();
            site.getAs(token, "/take");
            assertThat(site.store().calls()).containsExactly("load", "compareAndSet");
        }
    }

    @Test
    void a_client_without_a_session_finds_no_message_and_gets_no_session() {
        try (Site site = addPages(new Site())) {
            assertThat(site.get("/take").body()).isEqualTo("null");
            assertThat(site.get("/pop").cookies()).isEmpty();
            assertThat(site.store().calls()).isEmpty();
        }
    }

    @Test
    void a_message_that_the_same_request_takes_is_not_stored() {
        try (Site site = addPages(new Site())) {
            Key<List<String>> errors = Key.listOf("errors", String.class);
            site.addPage("/both", (session, exchange) -> {
                session.flash(errors, List.of("too short"));
                return session.takeFlash(errors) + " " + session.takeFlash(errors);
            });

            assertThat(site.get("/both").body()).isEqualTo("[too short] null");
            assertThat(site.store().calls()).isEmpty();
        }
    }

    @Test
    void of_many_requests_at_once_on_two_nodes_exactly_one_gets_the_value() throws Exception {
        try (Site one = addPages(new Site());
                Site two = addPages(new Site(one.clock(), one.store(), c -> {}))) {
            for (int round = 0; round < 5; round++) {
                String token = one.startSession("round" + round);
                CountDownLatch ready = new CountDownLatch(REQUESTS);
                for (Site site : List.of(one, two)) {
                    site.addPage("/race", (session, exchange) -> {
                        session.has("a");
                        ready.countDown();
                        Site.await(ready);
                        return String.valueOf(session.pop("a", String.class));
                    });
                }

                List<String> found = race(List.of(one, two), token);

                assertThat(found).hasSize(REQUESTS).contains("round" + round);
                assertThat(Collections.frequency(found, "null")).isEqualTo(REQUESTS - 1);
            }
        }
    }

    private static List<String> race(List<Site> sites, String token) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(REQUESTS);
        try {
            List<Future<String>> visits = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                Site site = sites.get(i % sites.size());
                visits.add(threads.submit(
                        () -> site.send("/race", Site.cookie(token)).body()));
            }
            List<String> found = new ArrayList<>();
            for (Future<String> each : visits) {
                found.add(each.get());
            }
            return found;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void pop_saves_what_the_request_changed_before() {
        try (Site site = addPages(new Site())) {
            String token = site.startSession("x");
            site.addPage("/change-and-pop", (session, exchange) -> {
                session.set("b", "changed");
                return session.pop("a", String.class) + " " + session.has("a");
            });
            site.addPage("/b", (session, exchange) -> String.valueOf(session.get("b", String.class)));

            assertThat(site.getAs(token, "/change-and-pop").body()).isEqualTo("x false");
            assertThat(site.store().calls()).containsExactly("load", "compareAndSet");
            assertThat(site.getAs(token, "/b").body()).isEqualTo("changed");
        }
    }

    @Test
    void a_value_that_cannot_be_read_as_the_type_stays() {
        try (Site site = addPages(new Site())) {
            String token = site.startSession("text");

            assertThat(site.getAs(token, "/pop-number").body()).isEqualTo("null");
            assertThat(site.getAs(token, "/pop").body()).isEqualTo("text");
        }
    }

    @Test
    void a_value_that_cannot_be_read_ends_the_session_where_that_is_the_policy() {
        try (Site site = addPages(new Site(c -> c.whenUnreadable(UnreadablePolicy.END_SESSION)))) {
            String token = site.startSession("text");

            assertThat(site.getAs(token, "/pop-number").status()).isEqualTo(409);
            assertThat(site.getAs(token, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void if_the_stores_response_is_lost_one_request_gets_the_value_and_if_the_store_fails_none_does() {
        try (Site site = addPages(new Site())) {
            String lost = site.startSession("x");
            site.store().loseResponse("compareAndSet");
            assertThat(site.getAs(lost, "/pop").body()).isEqualTo("x");
            site.store().clearFailures();
            assertThat(site.getAs(lost, "/pop").body()).isEqualTo("null");

            String failed = site.startSession("y");
            site.store().failBefore("compareAndSet", () -> StoreException.notDone("down", null));
            assertThat(site.getAs(failed, "/pop").status()).isEqualTo(503);
            site.store().clearFailures();
            assertThat(site.getAs(failed, "/pop").body()).isEqualTo("y");
        }
    }
}
