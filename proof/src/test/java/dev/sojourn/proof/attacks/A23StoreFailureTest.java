package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.StoreUnavailablePolicy;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class A23StoreFailureTest {
    private static final List<Supplier<RuntimeException>> FAILURES = List.of(
            () -> StoreException.notDone("no connection", null),
            () -> StoreException.unknown("timed out", null),
            () -> new IllegalStateException("a driver that breaks the contract"));

    private static void assertUnavailable(RawResponse response) {
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("Retry-After")).isPresent();
        assertThat(response.cookies()).as("no cookie is set or cleared").isEmpty();
        assertThat(response.header("Cache-Control")).hasValue("no-store");
    }

    @Test
    void a_load_that_fails_is_a_503_and_never_an_empty_session() {
        for (Supplier<RuntimeException> failure : FAILURES) {
            try (Site site = Site.onTwoNodes()) {
                String token = site.startSession("x");
                site.store().failBefore("load", failure);
                assertUnavailable(site.getAs(token, "/read"));
                assertUnavailable(site.getAs(token, "/set?y"));
                assertUnavailable(site.getAs(token, "/login?alice"));
                assertUnavailable(site.getAs(token, "/logout"));
                assertThat(site.store().calls()).containsOnly("load");
                assertThat(site.listener().names()).contains("storeUnavailable");
                site.store().clearFailures();
                assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
            }
        }
    }

    @Test
    void a_request_that_does_not_use_its_session_succeeds() {
        try (Site site = Site.onTwoNodes()) {
            String token = site.startSession("x");
            site.store().failBefore("load", FAILURES.get(0));
            assertThat(site.getAs(token, "/untouched").status()).isEqualTo(200);
        }
    }

    @Test
    void a_create_that_fails_is_a_503_without_a_cookie() {
        for (Supplier<RuntimeException> failure : FAILURES) {
            try (Site site = Site.onTwoNodes()) {
                site.store().failBefore("create", failure);
                assertUnavailable(site.get("/set?x"));
                assertUnavailable(site.get("/login?alice"));
            }
        }
    }

    @Test
    void a_save_that_fails_is_a_503_and_the_session_is_unchanged() {
        for (Supplier<RuntimeException> failure : FAILURES) {
            try (Site site = Site.onTwoNodes()) {
                String token = site.startSession("x");
                site.store().failBefore("compareAndSet", () -> {
                    site.store().failBefore("load", failure);
                    return failure.get();
                });
                assertUnavailable(site.getAs(token, "/set?y"));
                site.store().clearFailures();
                assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
            }
        }
    }

    @Test
    void a_login_that_cannot_be_stored_has_no_effect() {
        for (String call : List.of("create", "compareAndSet")) {
            try (Site site = Site.onTwoNodes()) {
                String token = site.startSession("x");
                site.store().failBefore(call, FAILURES.get(0));
                assertUnavailable(site.getAs(token, "/login?alice"));
                site.store().clearFailures();
                assertThat(site.getAs(token, "/subject").body()).isEqualTo("null");
                assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
                assertThat(site.listener().names()).doesNotContain("signedIn");
            }
        }
    }

    @Test
    void a_logout_that_cannot_be_stored_is_a_503_keeps_the_cookie_and_can_be_repeated() {
        for (Supplier<RuntimeException> failure : FAILURES.subList(0, 1)) {
            try (Site site = Site.onTwoNodes()) {
                String token = site.startSession("x");
                site.store().failBefore("delete", failure);
                assertUnavailable(site.getAs(token, "/logout"));
                assertThat(site.listener().names()).doesNotContain("destroyed");
                site.store().clearFailures();
                assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
                assertThat(site.getAs(token, "/logout").cookies()).hasSize(1);
                assertThat(site.getAs(token, "/read").body()).isEqualTo("null");
            }
        }
    }

    @Test
    void a_store_that_loses_every_response_is_retried_with_growing_pauses_and_reported_as_unknown() {
        try (Site site = Site.onTwoNodes()) {
            for (String path : List.of("/logout", "/set?y")) {
                String token = site.startSession("x");
                site.store().failBefore("delete", FAILURES.get(1)).failBefore("compareAndSet", FAILURES.get(1));
                site.store().clearCalls();
                RawResponse response = site.getAs(token, path);
                assertUnavailable(response);
                assertThat(response.body()).as(path).startsWith("It is not known whether");
                assertThat(site.store().calls()).as(path).hasSizeBetween(3, 2_000);
                site.store().clearFailures();
            }
        }
    }

    @Test
    void a_logout_with_a_lost_response_is_confirmed() {
        try (Site site = Site.onTwoNodes()) {
            String token = site.startSession("x");
            site.store().loseResponse("delete");
            RawResponse response = site.getAs(token, "/logout");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.cookies()).hasSize(1);
            site.store().clearFailures();
            assertThat(site.getAs(token, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void a_save_with_a_lost_response_counts_once() {
        try (Site site = Site.onTwoNodes()) {
            String token = site.startSession("x");
            site.store().loseResponse("compareAndSet");
            assertThat(site.getAs(token, "/count").body()).isEqualTo("1");
            assertThat(site.getAs(token, "/count").body()).isEqualTo("2");
            site.store().clearFailures();
            assertThat(site.getAs(token, "/count").body()).isEqualTo("3");
        }
    }

    @Test
    void a_save_with_an_unknown_outcome_is_a_503_that_reports_it() {
        try (Site site = Site.onTwoNodes()) {
            String token = site.startSession("x");
            site.addPage("/save", (session, exchange) -> {
                try {
                    session.update("n", Integer.class, n -> 1);
                    return "saved";
                } catch (SessionUnavailableException e) {
                    return e.reason().name();
                }
            });
            site.store().failBefore("compareAndSet", () -> {
                site.store().failBefore("load", FAILURES.get(1));
                return StoreException.unknown("timed out", null);
            });
            assertThat(site.getAs(token, "/save").body()).isEqualTo(Reason.OUTCOME_UNKNOWN.name());
        }
    }

    @Test
    void a_new_session_with_a_lost_response_is_found_by_its_cookie() {
        try (Site site = Site.onTwoNodes()) {
            site.store().loseResponse("create");
            RawResponse response = site.get("/set?x");
            assertThat(response.status()).isEqualTo(200);
            site.store().clearFailures();
            assertThat(site.getAs(response.token(), "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void a_failed_touch_fails_no_request() {
        for (Supplier<RuntimeException> failure : FAILURES) {
            try (Site site = Site.onTwoNodes()) {
                String token = site.startSession("x");
                site.clock().advance(Duration.ofMinutes(2));
                site.store().failBefore("touch", failure);
                RawResponse response = site.getAs(token, "/read");
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("x");
                assertThat(site.listener().names()).containsExactly("storeUnavailable");
            }
        }
    }

    @Test
    void a_rolling_cookie_is_not_sent_after_a_failed_touch() {
        try (Site site = Site.onTwoNodes(c -> c.rolling())) {
            String token = site.startSession("x");
            site.store().failBefore("touch", FAILURES.get(0));
            RawResponse response = site.getAs(token, "/read");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.cookies()).isEmpty();
        }
    }

    @Test
    void with_read_as_anonymous_reads_succeed_and_changes_are_a_503() {
        try (Site site = Site.onTwoNodes(c -> c.whenStoreUnavailable(StoreUnavailablePolicy.READ_AS_ANONYMOUS))) {
            String token = site.startSession("x");
            site.store().failBefore("load", FAILURES.get(0));
            RawResponse read = site.getAs(token, "/read");
            assertThat(read.status()).isEqualTo(200);
            assertThat(read.body()).isEqualTo("null");
            assertThat(read.cookies()).isEmpty();
            assertUnavailable(site.getAs(token, "/set?y"));
            assertUnavailable(site.getAs(token, "/count"));
            assertUnavailable(site.getAs(token, "/login?alice"));
            assertUnavailable(site.getAs(token, "/logout"));
            site.store().clearFailures();
            assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void a_failed_save_replaces_the_handlers_response() {
        try (Site site = Site.onTwoNodes()) {
            site.addPage("/redirect", (session, exchange) -> {
                session.set("a", "y");
                exchange.getResponseHeaders().set("Location", "/done");
                exchange.getResponseHeaders().set("ETag", "\"1\"");
                exchange.sendResponseHeaders(302, -1);
                exchange.close();
                return null;
            });
            String token = site.startSession("x");
            site.store().failBefore("compareAndSet", FAILURES.get(0));
            RawResponse response = site.getAs(token, "/redirect");
            assertUnavailable(response);
            assertThat(response.header("Location")).isEmpty();
            assertThat(response.header("ETag")).isEmpty();
        }
    }
}
