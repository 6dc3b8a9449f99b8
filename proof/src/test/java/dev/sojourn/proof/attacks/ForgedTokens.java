package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import java.util.Base64;
import java.util.Random;

/** Forged tokens, and the response that they must get. */
final class ForgedTokens {
    private ForgedTokens() {}

    /** Returns a token of valid form with a random signature. */
    static String wellFormed(Random random) {
        return text(random) + "." + text(random);
    }

    private static String text(Random random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Asserts that a request is anonymous, without a store call, a cookie or an error. */
    static void assertNotAccepted(Site site, String... headers) {
        site.store().clearCalls();
        RawResponse response = site.get("/read", headers);
        assertThat(response.status()).as("status").isEqualTo(200);
        assertThat(response.body()).as("the attribute that the request reads").isEqualTo("null");
        assertThat(response.cookies()).as("cookies of the response").isEmpty();
        assertThat(site.store().calls()).as("store calls").isEmpty();
    }

    /** Returns the id in a token. */
    static String id(String token) {
        return token.substring(0, token.indexOf('.'));
    }

    /** Returns the signature in a token. */
    static String tag(String token) {
        return token.substring(token.indexOf('.') + 1);
    }
}
