package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class A02FixationAcrossLoginTest {
    @Test
    void the_id_from_before_a_login_opens_nothing_immediately_after_it() {
        try (Site site = Site.onTwoNodes()) {
            String planted = site.startSession("cart");
            String own = site.getAs(planted, "/login?alice").token();
            RawResponse attacker = site.getAs(planted, "/read");
            assertThat(attacker.body()).isEqualTo("null");
            assertThat(attacker.cookies()).isEmpty();
            assertThat(site.listener().names()).contains("superseded");
            assertThat(site.getAs(planted, "/subject").body()).isEqualTo("null");
            assertThat(site.getAs(own, "/subject").body()).isEqualTo("alice");
            assertThat(site.getAs(own, "/read").body()).isEqualTo("cart");
        }
    }

    @Test
    void the_id_from_before_a_login_opens_nothing_later() {
        try (Site site = Site.onTwoNodes()) {
            String planted = site.startSession("cart");
            site.getAs(planted, "/login?alice");
            for (int minutes : List.of(1, 4, 6, 60)) {
                site.clock().advance(Duration.ofMinutes(minutes));
                assertThat(site.getAs(planted, "/read").body()).isEqualTo("null");
            }
        }
    }

    @Test
    void a_write_with_the_id_from_before_a_login_is_a_409_and_changes_nothing() {
        try (Site site = Site.onTwoNodes()) {
            String planted = site.startSession("cart");
            String own = site.getAs(planted, "/login?alice").token();
            RawResponse attacker = site.getAs(planted, "/set?evil");
            assertThat(attacker.status()).isEqualTo(409);
            assertThat(attacker.cookies()).isEmpty();
            assertThat(site.getAs(own, "/read").body()).isEqualTo("cart");
            assertThat(site.getAs(planted, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void a_request_that_loaded_the_session_before_a_login_cannot_save_after_it() throws Exception {
        try (Site site = Site.onTwoNodes()) {
            CountDownLatch loaded = new CountDownLatch(1);
            CountDownLatch signedIn = new CountDownLatch(1);
            site.addPage("/slow", (session, exchange) -> {
                session.get("a", String.class);
                loaded.countDown();
                Site.await(signedIn);
                session.set("a", "evil");
                return "ok";
            });
            String planted = site.startSession("cart");
            ExecutorService threads = Executors.newSingleThreadExecutor();
            Future<RawResponse> slow = threads.submit(() -> site.send("/slow", Site.cookie(planted)));
            Site.await(loaded);
            String own = site.send("/login?alice", Site.cookie(planted)).token();
            signedIn.countDown();
            RawResponse late = slow.get(30, TimeUnit.SECONDS);
            threads.shutdownNow();
            assertThat(late.status()).isEqualTo(409);
            assertThat(late.cookies()).isEmpty();
            assertThat(site.getAs(own, "/read").body()).isEqualTo("cart");
            assertThat(site.getAs(planted, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void two_parallel_logins_create_two_sessions_and_end_the_former_one() throws Exception {
        try (Site site = Site.onTwoNodes()) {
            CountDownLatch bothLoaded = new CountDownLatch(2);
            site.addPage("/login-together", (session, exchange) -> {
                session.get("a", String.class);
                bothLoaded.countDown();
                Site.await(bothLoaded);
                session.login(Site.query(exchange));
                return "ok";
            });
            String planted = site.startSession("cart");
            ExecutorService threads = Executors.newFixedThreadPool(2);
            Future<RawResponse> one = threads.submit(() -> site.send("/login-together?alice", Site.cookie(planted)));
            Future<RawResponse> other = threads.submit(() -> site.send("/login-together?bob", Site.cookie(planted)));
            String alice = one.get(30, TimeUnit.SECONDS).token();
            String bob = other.get(30, TimeUnit.SECONDS).token();
            threads.shutdownNow();
            assertThat(alice).isNotEqualTo(bob);
            assertThat(site.getAs(alice, "/subject").body()).isEqualTo("alice");
            assertThat(site.getAs(bob, "/subject").body()).isEqualTo("bob");
            assertThat(site.getAs(planted, "/read").body()).isEqualTo("null");
            assertThat(List.of(
                            site.getAs(alice, "/read").body(),
                            site.getAs(bob, "/read").body()))
                    .as("one login continues the session, the other starts empty")
                    .containsExactlyInAnyOrder("cart", "null");
        }
    }

    @Test
    void a_repeated_login_of_the_same_user_ends_the_id_and_the_csrf_token_from_before_it() {
        try (Site site = Site.onTwoNodes()) {
            site.addPage("/form", (session, exchange) -> session.csrfToken())
                    .addPage("/checked", (session, exchange) -> {
                        session.requireCsrfToken(Site.query(exchange));
                        return "checked";
                    });
            String first = site.get("/login?alice").token();
            String form = site.getAs(first, "/form").body();
            assertThat(site.getAs(first, "/checked?" + form).body()).isEqualTo("checked");

            String second = site.getAs(first, "/login?alice").token();

            assertThat(ForgedTokens.id(second)).isNotEqualTo(ForgedTokens.id(first));
            for (int node = 0; node < 2; node++) {
                assertThat(site.getAs(first, "/subject").body()).isEqualTo("null");
                assertThat(site.getAs(second, "/subject").body()).isEqualTo("alice");
            }
            assertThat(site.getAs(second, "/checked?" + form).status()).isEqualTo(403);
        }
    }

    @Test
    void a_login_as_another_user_starts_empty() {
        try (Site site = Site.onTwoNodes()) {
            String alice = site.getAs(site.startSession("secret of alice"), "/login?alice")
                    .token();
            String bob = site.getAs(alice, "/login?bob").token();
            assertThat(site.getAs(bob, "/read").body()).isEqualTo("null");
            assertThat(site.getAs(bob, "/subject").body()).isEqualTo("bob");
            assertThat(site.getAs(alice, "/subject").body()).isEqualTo("null");
        }
    }
}
