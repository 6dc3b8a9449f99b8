package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.proof.site.Site;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class A06SignatureStrippingTest {
    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hmac(byte[] key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> variants(String token, String other) throws Exception {
        String id = ForgedTokens.id(token);
        String tag = ForgedTokens.tag(token);
        List<String> forged = new ArrayList<>(List.of(
                id,
                id + ".",
                id + "." + tag.charAt(0),
                id + "." + tag.substring(0, 15),
                id + "." + tag.substring(0, 42),
                id + "." + "A".repeat(43),
                id + "." + tag + "." + tag,
                id + "." + tag + tag,
                id + tag,
                id + ".." + tag,
                "." + tag,
                tag + "." + id,
                "s:" + token,
                "s%3A" + token,
                "2." + token,
                "\0" + token,
                token + ".",
                token + "A",
                id + "." + ForgedTokens.tag(other),
                ForgedTokens.id(other) + "." + tag,
                id + "." + tag.toLowerCase(Locale.ROOT),
                id.toLowerCase(Locale.ROOT) + "." + tag,
                id + "." + new StringBuilder(tag).reverse(),
                base64("{\"alg\":\"none\"}") + "." + base64("{\"sub\":\"alice\",\"sid\":\"" + id + "\"}") + ".",
                base64("{\"alg\":\"HS256\",\"kid\":\"../../dev/null\"}") + "." + base64("{}") + "." + tag,
                "kid=" + "k".repeat(2_048) + "." + id + "." + tag));
        // Signed with the secret itself, or with the key of another purpose.
        forged.add(id + "." + hmac(Site.SECRET.getBytes(StandardCharsets.UTF_8), id));
        byte[] foreign = Base64.getUrlDecoder().decode(hmac(Site.SECRET.getBytes(StandardCharsets.UTF_8), "csrf\1"));
        forged.add(id + "." + hmac(foreign, id));
        return forged;
    }

    @Test
    void a_token_with_a_missing_cut_doubled_swapped_or_foreign_signature_opens_nothing() throws Exception {
        try (Site site = Site.onTwoNodes()) {
            String token = site.startSession("x");
            String other = site.startSession("y");
            for (String forged : variants(token, other)) {
                site.listener().clear();
                ForgedTokens.assertNotAccepted(site, Site.cookie(forged));
                assertThat(site.listener().single("tokenRefused").details())
                        .as(forged)
                        .containsExactly("127.0.0.1", TokenRefusal.NOT_ISSUED);
            }
            assertThat(site.getAs(token, "/read").body())
                    .as("the genuine token still works")
                    .isEqualTo("x");
        }
    }

    @Test
    void a_token_with_any_character_changed_opens_nothing() {
        try (Site site = Site.onTwoNodes()) {
            String token = site.startSession("x");
            for (int i = 0; i < token.length(); i++) {
                char other = token.charAt(i) == 'A' ? 'B' : 'A';
                ForgedTokens.assertNotAccepted(
                        site, Site.cookie(token.substring(0, i) + other + token.substring(i + 1)));
            }
        }
    }
}
