package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.proof.site.Reply;
import dev.sojourn.proof.site.Site;
import java.util.Random;
import org.junit.jupiter.api.Test;

class A08CookieTossingTest {
    private static final String EVIL = Forgery.wellFormed(new Random(8));

    /** None counts, and no store call is made for it. */
    private static void isAmbiguous(Site site, String... headers) {
        site.heard().clear();
        site.store().forget();
        assertThat(site.get("/read", headers).body()).isEqualTo("null");
        assertThat(site.store().calls()).isEmpty();
        assertThat(site.heard().only("tokenRefused").details()).containsExactly("127.0.0.1", TokenRefusal.AMBIGUOUS);
    }

    private static String pair(String token) {
        return "__Host-id=" + token;
    }

    @Test
    void under_a_host_name_the_one_valid_cookie_counts_too_as_a_browser_may_hold_one_in_a_partition() {
        try (Site site = new Site()) {
            String good = site.begin("x");
            for (String header : new String[] {
                pair(EVIL) + "; " + pair(good),
                pair(good) + "; " + pair(EVIL),
                pair(good) + "; " + pair(good),
                pair(good) + "; " + pair("")
            }) {
                site.store().forget();
                assertThat(site.get("/read", "Cookie: " + header).body()).isEqualTo("x");
                assertThat(site.store().calls()).containsExactly("load");
            }
            isAmbiguous(site, "Cookie: " + (pair(good) + "; ").repeat(100));
            assertThat(site.as(good, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void a_write_with_two_sessions_of_a_host_name_begins_a_new_session() {
        try (Site site = new Site()) {
            String good = site.begin("x");
            String planted = site.begin("planted");
            Reply reply = site.get("/set?y", "Cookie: " + pair(planted) + "; " + pair(good));
            assertThat(reply.status()).isEqualTo(200);
            // The twin in a partition goes, and the new one comes last.
            assertThat(reply.cookies()).hasSize(2);
            assertThat(reply.cookies().get(0)).startsWith("__Host-id=;").contains("; Partitioned");
            assertThat(reply.cookies().get(1)).startsWith("__Host-id=").doesNotContain(good, planted, "Partitioned");
            assertThat(site.as(good, "/read").body()).isEqualTo("x");
            assertThat(site.as(planted, "/read").body()).isEqualTo("planted");
        }
    }

    private static Site withPlainName() {
        return new Site(c -> c.cookie(k -> k.name("sid")));
    }

    @Test
    void under_a_name_without_prefix_the_one_valid_cookie_of_up_to_four_counts_wherever_it_stands() {
        try (Site site = withPlainName()) {
            String good = site.begin("x");
            String[] headers = {
                "Cookie: sid=" + EVIL + "; sid=" + good,
                "Cookie: sid=" + good + "; sid=" + EVIL,
                "Cookie: sid=; sid=evil; sid=" + EVIL + "; sid=" + good
            };
            for (String header : headers) {
                site.store().forget();
                assertThat(site.get("/read", header).body()).isEqualTo("x");
                assertThat(site.store().calls()).containsExactly("load");
            }
        }
    }

    @Test
    void under_a_name_without_prefix_two_different_valid_cookies_count_as_none() {
        try (Site site = withPlainName()) {
            String good = site.begin("x");
            String planted = site.begin("planted");
            isContested(site, "Cookie: sid=" + good + "; sid=" + planted);
            isContested(site, "Cookie: sid=" + planted + "; sid=" + good);
            isContested(site, "Cookie: sid=" + planted, "Cookie: sid=" + good);
        }
    }

    /** Both are looked at, and none counts. */
    private static void isContested(Site site, String... headers) {
        site.heard().clear();
        site.store().forget();
        assertThat(site.get("/read", headers).body()).isEqualTo("null");
        assertThat(site.store().calls()).containsExactly("load", "load");
        assertThat(site.heard().only("tokenRefused").details()).containsExactly("127.0.0.1", TokenRefusal.AMBIGUOUS);
    }

    @Test
    void under_a_name_without_prefix_the_same_valid_cookie_twice_counts_once() {
        try (Site site = withPlainName()) {
            String good = site.begin("x");
            assertThat(site.get("/read", "Cookie: sid=" + good + "; sid=" + good)
                            .body())
                    .isEqualTo("x");
            assertThat(site.store().calls()).containsExactly("load");
        }
    }

    @Test
    void under_a_name_without_prefix_more_than_four_count_as_none() {
        try (Site site = withPlainName()) {
            String good = site.begin("x");
            isAmbiguous(site, "Cookie: " + "sid=a; ".repeat(4) + "sid=" + good);
            isAmbiguous(site, "Cookie: sid=" + good + "; sid=a".repeat(99));
        }
    }

    @Test
    void under_a_secure_name_the_rules_are_those_without_prefix() {
        try (Site site = new Site(c -> c.cookie(k -> k.name("__Secure-id")))) {
            String good = site.begin("x");
            assertThat(site.get("/read", "Cookie: __Secure-id=" + EVIL + "; __Secure-id=" + good)
                            .body())
                    .isEqualTo("x");
        }
    }
}
