package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.proof.site.Site;
import org.junit.jupiter.api.Test;

class A27CrumbsTest {
    private static void isFound(Site site, String... headers) {
        assertThat(site.get("/read", headers).body()).isEqualTo("x");
    }

    @Test
    void the_cookie_is_found_on_whichever_line_it_stands() {
        try (Site site = new Site()) {
            String pair = "__Host-id=" + site.begin("x");
            isFound(site, "Cookie: a=b", "Cookie: " + pair, "Cookie: c=d");
            isFound(site, "Cookie: " + pair, "Cookie: a=b");
            isFound(site, "Cookie: a=b", "Cookie:", "cookie: " + pair);
            isFound(site, "Cookie:", "Cookie: ", "COOKIE: " + pair);
        }
    }

    @Test
    void separators_may_be_missing_their_space_doubled_or_left_over() {
        try (Site site = new Site()) {
            String pair = "__Host-id=" + site.begin("x");
            isFound(site, "Cookie: a=b;" + pair + ";c=d");
            isFound(site, "Cookie: a=b;;" + pair + ";;");
            isFound(site, "Cookie: ;;;" + pair + ";");
            isFound(site, "Cookie:" + pair);
            isFound(site, "Cookie: a;" + pair + ";b");
            isFound(site, "Cookie: =;" + pair + ";=");
            isFound(site, "Cookie: a=b;   " + pair + "   ;c=d");
        }
    }

    @Test
    void a_token_split_over_two_lines_is_none() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            Forgery.isWorthless(site, "Cookie: __Host-id=" + token.substring(0, 40), "Cookie: " + token.substring(40));
        }
    }

    @Test
    void a_comma_does_not_separate_cookies() {
        try (Site site = new Site()) {
            String pair = "__Host-id=" + site.begin("x");
            Forgery.isWorthless(site, "Cookie: a=b, " + pair);
            Forgery.isWorthless(site, "Cookie: " + pair + ", a=b");
        }
    }
}
