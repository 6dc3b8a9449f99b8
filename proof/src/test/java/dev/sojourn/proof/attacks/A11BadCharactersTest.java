package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class A11BadCharactersTest {
    private static List<String> badCharacters() {
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
    void a_token_with_an_invalid_character_in_any_position_opens_nothing() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            for (String bad : badCharacters()) {
                for (int at : List.of(1, 20, 43, 44, 60, token.length() - 1)) {
                    String inserted = token.substring(0, at) + bad + token.substring(at);
                    String replaced = token.substring(0, at) + bad + token.substring(at + 1);
                    ForgedTokens.assertNotAccepted(site, "Cookie: __Host-id=" + inserted + "; a=b");
                    ForgedTokens.assertNotAccepted(site, "Cookie: __Host-id=" + replaced + "; a=b");
                }
            }
        }
    }

    @Test
    void characters_above_one_byte_are_not_truncated_to_a_byte() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            char first = token.charAt(0);
            // As UTF-8, and as the two bytes of UTF-16 on either side.
            ForgedTokens.assertNotAccepted(site, Site.cookie("\u00C5" + first + token.substring(1)));
            ForgedTokens.assertNotAccepted(
                    site, Site.cookie(token.substring(0, 43) + "\u00C4\u00AE" + token.substring(44)));
            ForgedTokens.assertNotAccepted(site, Site.cookie("\0" + String.join("\0", token.split(""))));
        }
    }

    @Test
    void a_bare_carriage_return_in_the_header_opens_nothing_and_causes_no_server_error() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            RawResponse response = site.get("/read", Site.cookie(token.substring(0, 10) + "\r" + token.substring(10)));
            assertThat(response.status()).isLessThan(500);
            assertThat(response.body()).doesNotContain("x\n").isNotEqualTo("x");
            assertThat(site.store().calls()).isEmpty();
        }
    }
}
