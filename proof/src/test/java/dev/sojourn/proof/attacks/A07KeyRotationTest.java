package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.Reply;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.testing.SettableClock;
import org.junit.jupiter.api.Test;

class A07KeyRotationTest {
    private final SettableClock clock = new SettableClock();
    private final SpyStore store =
            new SpyStore(MemoryStore.builder().clock(clock).build());

    private Site node(String first, String... older) {
        return new Site(clock, store, c -> c.secret(first, older));
    }

    @Test
    void a_token_of_an_older_secret_works_and_is_signed_anew_beside_a_touch() {
        try (Site before = node(Site.SECRET);
                Site after = node(Site.OTHER_SECRET, Site.SECRET);
                Site later = node(Site.OTHER_SECRET)) {
            String old = before.begin("x");
            Reply reply = after.as(old, "/read");
            assertThat(reply.body()).isEqualTo("x");
            assertThat(store.calls()).containsExactly("load", "touch");
            String renewed = reply.token();
            assertThat(Forgery.id(renewed)).isEqualTo(Forgery.id(old));
            assertThat(Forgery.tag(renewed)).isNotEqualTo(Forgery.tag(old));
            assertThat(reply.header("Cache-Control")).hasValue("no-store");
            assertThat(later.as(renewed, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void a_token_of_the_first_secret_is_not_sent_again() {
        try (Site site = node(Site.OTHER_SECRET, Site.SECRET)) {
            String token = site.begin("x");
            assertThat(site.as(token, "/read").cookies()).isEmpty();
            assertThat(store.calls()).containsExactly("load");
        }
    }

    @Test
    void only_the_first_secret_signs() {
        try (Site rotated = node(Site.OTHER_SECRET, Site.SECRET);
                Site oldOnly = node(Site.SECRET)) {
            String token = rotated.begin("x");
            Forgery.isWorthless(oldOnly, Site.cookie(token));
        }
    }

    @Test
    void a_token_whose_secret_was_removed_is_anonymous_and_its_cookie_stays() {
        try (Site before = node(Site.SECRET);
                Site after = node(Site.OTHER_SECRET)) {
            String token = before.begin("x");
            Forgery.isWorthless(after, Site.cookie(token));
            assertThat(before.as(token, "/read").body())
                    .as("a node that is not yet deployed anew still serves it")
                    .isEqualTo("x");
        }
    }

    @Test
    void a_node_that_does_not_know_the_new_secret_yet_sends_no_clearing_cookie_even_for_a_logout() {
        try (Site deployed = node(Site.OTHER_SECRET, Site.SECRET);
                Site notYet = node(Site.SECRET)) {
            String token = deployed.begin("x");
            assertThat(notYet.as(token, "/read").cookies()).isEmpty();
            assertThat(notYet.as(token, "/logout").cookies()).isEmpty();
            assertThat(deployed.as(token, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void rings_that_cannot_be_safe_are_refused_at_start() {
        assertThatIllegalArgumentException().isThrownBy(() -> Sessions.create(c -> {}));
        assertThatIllegalArgumentException().isThrownBy(() -> Sessions.create(c -> c.secret("")));
        assertThatIllegalArgumentException().isThrownBy(() -> Sessions.create(c -> c.secret("short")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.create(c -> c.secret(Site.SECRET, Site.SECRET)))
                .withMessageContaining("twice");
        assertThatIllegalArgumentException().isThrownBy(() -> Sessions.create(c -> c.secret(Site.SECRET, "short")));
    }
}
