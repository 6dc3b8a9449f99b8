package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.testing.SettableClock;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class A07KeyRotationTest {
    private final SettableClock clock = new SettableClock();
    private final SpyStore store =
            new SpyStore(MemoryStore.builder().clock(clock).build());

    private Site node(String first, String... older) {
        return new Site(clock, store, c -> c.secret(first, older));
    }

    @Test
    void a_token_of_an_older_secret_works_and_is_signed_again_together_with_a_touch() {
        try (Site before = node(Site.SECRET);
                Site after = node(Site.OTHER_SECRET, Site.SECRET);
                Site later = node(Site.OTHER_SECRET)) {
            String old = before.startSession("x");
            RawResponse response = after.getAs(old, "/read");
            assertThat(response.body()).isEqualTo("x");
            assertThat(store.calls()).containsExactly("load", "touch");
            String renewed = response.token();
            assertThat(ForgedTokens.id(renewed)).isEqualTo(ForgedTokens.id(old));
            assertThat(ForgedTokens.tag(renewed)).isNotEqualTo(ForgedTokens.tag(old));
            assertThat(response.header("Cache-Control")).hasValue("no-store");
            assertThat(later.getAs(renewed, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void a_token_of_the_first_secret_is_not_sent_again() {
        try (Site site = node(Site.OTHER_SECRET, Site.SECRET)) {
            String token = site.startSession("x");
            assertThat(site.getAs(token, "/read").cookies()).isEmpty();
            assertThat(store.calls()).containsExactly("load");
        }
    }

    @Test
    void only_the_first_secret_signs() {
        try (Site rotated = node(Site.OTHER_SECRET, Site.SECRET);
                Site oldOnly = node(Site.SECRET)) {
            String token = rotated.startSession("x");
            ForgedTokens.assertNotAccepted(oldOnly, Site.cookie(token));
        }
    }

    @Test
    void a_token_of_a_removed_secret_is_anonymous_and_its_cookie_is_kept() {
        try (Site before = node(Site.SECRET);
                Site after = node(Site.OTHER_SECRET)) {
            String token = before.startSession("x");
            ForgedTokens.assertNotAccepted(after, Site.cookie(token));
            assertThat(before.getAs(token, "/read").body())
                    .as("a node with the former configuration still serves it")
                    .isEqualTo("x");
        }
    }

    /** How an operator ends all sessions of all users: docs/guide/sign-in.md. */
    @Test
    void a_new_secret_without_the_former_one_signs_everybody_out_with_their_remembered_browsers() {
        try (Site before = new Site(clock, store, c -> c.secret(Site.SECRET).rememberMe());
                Site after = Site.onTwoNodes(
                        clock, store, c -> c.secret(Site.OTHER_SECRET).rememberMe())) {
            before.addPage("/remember", (session, exchange) -> {
                session.login(Site.query(exchange));
                session.remember();
                return "ok";
            });
            for (String user : List.of("alice", "bob")) {
                RawResponse login = before.get("/remember?" + user);
                String both = "Cookie: "
                        + login.cookies().stream()
                                .map(line -> line.substring(0, line.indexOf(';')))
                                .collect(Collectors.joining("; "));
                assertThat(both).contains("__Host-id=", "__Host-remember=");
                String remember = "Cookie: " + both.substring(both.indexOf("__Host-remember="));
                assertThat(before.get("/subject", both).body()).isEqualTo(user);
                for (int node = 0; node < 2; node++) {
                    assertThat(after.get("/subject", both).body()).isEqualTo("null");
                    assertThat(after.get("/subject", remember).body()).isEqualTo("null");
                }
                String again = after.get("/login?" + user).token();
                assertThat(after.getAs(again, "/subject").body()).isEqualTo(user);
                assertThat(after.sessions().of(user).endAll()).isEqualTo(2);
            }
        }
    }

    @Test
    void a_node_without_the_new_secret_clears_no_cookie_even_on_a_logout() {
        try (Site deployed = node(Site.OTHER_SECRET, Site.SECRET);
                Site notYet = node(Site.SECRET)) {
            String token = deployed.startSession("x");
            assertThat(notYet.getAs(token, "/read").cookies()).isEmpty();
            assertThat(notYet.getAs(token, "/logout").cookies()).isEmpty();
            assertThat(deployed.getAs(token, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void unsafe_lists_of_secrets_are_refused_at_start_up() {
        assertThatIllegalArgumentException().isThrownBy(() -> Sessions.create(c -> {}));
        assertThatIllegalArgumentException().isThrownBy(() -> Sessions.create(c -> c.secret("")));
        assertThatIllegalArgumentException().isThrownBy(() -> Sessions.create(c -> c.secret("short")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.create(c -> c.secret(Site.SECRET, Site.SECRET)))
                .withMessageContaining("twice");
        assertThatIllegalArgumentException().isThrownBy(() -> Sessions.create(c -> c.secret(Site.SECRET, "short")));
    }
}
