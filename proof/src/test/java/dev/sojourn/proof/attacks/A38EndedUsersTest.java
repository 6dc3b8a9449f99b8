package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.Key;
import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.SealedSessions;
import dev.sojourn.Session;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.TokenSessions;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jwt.AccessTokens;
import dev.sojourn.jwt.Jwe;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.SealedSite;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.proof.site.TokenSite;
import dev.sojourn.proof.site.TokenSite.Tokens;
import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.AccessTokenFormat;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Attacks on the end of all sessions of a user, for sealed sessions and for sessions with access tokens. */
class A38EndedUsersTest {
    private static final Duration LATER = Duration.ofMinutes(4);
    private static final Duration DELAY = Duration.ofSeconds(2);

    private static void assertRefused(RawResponse response) {
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.cookies()).isEmpty();
    }

    /** Returns what ends users, as a node without sessions has it: it shares the store of the revocations. */
    private static Revocations administration(TokenSite site) {
        return Revocations.in(site.revoked(), c -> c.clock(site.clock()));
    }

    // ---- sessions with refresh tokens

    @Test
    void a_refresh_token_does_not_outlive_the_end_of_all_sessions_of_its_user() {
        try (TokenSite site = new TokenSite()) {
            Tokens phone = site.login("alice");
            Tokens laptop = site.login("alice");
            Tokens bob = site.login("bob");

            administration(site).endAll("alice");
            site.clock().advance(DELAY);

            assertRefused(site.getAs(phone.access(), "/view"));
            assertRefused(site.getAs(phone.access(), "/session"));
            assertRefused(site.refresh(phone.refreshToken()));
            assertThat(site.listener().single("destroyed").details().get(1)).isEqualTo(DestroyReason.REVOKED);
            assertThat(site.tokens().of("alice").list()).hasSize(1);
            site.clock().advance(Duration.ofDays(29));
            assertRefused(site.refresh(laptop.refreshToken()));
            assertThat(site.tokens().of("alice").list()).isEmpty();
            assertThat(site.refresh(bob.refreshToken()).status()).isEqualTo(200);
        }
    }

    @Test
    void a_user_whose_sessions_were_ended_signs_in_again_in_the_same_second_and_stays() {
        try (TokenSite site = new TokenSite();
                TokenSite other = new TokenSite(site, c -> {})) {
            other.login("bob");
            site.login("alice");
            administration(site).endAll("alice");

            Tokens again = other.login("alice");

            for (TokenSite node : List.of(site, other)) {
                assertThat(node.getAs(again.access(), "/view").body()).isEqualTo("alice user");
                assertThat(node.getAs(again.access(), "/session").body()).isEqualTo("alice");
            }
            for (int i = 0; i < 3; i++) {
                site.clock().advance(LATER);
                again = site.refreshed(again.refreshToken());
                assertThat(other.getAs(again.access(), "/view").body()).isEqualTo("alice user");
            }
        }
    }

    @Test
    void a_node_whose_clock_is_ahead_issues_no_tokens_that_outlive_the_end_of_their_user() {
        try (TokenSite site = new TokenSite()) {
            SettableClock ahead = new SettableClock();
            ahead.set(site.clock().instant().plusSeconds(50));
            try (TokenSite other = new TokenSite(site, c -> c.clock(ahead))) {
                Tokens tokens = other.login("alice");
                site.clock().advance(Duration.ofSeconds(10));

                administration(site).endAll("alice");
                site.clock().advance(DELAY);
                ahead.advance(DELAY);

                for (TokenSite node : List.of(site, other)) {
                    assertRefused(node.getAs(tokens.access(), "/view"));
                    assertRefused(node.refresh(tokens.refreshToken()));
                }
            }
        }
    }

    @Test
    void a_new_id_gives_an_ended_session_no_new_life() {
        try (TokenSite site = new TokenSite()) {
            Tokens tokens = site.login("alice");
            site.addPage("/change-id", exchange -> {
                Session session = Sojourn.session(exchange);
                assertThat(session.subject()).isEqualTo("alice");
                administration(site).endAll("alice");
                session.changeId();
                return site.tokens().issue(session).toJson();
            });

            Tokens next = Tokens.of(site.getAs(tokens.access(), "/change-id"));
            site.clock().advance(DELAY);

            assertRefused(site.getAs(next.access(), "/view"));
            assertRefused(site.refresh(next.refreshToken()));
        }
    }

    @Test
    void the_tag_of_a_user_is_no_attribute_and_no_claim_that_an_application_sees() {
        try (TokenSite site = new TokenSite()) {
            site.addPage(
                    "/names",
                    exchange -> Sojourn.view(exchange).names() + " "
                            + Sojourn.session(exchange).names());
            site.login("alice");
            administration(site).endAll("alice");

            Tokens again = site.login("alice");

            assertThat(site.getAs(again.access(), "/names").body()).isEqualTo("[role] [role]");
        }
    }

    @Test
    void the_cookie_of_an_ended_user_is_removed_by_the_refresh_that_finds_it() {
        try (TokenSite site = new TokenSite()) {
            String cookie = site.get("/login-in-cookie?alice").token();
            administration(site).endAll("alice");
            site.clock().advance(DELAY);

            RawResponse response = site.get("/refresh-from-cookie", TokenSite.cookie(cookie));

            assertThat(response.status()).isEqualTo(401);
            assertThat(response.header("Set-Cookie").orElseThrow()).startsWith("__Host-refresh=; Path=/; Max-Age=0");
        }
    }

    @Test
    void a_logout_covers_tokens_of_a_node_that_issues_them_for_longer() {
        try (TokenSite site = new TokenSite(c -> c.accessLifetime(Duration.ofMinutes(1)));
                TokenSite other = new TokenSite(site, c -> c.accessLifetime(Duration.ofHours(1)))) {
            Tokens tokens = other.login("alice");

            assertThat(site.revoke(tokens.refreshToken()).status()).isEqualTo(200);

            for (int i = 0; i < 5; i++) {
                site.clock().advance(Duration.ofMinutes(11));
                assertRefused(other.getAs(tokens.access(), "/view"));
            }
        }
    }

    @Test
    void a_login_while_the_revocations_are_down_is_a_503_and_stores_nothing() {
        try (TokenSite site = new TokenSite()) {
            site.login("alice");
            site.store().clearCalls();
            site.revoked().failBefore("load", () -> StoreException.notDone("down", null));

            assertThat(site.get("/login?alice").status()).isEqualTo(503);

            assertThat(site.store().calls()).doesNotContain("create");
        }
    }

    @Test
    void a_login_while_the_store_of_the_sessions_is_down_is_a_503() {
        try (TokenSite site = new TokenSite()) {
            site.store().failBefore("create", () -> StoreException.notDone("down", null));

            assertThat(site.get("/login?alice").status()).isEqualTo(503);
            assertThat(site.get("/login-in-cookie?alice").status()).isEqualTo(503);
        }
    }

    @Test
    void an_expired_access_token_is_not_reported_as_a_forged_one() {
        try (TokenSite site = new TokenSite()) {
            Tokens tokens = site.login("alice");
            site.clock().advance(Duration.ofMinutes(5));
            site.listener().clear();

            assertRefused(site.getAs(tokens.access(), "/view"));
            assertThat(site.listener().single("tokenRefused").details()).contains(TokenRefusal.EXPIRED);

            site.listener().clear();
            assertRefused(site.getAs(tokens.access() + "A", "/view"));
            assertThat(site.listener().single("tokenRefused").details()).contains(TokenRefusal.NOT_ISSUED);
        }
    }

    // ---- spelling

    @Test
    void a_user_is_ended_in_any_spelling_that_the_sources_of_sessions_take_for_the_same() {
        SettableClock clock = new SettableClock();
        Revocations revocations =
                Revocations.in(MemoryStore.builder().clock(clock).build(), c -> c.clock(clock));
        try (SealedSite site = new SealedSite(
                clock, c -> c.revocations(revocations).normalizeSubjects(name -> name.toLowerCase(Locale.ROOT)))) {
            String first = site.get("/login?Alice").token();
            revocations.endAll("ALICE");
            assertThat(site.getAs(first, "/subject").body()).isEqualTo("null");

            String second = site.get("/login?aLICE").token();
            assertThat(site.getAs(second, "/subject").body()).isEqualTo("alice");
            site.sessions().endAll("alicE");
            assertThat(site.getAs(second, "/subject").body()).isEqualTo("null");
            assertThatThrownBy(() -> site.sessions().endAll("")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_user_is_ended_under_the_spelling_of_every_source_that_shares_the_revocations() {
        try (TokenSite site = new TokenSite()) {
            Revocations revocations = administration(site);
            try (TokenSite exact = new TokenSite(site, c -> c.revocations(revocations));
                    SealedSite lower = new SealedSite(
                            site.clock(),
                            c -> c.revocations(revocations).normalizeSubjects(name -> name.toLowerCase(Locale.ROOT)))) {
                Tokens tokens = exact.login("Alice");
                String text = lower.get("/login?Alice").token();

                revocations.endAll("Alice");

                assertRefused(exact.refresh(tokens.refreshToken()));
                assertThat(lower.getAs(text, "/subject").body()).isEqualTo("null");
            }
        }
    }

    @Test
    void sealed_sessions_without_revocations_say_that_nobody_can_be_ended() {
        SealedSessions sessions =
                SealedSessions.create(c -> c.seal(Jwe.secret(Site.SECRET)).logoutOnlyClearsTheCookie());

        assertThatThrownBy(() -> sessions.endAll("alice"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("c.revocations(Revocations.in(store))");
    }

    // ---- lifetimes

    @Test
    void a_login_long_after_an_end_is_accepted_by_a_node_that_remembers_that_end() {
        SettableClock clock = new SettableClock();
        MemoryStore revoked = MemoryStore.builder().clock(clock).build();
        try (SealedSite old = sealed(clock, revoked)) {
            old.get("/login?alice");
            old.sessions().endAll("alice");
            clock.advance(Duration.ofHours(1).plusMinutes(5).plusSeconds(62));
            String bob = old.get("/login?bob").token();
            assertThat(old.getAs(bob, "/subject").body()).isEqualTo("bob");
            try (SealedSite restarted = sealed(clock, revoked)) {
                String text = restarted.get("/login?alice").token();

                assertThat(old.getAs(text, "/subject").body()).isEqualTo("alice");
            }
        }
    }

    @Test
    void a_session_with_the_tag_of_an_end_that_is_forgotten_does_not_make_every_request_read_the_list() {
        SettableClock clock = new SettableClock();
        SpyStore revoked = new SpyStore(MemoryStore.builder().clock(clock).build());
        try (SealedSite site = sealed(clock, revoked)) {
            site.get("/login?alice");
            site.sessions().endAll("alice");
            clock.advance(Duration.ofMinutes(50));
            String text = site.get("/login?alice").token();
            clock.advance(Duration.ofMinutes(20));
            site.getAs(site.get("/login?bob").token(), "/subject");
            site.sessions().endAll("alice");
            assertThat(site.getAs(text, "/subject").body()).isEqualTo("null");
            revoked.clearCalls();

            for (int i = 0; i < 3; i++) {
                assertThat(site.getAs(text, "/subject").body()).isEqualTo("null");
            }

            assertThat(revoked.calls()).isEmpty();
        }
    }

    private static SealedSite sealed(SettableClock clock, SessionStore revoked) {
        Revocations revocations = Revocations.in(revoked, c -> c.clock(clock));
        return new SealedSite(clock, c -> c.revocations(revocations).absoluteTimeout(Duration.ofHours(1)));
    }

    @Test
    void a_session_that_was_ended_stays_so_if_a_later_configuration_lets_sessions_live_longer() {
        SettableClock clock = new SettableClock();
        Revocations revocations =
                Revocations.in(MemoryStore.builder().clock(clock).build(), c -> c.clock(clock));
        try (SealedSite before = new SealedSite(
                        clock,
                        c -> c.revocations(revocations)
                                .idleTimeout(Duration.ofHours(12))
                                .absoluteTimeout(Duration.ofHours(12)));
                SealedSite after = new SealedSite(
                        clock,
                        c -> c.revocations(revocations)
                                .idleTimeout(Duration.ofHours(12))
                                .absoluteTimeout(Duration.ofDays(30)))) {
            String first = before.get("/login?alice").token();
            clock.advance(Duration.ofHours(11));
            String copy = before.getAs(first, "/set?x").token();
            before.getAs(copy, "/logout");

            for (int i = 0; i < 11; i++) {
                clock.advance(Duration.ofHours(1));
                String bob = after.get("/login?bob").token();
                assertThat(after.getAs(bob, "/subject").body()).isEqualTo("bob");
                assertThat(after.getAs(copy, "/subject").body()).isEqualTo("null");
            }
        }
    }

    // ---- planted refresh cookies

    @Test
    void a_planted_refresh_cookie_signs_nobody_in_or_out() {
        try (TokenSite site =
                new TokenSite(c -> c.refreshCookie(k -> k.name("refresh").insecureHttp()))) {
            String mine = site.get("/login-in-cookie?alice").token();
            String planted = site.get("/login-in-cookie?mallory").token();

            RawResponse garbage = site.get("/refresh-from-cookie", "Cookie: refresh=x.1.y; refresh=" + mine);
            assertThat(site.getAs(Tokens.of(garbage).access(), "/view").body()).isEqualTo("alice user");

            RawResponse both = site.get("/refresh-from-cookie", "Cookie: refresh=" + planted + "; refresh=" + mine);
            assertThat(both.status()).isEqualTo(401);
            assertThat(both.cookies())
                    .allMatch(line -> line.startsWith("refresh=; Path=/") && line.contains("Max-Age=0"))
                    .noneMatch(line -> line.startsWith("refresh=; Path=/; Max-Age"));

            RawResponse later = site.get("/refresh-from-cookie", "Cookie: refresh=" + mine);
            assertThat(later.status()).isEqualTo(200);
        }
    }

    // ---- configuration and odd input

    @Test
    void a_claim_that_tokens_use_themselves_is_refused_at_start_up() {
        for (String name : List.of("sub", "sojourn_key", "sojourn_tag")) {
            assertThatThrownBy(() -> TokenSessions.create(c -> c.secret(Site.SECRET)
                            .access(AccessTokens.sealed(Jwe.secret(Site.SECRET)))
                            .revocations(Revocations.in(new MemoryStore()))
                            .claims(Key.of(name, String.class))))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(name);
        }
    }

    @Test
    void a_format_that_fails_on_a_token_causes_no_5xx_at_the_revocation_endpoint() {
        try (TokenSite site = new TokenSite(c -> c.access(new FailingFormat()))) {
            assertThat(site.revoke("a.b.c").status()).isEqualTo(200);
            assertRefused(site.getAs("a.b.c", "/view"));
        }
    }

    private static final class FailingFormat implements AccessTokenFormat {
        @Override
        public String issue(AccessToken token) {
            return "a.b.c";
        }

        @Override
        public Optional<AccessToken> verify(String token, Instant now) {
            throw new IndexOutOfBoundsException("odd input");
        }
    }
}
