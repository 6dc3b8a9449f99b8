package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.proof.site.Site;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class A09PrefixAndParsingTest {
    /** Returns the bytes that a browser sends for this text, one char per byte. */
    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    void names_similar_to_the_cookie_name_are_ignored() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
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
                ForgedTokens.assertNotAccepted(site, "Cookie: a=b; " + name + "=" + token);
                ForgedTokens.assertNotAccepted(site, "Cookie: a=b; " + name + "=" + token + "; c=d");
            }
            assertThat(site.listener().names()).isEmpty();
        }
    }

    @Test
    void unicode_case_folding_does_not_apply_to_the_name() {
        // These equalities are the reason for the test.
        assertThat("sidK".equalsIgnoreCase("sid\u212A")).isTrue();
        assertThat("sid".equalsIgnoreCase("\u017Fid")).isTrue();
        assertThat("\u2000x".strip()).isEqualTo("x");
        try (Site site = new Site(c -> c.cookie(k -> k.name("sidK")))) {
            String token = site.startSession("x");
            for (String name : List.of("sid\u212A", "\u017FidK", "sidk", "SIDK")) {
                ForgedTokens.assertNotAccepted(site, "Cookie: " + utf8(name) + "=" + token);
            }
            assertThat(site.get("/read", "Cookie: sidK=" + token).body()).isEqualTo("x");
        }
    }

    @Test
    void only_spaces_and_tabs_are_trimmed_around_name_and_value() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            assertThat(site.get("/read", "Cookie: a=b; \t __Host-id \t=\t " + token + " \t; c=d")
                            .body())
                    .isEqualTo("x");
            for (String around : List.of("\u00A0", "\u0085", "\u000B", "\u000C", utf8("\u2000"), utf8("\uFEFF"))) {
                ForgedTokens.assertNotAccepted(site, "Cookie: a=b; __Host-id=" + around + token + "; c=d");
                ForgedTokens.assertNotAccepted(site, "Cookie: a=b; __Host-id=" + token + around + "; c=d");
            }
        }
    }

    /** {@link java.net.CookieManager} sends a cookie with a lifetime like this. */
    @Test
    void one_pair_of_quotes_around_the_value_is_removed() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            assertThat(site.get("/read", "Cookie: __Host-id=\"" + token + "\"").body())
                    .isEqualTo("x");
            assertThat(site.get("/read", "Cookie: $Version=\"1\"; __Host-id=\"" + token + "\";$Path=\"/\"")
                            .body())
                    .isEqualTo("x");
        }
    }

    @Test
    void any_other_quotes_are_part_of_the_value_and_invalidate_it() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            ForgedTokens.assertNotAccepted(site, "Cookie: __Host-id=" + token + "\"");
            ForgedTokens.assertNotAccepted(site, "Cookie: __Host-id=\"" + token);
            ForgedTokens.assertNotAccepted(site, "Cookie: __Host-id=\"\"" + token + "\"\"");
            ForgedTokens.assertNotAccepted(site, "Cookie: __Host-id='" + token + "'");
        }
    }

    @Test
    void semicolons_within_quotes_separate_cookies() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            assertThat(site.get("/read", "Cookie: $Version=1; x=\"a; __Host-id=" + token + "; y=b\"")
                            .body())
                    .isEqualTo("x");
        }
    }

    @Test
    void a_nameless_cookie_with_the_name_in_its_value_is_ignored() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            ForgedTokens.assertNotAccepted(site, "Cookie: =__Host-id=" + token);
            ForgedTokens.assertNotAccepted(site, "Cookie: a=__Host-id=" + token);
            ForgedTokens.assertNotAccepted(site, "Cookie: __Host-id");
            ForgedTokens.assertNotAccepted(site, "Cookie: __Host-id;=" + token);
        }
    }

    @Test
    void percent_encoding_is_not_decoded() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            ForgedTokens.assertNotAccepted(site, Site.cookie(token.replace(".", "%2E")));
            ForgedTokens.assertNotAccepted(
                    site, Site.cookie("%" + Integer.toHexString(token.charAt(0)) + token.substring(1)));
        }
    }

    @Test
    void another_base64_text_of_the_same_bytes_is_not_accepted() {
        assertThat(Base64.getUrlDecoder().decode("QR"))
                .isEqualTo(Base64.getUrlDecoder().decode("QQ"));
        try (Site site = new Site()) {
            String token = site.startSession("x");
            String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            String start = token.substring(0, token.length() - 1);
            int last = digits.indexOf(token.charAt(token.length() - 1));
            for (int unused = 1; unused < 4; unused++) {
                ForgedTokens.assertNotAccepted(site, Site.cookie(start + digits.charAt(last ^ unused)));
            }
            ForgedTokens.assertNotAccepted(site, Site.cookie(token + "="));
        }
    }
}
