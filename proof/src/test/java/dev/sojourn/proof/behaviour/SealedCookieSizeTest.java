package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.SealedSite;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.testing.TestExchange;
import org.junit.jupiter.api.Test;

/** What fits into the cookie of a sealed session, and what happens otherwise. */
class SealedCookieSizeTest {
    private static SealedSite site() {
        return new SealedSite(c -> {});
    }

    @Test
    void an_attribute_that_alone_is_too_large_is_refused_when_it_is_set() {
        try (SealedSite site = site()) {
            site.addPage("/huge", (session, exchange) -> {
                assertThatThrownBy(() -> session.set("huge", "x".repeat(3_000)))
                        .hasMessageContaining("attribute 'huge' alone has 3002 bytes")
                        .hasMessageContaining("4093")
                        .hasMessageContaining("database");
                return String.valueOf(session.has("huge"));
            });

            RawResponse response = site.get("/huge");

            assertThat(response.body()).isEqualTo("false");
            assertThat(response.cookies()).isEmpty();
        }
    }

    @Test
    void a_session_that_is_too_large_is_a_500_that_names_the_largest_attributes_and_keeps_the_cookie() {
        try (SealedSite site = site()) {
            site.addPage("/fill", (session, exchange) -> {
                for (int i = 1; i <= 7; i++) {
                    session.set("part" + i, "x".repeat(i * 100 + 100));
                }
                return "filled";
            });
            String text = site.get("/set?x").token();

            RawResponse response = site.getAs(text, "/fill");

            assertThat(response.status()).isEqualTo(500);
            assertThat(response.body()).isEqualTo("The server could not save your session.\n");
            assertThat(response.cookies()).isEmpty();
            assertThat(site.getAs(text, "/read").body()).isEqualTo("x");
            TestExchange exchange = new TestExchange("/");
            try (SessionScope scope = site.sessions().open(exchange)) {
                for (int i = 1; i <= 7; i++) {
                    scope.sealed().set("part" + i, "x".repeat(i * 100 + 100));
                }
                assertThatThrownBy(scope::commit)
                        .hasMessageContaining(
                                "part7 (802 bytes), part6 (702 bytes), part5 (602 bytes), part4 (502 bytes),"
                                        + " part3 (402 bytes)")
                        .hasMessageContaining("keeps the cookie that it has")
                        .hasMessageContaining("Sessions.create");
            }
        }
    }

    @Test
    void the_largest_cookie_has_4093_bytes_and_one_byte_more_is_refused() {
        try (SealedSite site = site()) {
            site.addPage("/size", (session, exchange) -> {
                session.set("a", "x".repeat(Integer.parseInt(Site.query(exchange))));
                return "ok";
            });
            int fits = 0;
            int largest = 0;
            for (int length = 2_850; length < 2_900; length++) {
                RawResponse response = site.get("/size?" + length);
                if (response.status() == 200) {
                    fits = length;
                    largest = "__Host-id".length() + response.token().length();
                } else {
                    assertThat(length).isEqualTo(fits + 1);
                    break;
                }
            }

            assertThat(largest).isBetween(4_091, 4_093);
        }
    }

    @Test
    void the_listener_is_warned_of_a_cookie_of_2048_bytes() {
        try (SealedSite site = site()) {
            site.addPage("/large", (session, exchange) -> {
                session.set("a", "x".repeat(1_500));
                return "ok";
            });
            site.get("/set?small");
            assertThat(site.listener().names()).doesNotContain("largeCookie");

            String text = site.get("/large").token();

            assertThat(site.listener().single("largeCookie").details().get(1))
                    .isEqualTo("__Host-id".length() + text.length());
        }
    }
}
