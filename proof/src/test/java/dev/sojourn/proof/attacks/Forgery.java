package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.proof.site.Reply;
import dev.sojourn.proof.site.Site;
import java.util.Base64;
import java.util.Random;

/** What forgers send, and what must come of it. */
final class Forgery {
    private Forgery() {}

    /** As long as a real token, and not one. */
    static String wellFormed(Random random) {
        return text(random) + "." + text(random);
    }

    private static String text(Random random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Asks as a forger: anonymous, no store call, no cookie, no error. */
    static void isWorthless(Site site, String... headers) {
        site.store().forget();
        Reply reply = site.get("/read", headers);
        assertThat(reply.status()).as("status").isEqualTo(200);
        assertThat(reply.body()).as("what the forger reads").isEqualTo("null");
        assertThat(reply.cookies()).as("cookies for the forger").isEmpty();
        assertThat(site.store().calls()).as("store calls").isEmpty();
    }

    /** The id in a token. */
    static String id(String token) {
        return token.substring(0, token.indexOf('.'));
    }

    /** The signature in a token. */
    static String tag(String token) {
        return token.substring(token.indexOf('.') + 1);
    }
}
