package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.StoreKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class A01FixationBySuppliedIdTest {
    private static StoreKey keyOf(String id) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
        return StoreKey.of(Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
    }

    @Test
    void an_id_that_was_never_issued_is_anonymous_and_reported() {
        try (Site site = Site.onTwoNodes()) {
            String supplied = ForgedTokens.wellFormed(new Random(1));
            ForgedTokens.assertNotAccepted(site, Site.cookie(supplied));
            ForgedTokens.assertNotAccepted(site, Site.cookie(ForgedTokens.id(supplied)));
            assertThat(site.listener().names()).containsExactly("tokenRefused", "tokenRefused");
            assertThat(site.listener().all().get(0).details()).containsExactly("127.0.0.1", TokenRefusal.NOT_ISSUED);
        }
    }

    @Test
    void a_write_with_a_supplied_id_creates_another_id() throws Exception {
        try (Site site = Site.onTwoNodes()) {
            String supplied = ForgedTokens.wellFormed(new Random(2));
            RawResponse response = site.get("/set?x", Site.cookie(supplied));
            assertThat(response.status()).isEqualTo(200);
            assertThat(ForgedTokens.id(response.token())).isNotEqualTo(ForgedTokens.id(supplied));
            assertThat(site.store().calls()).containsExactly("create");
            assertThat(site.store().keys()).containsExactly(keyOf(ForgedTokens.id(response.token())));
            assertThat(site.getAs(response.token(), "/read").body()).isEqualTo("x");
            ForgedTokens.assertNotAccepted(site, Site.cookie(supplied));
        }
    }

    @Test
    void a_login_with_a_supplied_id_creates_another_id() throws Exception {
        try (Site site = Site.onTwoNodes()) {
            String supplied = ForgedTokens.wellFormed(new Random(3));
            RawResponse response = site.get("/login?alice", Site.cookie(supplied));
            assertThat(site.store().keys()).doesNotContain(keyOf(ForgedTokens.id(supplied)));
            assertThat(site.getAs(response.token(), "/subject").body()).isEqualTo("alice");
            assertThat(site.getAs(supplied, "/subject").body()).isEqualTo("null");
        }
    }

    @Test
    void the_id_of_an_expired_session_is_not_reused() throws Exception {
        try (Site site = Site.onTwoNodes()) {
            String expired = site.startSession("x");
            site.clock().advance(Duration.ofMinutes(31));
            RawResponse response = site.getAs(expired, "/change?y");
            assertThat(response.body()).isEqualTo("null");
            assertThat(response.token()).isNotEqualTo(expired);
            assertThat(site.getAs(expired, "/read").body()).isEqualTo("null");
            assertThat(site.getAs(response.token(), "/read").body()).isEqualTo("y");
        }
    }

    @Test
    void the_id_of_a_destroyed_session_is_not_reused() {
        try (Site site = Site.onTwoNodes()) {
            String ended = site.startSession("x");
            site.getAs(ended, "/logout");
            RawResponse response = site.getAs(ended, "/set?y");
            assertThat(response.token()).isNotEqualTo(ended);
            assertThat(site.getAs(ended, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void an_id_that_another_application_issued_opens_nothing() {
        try (Site site = Site.onTwoNodes();
                Site other = Site.onTwoNodes(c -> c.secret(Site.OTHER_SECRET))) {
            ForgedTokens.assertNotAccepted(site, Site.cookie(other.startSession("x")));
        }
    }
}
