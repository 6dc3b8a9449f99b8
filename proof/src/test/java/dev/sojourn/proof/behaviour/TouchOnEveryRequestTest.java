package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.testing.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The option {@code touchOnEveryRequest}: a request that does not use its session extends the idle timeout, too. */
class TouchOnEveryRequestTest {
    private static final Consumer<Sessions.Config> ON = Sessions.Config::touchOnEveryRequest;

    private static void sendUntouched(Site site, String token, int requests, Duration pause) {
        for (int i = 0; i < requests; i++) {
            site.clock().advance(pause);
            assertThat(site.getAs(token, "/untouched").status()).isEqualTo(200);
        }
    }

    @Test
    void an_unused_session_outlives_its_idle_timeout_while_requests_arrive() {
        try (Site site = new Site(ON)) {
            String token = site.startSession("x");
            sendUntouched(site, token, 60, Duration.ofMinutes(2));

            assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void without_the_option_such_requests_do_not_touch_and_cost_nothing() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            sendUntouched(site, token, 60, Duration.ofMinutes(2));

            assertThat(site.store().calls()).isEmpty();
            assertThat(site.getAs(token, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void a_session_expires_when_no_request_arrives() {
        try (Site site = new Site(ON)) {
            String token = site.startSession("x");
            sendUntouched(site, token, 10, Duration.ofMinutes(2));
            site.clock().advance(Duration.ofMinutes(30));

            assertThat(site.getAs(token, "/untouched").headers("Set-Cookie"))
                    .singleElement()
                    .asString()
                    .contains("Max-Age=0");
            assertThat(site.getAs(token, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void a_hundred_requests_within_one_touch_interval_cost_one_load_and_one_touch() {
        try (Site site = new Site(ON)) {
            String token = site.startSession("x");
            sendUntouched(site, token, 59, Duration.ofSeconds(1));
            assertThat(site.store().calls()).isEmpty();

            sendUntouched(site, token, 60, Duration.ofSeconds(1));
            assertThat(site.store().calls()).containsExactly("load", "touch");
        }
    }

    @Test
    void a_request_that_uses_the_session_spares_the_others_the_load() {
        try (Site site = new Site(ON)) {
            String token = site.startSession("x");
            site.clock().advance(Duration.ofMinutes(2));
            site.getAs(token, "/read");
            assertThat(site.store().calls()).containsExactly("load", "touch");
            site.store().clearCalls();

            sendUntouched(site, token, 50, Duration.ofSeconds(1));
            assertThat(site.store().calls()).isEmpty();
        }
    }

    @Test
    void concurrent_requests_load_the_session_once() throws Exception {
        try (Site site = new Site(ON)) {
            String token = site.startSession("x");
            site.clock().advance(Duration.ofMinutes(2));
            CountDownLatch here = new CountDownLatch(16);
            site.addPage("/asset", (session, exchange) -> {
                here.countDown();
                Site.await(here);
                return "ok";
            });
            ExecutorService threads = Executors.newFixedThreadPool(16);
            try {
                List<? extends Future<?>> visits = java.util.stream.IntStream.range(0, 16)
                        .mapToObj(i -> threads.submit(() -> site.send("/asset", Site.cookie(token))))
                        .toList();
                for (Future<?> each : visits) {
                    each.get();
                }
            } finally {
                threads.shutdownNow();
            }
            site.awaitIdle();

            assertThat(site.store().calls()).containsExactly("load", "touch");
        }
    }

    @Test
    void a_session_with_its_own_short_idle_timeout_expires_on_time() {
        try (Site site = new Site(ON)) {
            site.addPage("/short", (session, exchange) -> {
                session.set("a", "x");
                session.idleTimeout(Duration.ofSeconds(2));
                return "ok";
            });
            String token = site.get("/short").token();
            site.store().clearCalls();
            sendUntouched(site, token, 12, Duration.ofMillis(500));

            assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void with_a_touch_interval_of_zero_every_request_touches() {
        try (Site site = new Site(
                c -> c.touchOnEveryRequest().idleTimeout(Duration.ofSeconds(2)).touchInterval(Duration.ZERO))) {
            String token = site.startSession("x");
            sendUntouched(site, token, 12, Duration.ofMillis(1_900));

            assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void a_request_without_a_token_or_with_a_forged_one_costs_nothing() {
        try (Site site = new Site(ON)) {
            String token = site.startSession("x");
            site.clock().advance(Duration.ofMinutes(2));
            site.get("/untouched");
            site.getAs(token.substring(0, token.length() - 1) + (token.endsWith("A") ? "B" : "A"), "/untouched");
            site.getAs("nonsense", "/untouched");

            assertThat(site.store().calls()).isEmpty();
        }
    }

    @Test
    void the_token_of_an_ended_session_is_looked_up_once_per_touch_interval() {
        try (Site site = new Site(ON)) {
            String token = site.startSession("x");
            site.getAs(token, "/logout");
            site.clock().advance(Duration.ofMinutes(2));
            site.store().clearCalls();
            sendUntouched(site, token, 30, Duration.ofSeconds(1));

            assertThat(site.store().calls()).containsExactly("load");
        }
    }

    @Test
    void an_unavailable_store_fails_no_request_that_does_not_use_its_session_and_is_called_once() {
        try (Site site = new Site(ON)) {
            String token = site.startSession("x");
            site.clock().advance(Duration.ofMinutes(2));
            site.store().failBefore("load", () -> StoreException.notDone("unavailable", null));
            sendUntouched(site, token, 20, Duration.ofSeconds(1));

            assertThat(site.store().calls()).containsOnly("load").hasSizeLessThanOrEqualTo(2);
            site.store().clearFailures();
            sendUntouched(site, token, 40, Duration.ofMinutes(2));
            assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void a_request_that_does_not_use_its_session_does_not_wait_for_a_lease() {
        try (Site site = new Site(c -> c.touchOnEveryRequest().exclusive().exclusiveWait(Duration.ofSeconds(5)))) {
            String token = site.startSession("x");
            site.clock().advance(Duration.ofMinutes(2));
            site.addPage("/long", (session, exchange) -> {
                session.get("a", String.class);
                return String.valueOf(
                        site.send("/untouched", Site.cookie(token)).status());
            });

            assertThat(site.getAs(token, "/long").body()).isEqualTo("200");
        }
    }

    @Test
    void a_cookie_with_the_sessions_lifetime_is_extended_with_the_session() {
        try (Site site =
                new Site(c -> c.touchOnEveryRequest().cookie(k -> k.lifetime(dev.sojourn.CookieLifetime.session())))) {
            String token = site.startSession("x");
            site.clock().advance(Duration.ofMinutes(10));

            assertThat(site.getAs(token, "/untouched").headers("Set-Cookie"))
                    .singleElement()
                    .asString()
                    .contains("Max-Age=1800");
            assertThat(site.getAs(token, "/untouched").headers("Set-Cookie")).isEmpty();
        }
    }

    @Test
    void a_clock_that_was_briefly_hours_ahead_stops_no_touch() {
        SettableClock clock = new SettableClock();
        SpyStore store = new SpyStore(MemoryStore.builder().clock(clock).build());
        try (Site site = new Site(clock, store, ON)) {
            String token = site.startSession("x");
            sendUntouched(site, token, 2, Duration.ofMinutes(10));
            clock.advance(Duration.ofMinutes(15));
            site.getAs(token, "/untouched");
            clock.advance(Duration.ofMinutes(-15));
            sendUntouched(site, token, 20, Duration.ofMinutes(10));

            assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
        }
    }
}
