package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.proof.site.Reply;
import dev.sojourn.proof.site.Site;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class A11BadCharactersTest {
    private static List<String> bad() {
        List<String> bad = new ArrayList<>(List.of(
                "%41", "+", "/", "=", " ", "\"", "\\", ",", "{", "\u00FE\u00FF", "\u00EF\u00BB\u00BF", "~", ":"));
        for (char c = 0; c < 0x100; c++) {
            boolean endsTheLine = c == '\r' || c == '\n';
            if (!endsTheLine && (c < 0x20 || c >= 0x7F)) {
                bad.add(String.valueOf(c));
            }
        }
        return bad;
    }

    @Test
    void a_token_with_a_character_that_no_token_has_is_worthless_wherever_it_stands() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            for (String bad : bad()) {
                for (int at : List.of(1, 20, 43, 44, 60, token.length() - 1)) {
                    String inserted = token.substring(0, at) + bad + token.substring(at);
                    String replaced = token.substring(0, at) + bad + token.substring(at + 1);
                    Forgery.isWorthless(site, "Cookie: __Host-id=" + inserted + "; a=b");
                    Forgery.isWorthless(site, "Cookie: __Host-id=" + replaced + "; a=b");
                }
            }
        }
    }

    @Test
    void characters_beyond_a_byte_do_not_become_the_byte_below_them() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            char first = token.charAt(0);
            // As UTF-8, and as the two bytes of UTF-16 on either side.
            Forgery.isWorthless(site, Site.cookie("\u00C5" + first + token.substring(1)));
            Forgery.isWorthless(site, Site.cookie(token.substring(0, 43) + "\u00C4\u00AE" + token.substring(44)));
            Forgery.isWorthless(site, Site.cookie("\0" + String.join("\0", token.split(""))));
        }
    }

    @Test
    void a_bare_carriage_return_in_the_header_opens_nothing_and_is_no_server_error() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            Reply reply = site.get("/read", Site.cookie(token.substring(0, 10) + "\r" + token.substring(10)));
            assertThat(reply.status()).isLessThan(500);
            assertThat(reply.body()).doesNotContain("x\n").isNotEqualTo("x");
            assertThat(site.store().calls()).isEmpty();
        }
    }
}
