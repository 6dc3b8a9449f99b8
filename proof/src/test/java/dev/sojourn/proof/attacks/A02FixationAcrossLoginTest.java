package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.proof.site.Reply;
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
        try (Site site = new Site()) {
            String planted = site.startSession("cart");
            String own = site.as(planted, "/login?alice").token();
            Reply attacker = site.as(planted, "/read");
            assertThat(attacker.body()).isEqualTo("null");
            assertThat(attacker.cookies()).isEmpty();
            assertThat(site.listener().names()).contains("superseded");
            assertThat(site.as(planted, "/subject").body()).isEqualTo("null");
            assertThat(site.as(own, "/subject").body()).isEqualTo("alice");
            assertThat(site.as(own, "/read").body()).isEqualTo("cart");
        }
    }

    @Test
    void the_id_from_before_a_login_opens_nothing_later() {
        try (Site site = new Site()) {
            String planted = site.startSession("cart");
            site.as(planted, "/login?alice");
            for (int minutes : List.of(1, 4, 6, 60)) {
                site.clock().advance(Duration.ofMinutes(minutes));
                assertThat(site.as(planted, "/read").body()).isEqualTo("null");
            }
        }
    }

    @Test
    void a_write_with_the_id_from_before_a_login_is_a_409_and_changes_nothing() {
        try (Site site = new Site()) {
            String planted = site.startSession("cart");
            String own = site.as(planted, "/login?alice").token();
            Reply attacker = site.as(planted, "/set?evil");
            assertThat(attacker.status()).isEqualTo(409);
            assertThat(attacker.cookies()).isEmpty();
            assertThat(site.as(own, "/read").body()).isEqualTo("cart");
            assertThat(site.as(planted, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void a_request_that_loaded_the_session_before_a_login_cannot_save_after_it() throws Exception {
        try (Site site = new Site()) {
            CountDownLatch loaded = new CountDownLatch(1);
            CountDownLatch signedIn = new CountDownLatch(1);
            site.page("/slow", (session, exchange) -> {
                session.get("a", String.class);
                loaded.countDown();
                Site.await(signedIn);
                session.set("a", "evil");
                return "ok";
            });
            String planted = site.startSession("cart");
            ExecutorService threads = Executors.newSingleThreadExecutor();
            Future<Reply> slow = threads.submit(() -> site.send("/slow", Site.cookie(planted)));
            Site.await(loaded);
            String own = site.send("/login?alice", Site.cookie(planted)).token();
            signedIn.countDown();
            Reply late = slow.get(30, TimeUnit.SECONDS);
            threads.shutdownNow();
            assertThat(late.status()).isEqualTo(409);
            assertThat(late.cookies()).isEmpty();
            assertThat(site.as(own, "/read").body()).isEqualTo("cart");
            assertThat(site.as(planted, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void two_parallel_logins_create_two_sessions_and_end_the_former_one() throws Exception {
        try (Site site = new Site()) {
            CountDownLatch bothLoaded = new CountDownLatch(2);
            site.page("/login-together", (session, exchange) -> {
                session.get("a", String.class);
                bothLoaded.countDown();
                Site.await(bothLoaded);
                session.login(Site.query(exchange));
                return "ok";
            });
            String planted = site.startSession("cart");
            ExecutorService threads = Executors.newFixedThreadPool(2);
            Future<Reply> one = threads.submit(() -> site.send("/login-together?alice", Site.cookie(planted)));
            Future<Reply> other = threads.submit(() -> site.send("/login-together?bob", Site.cookie(planted)));
            String alice = one.get(30, TimeUnit.SECONDS).token();
            String bob = other.get(30, TimeUnit.SECONDS).token();
            threads.shutdownNow();
            assertThat(alice).isNotEqualTo(bob);
            assertThat(site.as(alice, "/subject").body()).isEqualTo("alice");
            assertThat(site.as(bob, "/subject").body()).isEqualTo("bob");
            assertThat(site.as(planted, "/read").body()).isEqualTo("null");
            assertThat(List.of(
                            site.as(alice, "/read").body(),
                            site.as(bob, "/read").body()))
                    .as("one login continues the session, the other starts empty")
                    .containsExactlyInAnyOrder("cart", "null");
        }
    }

    @Test
    void a_login_as_another_user_starts_empty() {
        try (Site site = new Site()) {
            String alice = site.as(site.startSession("secret of alice"), "/login?alice")
                    .token();
            String bob = site.as(alice, "/login?bob").token();
            assertThat(site.as(bob, "/read").body()).isEqualTo("null");
            assertThat(site.as(bob, "/subject").body()).isEqualTo("bob");
            assertThat(site.as(alice, "/subject").body()).isEqualTo("null");
        }
    }
}
