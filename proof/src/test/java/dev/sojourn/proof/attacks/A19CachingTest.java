package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.Session;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class A19CachingTest {
    private static final String PUBLIC = "public, max-age=600";

    /** Creates a session and sends a response with this status that the application marked as cacheable. */
    private static @Nullable String respondCacheable(Session session, HttpExchange exchange, int status)
            throws IOException {
        exchange.getResponseHeaders().set("Cache-Control", PUBLIC);
        exchange.getResponseHeaders().add("Cache-Control", "s-maxage=600");
        exchange.getResponseHeaders().set("Location", "/elsewhere");
        session.set("a", "x");
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
        return null;
    }

    @Test
    void a_response_with_a_session_cookie_is_no_store_whatever_its_status_and_headers() {
        try (Site site = Site.onTwoNodes()) {
            for (int status : new int[] {200, 204, 302, 304, 404, 500, 503}) {
                site.addPage("/" + status, (session, exchange) -> respondCacheable(session, exchange, status));
                RawResponse response = site.get("/" + status);
                assertThat(response.status()).isEqualTo(status);
                assertThat(response.cookies()).hasSize(1);
                assertThat(response.headers("Cache-Control")).containsExactly("no-store");
                assertThat(response.header("Vary")).hasValue("Cookie");
            }
        }
    }

    @Test
    void a_response_that_clears_the_cookie_is_no_store() {
        try (Site site = Site.onTwoNodes()) {
            site.addPage("/bye", (session, exchange) -> {
                exchange.getResponseHeaders().set("Cache-Control", PUBLIC);
                session.destroy();
                return "ok";
            });
            RawResponse response = site.getAs(site.startSession("x"), "/bye");
            assertThat(response.cookies()).hasSize(1);
            assertThat(response.headers("Cache-Control")).containsExactly("no-store");
        }
    }

    @Test
    void the_error_response_of_a_failed_handler_is_no_store_and_sets_the_cookie_of_saved_changes() {
        try (Site site = Site.onTwoNodes()) {
            site.addPage("/broken", (session, exchange) -> {
                exchange.getResponseHeaders().set("Cache-Control", PUBLIC);
                session.set("a", "x");
                throw new IllegalStateException("broken");
            });
            RawResponse response = site.get("/broken");
            assertThat(response.status()).isEqualTo(500);
            assertThat(response.headers("Cache-Control")).containsExactly("no-store");
            assertThat(site.getAs(response.token(), "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void a_response_that_depends_on_the_session_varies_on_the_cookie_and_keeps_its_cache_control() {
        try (Site site = Site.onTwoNodes()) {
            site.addPage("/private", (session, exchange) -> {
                exchange.getResponseHeaders().set("Cache-Control", "private, max-age=60");
                exchange.getResponseHeaders().set("Vary", "Accept-Encoding");
                return String.valueOf(session.get("a", String.class));
            });
            RawResponse response = site.getAs(site.startSession("x"), "/private");
            assertThat(response.cookies()).isEmpty();
            assertThat(response.headers("Cache-Control")).containsExactly("private, max-age=60");
            assertThat(String.join(", ", response.headers("Vary"))).isEqualTo("Accept-Encoding, Cookie");
            assertThat(site.get("/private").headers("Vary")).isNotEmpty();
        }
    }

    @Test
    void a_response_that_does_not_use_the_session_is_unchanged() {
        try (Site site = Site.onTwoNodes()) {
            site.addPage("/static", (session, exchange) -> {
                exchange.getResponseHeaders().set("Cache-Control", PUBLIC);
                return "logo";
            });
            RawResponse response = site.getAs(site.startSession("x"), "/static");
            assertThat(response.headers("Cache-Control")).containsExactly(PUBLIC);
            assertThat(response.headers("Vary")).isEmpty();
            assertThat(response.cookies()).isEmpty();
        }
    }

    @Test
    void a_login_after_the_response_head_is_refused() {
        try (Site site = Site.onTwoNodes()) {
            for (String method : new String[] {"login", "changeId", "regenerate", "set"}) {
                site.addPage("/late", (session, exchange) -> {
                    session.get("a", String.class);
                    exchange.sendResponseHeaders(200, 0);
                    String result = "accepted";
                    try {
                        switch (method) {
                            case "login" -> session.login("alice");
                            case "changeId" -> session.changeId();
                            case "regenerate" -> session.regenerate();
                            default -> session.set("a", "x");
                        }
                    } catch (IllegalStateException e) {
                        result = "refused";
                    }
                    exchange.getResponseBody().write(result.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                    exchange.close();
                    return null;
                });
                assertThat(site.get("/late").body()).as(method).contains("refused");
                assertThat(site.store().calls()).as(method).isEmpty();
            }
        }
    }
}
