package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import java.util.Random;
import org.junit.jupiter.api.Test;

class A08CookieTossingTest {
    private static final String EVIL = ForgedTokens.wellFormed(new Random(8));

    /** Asserts that no cookie counts and that no store call is made. */
    private static void assertAmbiguous(Site site, String... headers) {
        site.listener().clear();
        site.store().clearCalls();
        assertThat(site.get("/read", headers).body()).isEqualTo("null");
        assertThat(site.store().calls()).isEmpty();
        assertThat(site.listener().single("tokenRefused").details())
                .containsExactly("127.0.0.1", TokenRefusal.AMBIGUOUS);
    }

    private static String pair(String token) {
        return "__Host-id=" + token;
    }

    @Test
    void with_a_host_prefix_the_only_valid_cookie_counts_because_a_partition_may_contain_another() {
        try (Site site = Site.onTwoNodes()) {
            String good = site.startSession("x");
            for (String header : new String[] {
                pair(EVIL) + "; " + pair(good),
                pair(good) + "; " + pair(EVIL),
                pair(good) + "; " + pair(good),
                pair(good) + "; " + pair("")
            }) {
                site.store().clearCalls();
                assertThat(site.get("/read", "Cookie: " + header).body()).isEqualTo("x");
                assertThat(site.store().calls()).containsExactly("load");
            }
            assertAmbiguous(site, "Cookie: " + (pair(good) + "; ").repeat(100));
            assertThat(site.getAs(good, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void a_write_with_two_host_prefixed_sessions_creates_a_new_session() {
        try (Site site = Site.onTwoNodes()) {
            String good = site.startSession("x");
            String planted = site.startSession("planted");
            RawResponse response = site.get("/set?y", "Cookie: " + pair(planted) + "; " + pair(good));
            assertThat(response.status()).isEqualTo(200);
            // The partitioned cookie is cleared first, and the new cookie is last.
            assertThat(response.cookies()).hasSize(2);
            assertThat(response.cookies().get(0)).startsWith("__Host-id=;").contains("; Partitioned");
            assertThat(response.cookies().get(1)).startsWith("__Host-id=").doesNotContain(good, planted, "Partitioned");
            assertThat(site.getAs(good, "/read").body()).isEqualTo("x");
            assertThat(site.getAs(planted, "/read").body()).isEqualTo("planted");
        }
    }

    private static Site withPlainName() {
        return Site.onTwoNodes(c -> c.cookie(k -> k.name("sid")));
    }

    @Test
    void without_a_prefix_the_only_valid_cookie_of_up_to_four_counts_in_any_position() {
        try (Site site = withPlainName()) {
            String good = site.startSession("x");
            String[] headers = {
                "Cookie: sid=" + EVIL + "; sid=" + good,
                "Cookie: sid=" + good + "; sid=" + EVIL,
                "Cookie: sid=; sid=evil; sid=" + EVIL + "; sid=" + good
            };
            for (String header : headers) {
                site.store().clearCalls();
                assertThat(site.get("/read", header).body()).isEqualTo("x");
                assertThat(site.store().calls()).containsExactly("load");
            }
        }
    }

    @Test
    void without_a_prefix_two_different_valid_cookies_count_as_none() {
        try (Site site = withPlainName()) {
            String good = site.startSession("x");
            String planted = site.startSession("planted");
            assertContested(site, "Cookie: sid=" + good + "; sid=" + planted);
            assertContested(site, "Cookie: sid=" + planted + "; sid=" + good);
            assertContested(site, "Cookie: sid=" + planted, "Cookie: sid=" + good);
        }
    }

    /** Asserts that both sessions are loaded and neither counts. */
    private static void assertContested(Site site, String... headers) {
        site.listener().clear();
        site.store().clearCalls();
        assertThat(site.get("/read", headers).body()).isEqualTo("null");
        assertThat(site.store().calls()).containsExactly("load", "load");
        assertThat(site.listener().single("tokenRefused").details())
                .containsExactly("127.0.0.1", TokenRefusal.AMBIGUOUS);
    }

    @Test
    void without_a_prefix_the_same_valid_cookie_twice_counts_once() {
        try (Site site = withPlainName()) {
            String good = site.startSession("x");
            assertThat(site.get("/read", "Cookie: sid=" + good + "; sid=" + good)
                            .body())
                    .isEqualTo("x");
            assertThat(site.store().calls()).containsExactly("load");
        }
    }

    @Test
    void without_a_prefix_more_than_four_cookies_count_as_none() {
        try (Site site = withPlainName()) {
            String good = site.startSession("x");
            assertAmbiguous(site, "Cookie: " + "sid=a; ".repeat(4) + "sid=" + good);
            assertAmbiguous(site, "Cookie: sid=" + good + "; sid=a".repeat(99));
        }
    }

    @Test
    void with_a_secure_prefix_the_rules_are_those_without_a_prefix() {
        try (Site site = Site.onTwoNodes(c -> c.cookie(k -> k.name("__Secure-id")))) {
            String good = site.startSession("x");
            assertThat(site.get("/read", "Cookie: __Secure-id=" + EVIL + "; __Secure-id=" + good)
                            .body())
                    .isEqualTo("x");
        }
    }
}
