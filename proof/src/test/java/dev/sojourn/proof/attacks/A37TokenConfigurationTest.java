package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.IssuedTokens;
import dev.sojourn.Key;
import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.Sessions;
import dev.sojourn.TokenSessions;
import dev.sojourn.move.MovingStore;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.TestExchange;
import dev.sojourn.testing.TestTokens;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Configurations of sessions with access tokens that would be unsafe fail at start-up and say what to do. */
class A37TokenConfigurationTest {
    private static TokenSessions create(Consumer<TokenSessions.Config> options) {
        return TokenSessions.create(c -> {
            c.secret(Site.SECRET).access(new TestTokens()).revocations(Revocations.in(new MemoryStore()));
            options.accept(c);
        });
    }

    private static void assertRefused(Consumer<TokenSessions.Config> options, String... advice) {
        assertThatThrownBy(() -> create(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(advice);
    }

    @Test
    void what_is_required_has_to_be_there() {
        Revocations revocations = Revocations.in(new MemoryStore());
        assertThatThrownBy(() -> TokenSessions.create(c -> c.secret(Site.SECRET).revocations(revocations)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("format for access tokens", "c.access(");
        assertThatThrownBy(() -> TokenSessions.create(c -> c.secret(Site.SECRET).access(new TestTokens())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("outlive a logout", "c.revocations(Revocations.in(");
        assertThatThrownBy(() ->
                        TokenSessions.create(c -> c.access(new TestTokens()).revocations(revocations)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("secret");
    }

    @Test
    void the_revocations_have_a_store_of_their_own() {
        MemoryStore store = new MemoryStore();

        assertRefused(c -> c.store(store).revocations(Revocations.in(store)), "sessions' own store", "table or prefix");
        for (SessionStore moving : List.of(
                MovingStore.from(store).to(new MemoryStore()),
                MovingStore.from(new MemoryStore()).preparingFor(store))) {
            assertRefused(c -> c.store(moving).revocations(Revocations.in(store)), "sessions' own store");
            assertRefused(c -> c.store(store).revocations(Revocations.in(moving)), "sessions' own store");
        }
    }

    @Test
    void an_access_token_lives_for_an_hour_at_most_and_less_than_its_session() {
        for (Duration lifetime : new Duration[] {
            Duration.ZERO, Duration.ofMillis(999), Duration.ofMinutes(60).plusMillis(1)
        }) {
            assertRefused(c -> c.accessLifetime(lifetime), "accessLifetime", "1 second and 1 hour");
        }
        assertRefused(c -> c.idleTimeout(Duration.ofMinutes(5)), "idleTimeout", "accessLifetime");
        assertRefused(
                c -> c.idleTimeout(Duration.ZERO).absoluteTimeout(Duration.ofMinutes(5)),
                "absoluteTimeout",
                "accessLifetime");
        assertThatCode(() -> create(c -> c.accessLifetime(Duration.ofHours(1)).absoluteTimeout(Duration.ZERO)))
                .doesNotThrowAnyException();
    }

    @Test
    void lost_answers_lies_within_bounds() {
        for (Duration time : new Duration[] {Duration.ofSeconds(-1), Duration.ofSeconds(30), Duration.ofDays(31)}) {
            assertRefused(c -> c.lostAnswers(time), "lostAnswers", "30 days");
        }
    }

    @Test
    void a_claim_has_no_name_with_a_meaning_of_its_own_and_is_named_once() {
        for (String name : new String[] {"sub", "exp", "sid", "cnf"}) {
            assertRefused(c -> c.claims(Key.of(name, String.class)), name, "cannot be a claim");
        }
        Key<String> role = Key.of("role", String.class);
        assertRefused(c -> c.claims(role, role), "twice");
    }

    @Test
    void a_refresh_cookie_that_browsers_reject_is_refused() {
        assertThatThrownBy(() ->
                        create(c -> c.refreshCookie(k -> k.name("__Host-r").path("/api"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("__Host-");
        assertThat(create(c -> c.refreshCookie(k -> k.path("/api"))).cookieNames())
                .containsExactly("__Secure-refresh");
        assertThat(create(c -> c.refreshCookie(k -> k.insecureHttp())).cookieNames())
                .containsExactly("refresh");
    }

    @Test
    void a_session_of_another_kind_gets_no_tokens() {
        SessionScope scope = Sessions.create(c -> c.secret(Site.SECRET)).open(new TestExchange("/"));
        TokenSessions tokens = create(c -> {});

        assertThatThrownBy(() -> tokens.issue(scope.session()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TokenSessions");
        assertThatThrownBy(() -> tokens.refreshFromCookie(scope.session()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_response_is_that_of_rfc_6749_and_a_text_without_tokens_is_shown_in_logs() {
        IssuedTokens all = new IssuedTokens("a.b", Duration.ofMillis(299_999), "c.1.d");

        assertThat(all.toJson())
                .isEqualTo("{\"access_token\":\"a.b\",\"token_type\":\"Bearer\",\"expires_in\":299,"
                        + "\"refresh_token\":\"c.1.d\"}");
        assertThat(new IssuedTokens("a\"b", Duration.ofMinutes(5), null).toJson())
                .isEqualTo("{\"access_token\":\"a\\\"b\",\"token_type\":\"Bearer\",\"expires_in\":300}");
        assertThat(all).hasToString("IssuedTokens[redacted]");
    }
}
