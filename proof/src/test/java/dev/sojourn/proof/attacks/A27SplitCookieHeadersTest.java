package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.proof.site.Site;
import org.junit.jupiter.api.Test;

class A27SplitCookieHeadersTest {
    private static void assertFound(Site site, String... headers) {
        assertThat(site.get("/read", headers).body()).isEqualTo("x");
    }

    @Test
    void the_cookie_is_found_in_any_cookie_header_line() {
        try (Site site = new Site()) {
            String pair = "__Host-id=" + site.startSession("x");
            assertFound(site, "Cookie: a=b", "Cookie: " + pair, "Cookie: c=d");
            assertFound(site, "Cookie: " + pair, "Cookie: a=b");
            assertFound(site, "Cookie: a=b", "Cookie:", "cookie: " + pair);
            assertFound(site, "Cookie:", "Cookie: ", "COOKIE: " + pair);
        }
    }

    @Test
    void separators_may_lack_a_space_or_be_repeated() {
        try (Site site = new Site()) {
            String pair = "__Host-id=" + site.startSession("x");
            assertFound(site, "Cookie: a=b;" + pair + ";c=d");
            assertFound(site, "Cookie: a=b;;" + pair + ";;");
            assertFound(site, "Cookie: ;;;" + pair + ";");
            assertFound(site, "Cookie:" + pair);
            assertFound(site, "Cookie: a;" + pair + ";b");
            assertFound(site, "Cookie: =;" + pair + ";=");
            assertFound(site, "Cookie: a=b;   " + pair + "   ;c=d");
        }
    }

    @Test
    void a_token_split_over_two_lines_is_not_accepted() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            ForgedTokens.assertNotAccepted(
                    site, "Cookie: __Host-id=" + token.substring(0, 40), "Cookie: " + token.substring(40));
        }
    }

    @Test
    void a_comma_does_not_separate_cookies() {
        try (Site site = new Site()) {
            String pair = "__Host-id=" + site.startSession("x");
            ForgedTokens.assertNotAccepted(site, "Cookie: a=b, " + pair);
            ForgedTokens.assertNotAccepted(site, "Cookie: " + pair + ", a=b");
        }
    }
}
