package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.proof.site.Site;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class A09PrefixAndParsingTest {
    /** The bytes that a browser sends for this text, each as one char. */
    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    void names_that_only_look_like_the_cookies_are_not_it() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            List<String> names = List.of(
                    "__host-id",
                    "__HOST-ID",
                    "__Host-ID",
                    "__Host-i",
                    "__Host-idd",
                    "_Host-id",
                    utf8("\u2000") + "__Host-id",
                    utf8("\u3000") + "__Host-id",
                    utf8("\u00A0") + "__Host-id",
                    "\u0085__Host-id",
                    "\u00A0__Host-id",
                    "__Host-id\u0085",
                    "__Host-id" + utf8("\u2000"),
                    utf8("\uFEFF") + "__Host-id",
                    "\u000B__Host-id",
                    "\u000C__Host-id",
                    "\0__Host-id",
                    "__Host-id\0",
                    "%5F%5FHost-id",
                    "\"__Host-id\"",
                    "=__Host-id",
                    "$__Host-id");
            for (String name : names) {
                Forgery.isWorthless(site, "Cookie: a=b; " + name + "=" + token);
                Forgery.isWorthless(site, "Cookie: a=b; " + name + "=" + token + "; c=d");
            }
            assertThat(site.heard().names()).isEmpty();
        }
    }

    @Test
    void unicode_case_folding_does_not_reach_the_name() {
        // The facts that make this worth a test.
        assertThat("sidK".equalsIgnoreCase("sid\u212A")).isTrue();
        assertThat("sid".equalsIgnoreCase("\u017Fid")).isTrue();
        assertThat("\u2000x".strip()).isEqualTo("x");
        try (Site site = new Site(c -> c.cookie(k -> k.name("sidK")))) {
            String token = site.begin("x");
            for (String name : List.of("sid\u212A", "\u017FidK", "sidk", "SIDK")) {
                Forgery.isWorthless(site, "Cookie: " + utf8(name) + "=" + token);
            }
            assertThat(site.get("/read", "Cookie: sidK=" + token).body()).isEqualTo("x");
        }
    }

    @Test
    void spaces_and_tabs_around_name_and_value_are_cut_and_nothing_else_is() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            assertThat(site.get("/read", "Cookie: a=b; \t __Host-id \t=\t " + token + " \t; c=d")
                            .body())
                    .isEqualTo("x");
            for (String around : List.of("\u00A0", "\u0085", "\u000B", "\u000C", utf8("\u2000"), utf8("\uFEFF"))) {
                Forgery.isWorthless(site, "Cookie: a=b; __Host-id=" + around + token + "; c=d");
                Forgery.isWorthless(site, "Cookie: a=b; __Host-id=" + token + around + "; c=d");
            }
        }
    }

    /** As {@link java.net.CookieManager} sends a cookie that has a lifetime. */
    @Test
    void one_pair_of_quotes_around_the_value_is_taken_off() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            assertThat(site.get("/read", "Cookie: __Host-id=\"" + token + "\"").body())
                    .isEqualTo("x");
            assertThat(site.get("/read", "Cookie: $Version=\"1\"; __Host-id=\"" + token + "\";$Path=\"/\"")
                            .body())
                    .isEqualTo("x");
        }
    }

    @Test
    void any_other_quotes_are_part_of_the_value_and_make_it_worthless() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            Forgery.isWorthless(site, "Cookie: __Host-id=" + token + "\"");
            Forgery.isWorthless(site, "Cookie: __Host-id=\"" + token);
            Forgery.isWorthless(site, "Cookie: __Host-id=\"\"" + token + "\"\"");
            Forgery.isWorthless(site, "Cookie: __Host-id='" + token + "'");
        }
    }

    @Test
    void a_sandwich_of_quotes_splits_at_its_semicolons_like_anything_else() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            assertThat(site.get("/read", "Cookie: $Version=1; x=\"a; __Host-id=" + token + "; y=b\"")
                            .body())
                    .isEqualTo("x");
        }
    }

    @Test
    void a_nameless_cookie_that_spells_the_name_in_its_value_is_worthless() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            Forgery.isWorthless(site, "Cookie: =__Host-id=" + token);
            Forgery.isWorthless(site, "Cookie: a=__Host-id=" + token);
            Forgery.isWorthless(site, "Cookie: __Host-id");
            Forgery.isWorthless(site, "Cookie: __Host-id;=" + token);
        }
    }

    @Test
    void percent_encoding_is_not_decoded() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            Forgery.isWorthless(site, Site.cookie(token.replace(".", "%2E")));
            Forgery.isWorthless(site, Site.cookie("%" + Integer.toHexString(token.charAt(0)) + token.substring(1)));
        }
    }

    @Test
    void base64_that_decodes_to_the_same_bytes_is_another_token() {
        assertThat(Base64.getUrlDecoder().decode("QR"))
                .isEqualTo(Base64.getUrlDecoder().decode("QQ"));
        try (Site site = new Site()) {
            String token = site.begin("x");
            String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            String start = token.substring(0, token.length() - 1);
            int last = digits.indexOf(token.charAt(token.length() - 1));
            for (int unused = 1; unused < 4; unused++) {
                Forgery.isWorthless(site, Site.cookie(start + digits.charAt(last ^ unused)));
            }
            Forgery.isWorthless(site, Site.cookie(token + "="));
        }
    }
}
