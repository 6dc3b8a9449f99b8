package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionListener.Timeout;
import dev.sojourn.UserSession;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.proof.attacks.LogCapture;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.RecordingListener.Event;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.TokenSite;
import dev.sojourn.proof.site.TokenSite.Tokens;
import dev.sojourn.spi.SessionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code Sessions} and {@code TokenSessions} with their default timeouts over one store, with one secret. */
class SharedStoreTest {
    private static final Duration BEYOND_12_HOURS = Duration.ofHours(13);

    private static Site pages(TokenSite api) {
        return new Site(api.clock(), api.store(), c -> {});
    }

    private static void assertRefused(RawResponse response) {
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("WWW-Authenticate")).contains("Bearer error=\"invalid_token\"");
    }

    // ---- sessions with tokens, seen by Sessions

    @Test
    void sessions_lists_a_session_with_tokens_with_its_own_times_and_does_not_remove_it() {
        try (TokenSite api = new TokenSite();
                Site pages = pages(api)) {
            Instant begun = api.clock().instant();
            Tokens tokens = api.login("alice");
            api.clock().advance(BEYOND_12_HOURS);

            assertThat(pages.sessions().of("alice").list()).singleElement().satisfies(each -> {
                assertThat(each.createdAt()).isEqualTo(begun);
                assertThat(each.lastAccessedAt()).isEqualTo(begun);
                assertThat(each.expiresAt()).isEqualTo(begun.plus(Duration.ofDays(30)));
            });
            assertThat(pages.listener().all()).isEmpty();

            Tokens next = api.refreshed(tokens.refreshToken());
            assertThat(pages.sessions().of("alice").list())
                    .isEqualTo(api.tokens().of("alice").list());
            assertThat(api.getAs(next.access(), "/session").body()).isEqualTo("alice");
        }
    }

    @Test
    void a_session_with_tokens_keeps_its_times_when_it_is_written_and_gets_a_new_id() {
        try (TokenSite api = new TokenSite();
                Site pages = pages(api)) {
            api.addPage("/issue-anew", exchange -> {
                Sojourn.session(exchange).changeId();
                return api.tokens().issue(Sojourn.session(exchange)).toJson();
            });
            Instant begun = api.clock().instant();
            Tokens tokens = api.login("alice");
            api.getAs(tokens.access(), "/count");
            tokens = Tokens.of(api.getAs(tokens.access(), "/issue-anew"));
            api.getAs(tokens.access(), "/set-role?admin");

            api.clock().advance(BEYOND_12_HOURS);

            assertThat(pages.sessions().of("alice").list())
                    .singleElement()
                    .extracting(UserSession::expiresAt)
                    .isEqualTo(begun.plus(Duration.ofDays(30)));
            assertThat(api.refresh(tokens.refreshToken()).status()).isEqualTo(200);
        }
    }

    @Test
    void timeouts_that_a_session_with_tokens_has_of_its_own_stay() {
        try (TokenSite api = new TokenSite();
                Site pages = pages(api)) {
            api.addPage("/login-for-two-days", exchange -> {
                Sojourn.session(exchange).login("alice");
                Sojourn.session(exchange).absoluteTimeout(Duration.ofDays(2));
                return api.tokens().issue(Sojourn.session(exchange)).toJson();
            });
            Instant begun = api.clock().instant();
            Tokens tokens = Tokens.of(api.get("/login-for-two-days"));

            assertThat(pages.sessions().of("alice").list())
                    .isEqualTo(api.tokens().of("alice").list())
                    .singleElement()
                    .extracting(UserSession::expiresAt)
                    .isEqualTo(begun.plus(Duration.ofDays(2)));
            api.clock().advance(Duration.ofDays(2));
            assertThat(pages.sessions().of("alice").list()).isEmpty();
            assertRefused(api.refresh(tokens.refreshToken()));
        }
    }

    @Test
    void a_sweep_by_either_removes_what_has_expired_by_its_own_timeouts_and_reports_the_same() {
        for (boolean byPages : List.of(true, false)) {
            try (TokenSite api = new TokenSite();
                    Site pages = pages(api)) {
                Instant begun = api.clock().instant();
                api.login("alice");
                pages.get("/login?alice");
                api.listener().clear();
                pages.listener().clear();

                api.clock().advance(BEYOND_12_HOURS);
                assertThat(sweep(api, pages, byPages)).isEqualTo(1);
                Event expired = (byPages ? pages.listener() : api.listener()).single("expired");
                assertThat(expired.session().expiresAt()).isEqualTo(begun.plus(Duration.ofMinutes(30)));
                assertThat(expired.details().get(1)).isEqualTo(Timeout.IDLE);

                api.listener().clear();
                pages.listener().clear();
                api.clock()
                        .set(begun.plus(Duration.ofDays(30))
                                .plus(SessionStore.GRACE_PERIOD)
                                .plusMillis(1));
                assertThat(sweep(api, pages, byPages)).isEqualTo(1);
                expired = (byPages ? pages.listener() : api.listener()).single("expired");
                assertThat(expired.session().expiresAt()).isEqualTo(begun.plus(Duration.ofDays(30)));
                assertThat(expired.details().get(1)).isEqualTo(Timeout.IDLE);
            }
        }
    }

    private static int sweep(TokenSite api, Site pages, boolean byPages) {
        return byPages ? pages.sessions().sweep(100) : api.tokens().sweep(100);
    }

    // ---- ending

    @Test
    void token_sessions_end_the_sessions_of_both_kinds_and_revoke_only_access_tokens() {
        try (TokenSite api = new TokenSite();
                Site pages = pages(api)) {
            String cookie = pages.get("/login?alice").token();
            api.getAs("unknown", "/view");
            api.revoked().clearCalls();

            assertThat(api.tokens().of("alice").endAll()).isEqualTo(1);
            assertThat(api.revoked().calls()).isEmpty();
            assertThat(pages.getAs(cookie, "/subject").body()).isEqualTo("null");

            String another = pages.get("/login?alice").token();
            Tokens tokens = api.login("alice");
            assertThat(api.tokens().of("alice").endAll()).isEqualTo(2);
            assertRefused(api.getAs(tokens.access(), "/view"));
            assertRefused(api.refresh(tokens.refreshToken()));
            assertThat(pages.getAs(another, "/subject").body()).isEqualTo("null");
        }
    }

    @Test
    void sessions_end_a_session_with_tokens_and_warn_that_its_access_tokens_count_until_they_expire() {
        try (LogCapture logged = new LogCapture();
                TokenSite api = new TokenSite();
                Site pages = pages(api)) {
            Tokens tokens = api.login("alice");
            pages.get("/login?bob");
            assertThat(pages.sessions().of("bob").endAll()).isEqualTo(1);
            assertThat(warnings(logged)).isEmpty();

            assertThat(pages.sessions().of("alice").endAll()).isEqualTo(1);

            assertThat(warnings(logged)).hasSize(1);
            assertThat(pages.listener().all())
                    .last()
                    .extracting(event -> event.details().get(1))
                    .isEqualTo(DestroyReason.REVOKED);
            assertRefused(api.refresh(tokens.refreshToken()));
            assertRefused(api.getAs(tokens.access(), "/session"));
            api.clock().advance(Duration.ofMinutes(5).minusMillis(1));
            assertThat(api.getAs(tokens.access(), "/view").body()).isEqualTo("alice user");
            api.clock().advance(Duration.ofMillis(1));
            assertRefused(api.getAs(tokens.access(), "/view"));
        }
    }

    private static List<String> warnings(LogCapture logged) {
        return logged.sojournMessages().stream()
                .filter(line -> line.contains("call TokenSessions.of(user)"))
                .toList();
    }

    // ---- sessions with a cookie, seen by TokenSessions

    @Test
    void token_sessions_list_a_session_with_a_cookie_and_change_nothing_in_it() {
        try (TokenSite api = new TokenSite();
                Site pages = pages(api)) {
            Instant begun = api.clock().instant();
            String cookie = pages.get("/login?alice").token();
            api.clock().advance(Duration.ofMinutes(20));
            assertThat(pages.getAs(cookie, "/subject").body()).isEqualTo("alice");

            assertThat(api.tokens().of("alice").list()).singleElement().satisfies(each -> {
                assertThat(each.createdAt()).isEqualTo(begun);
                assertThat(each.lastAccessedAt()).isBetween(begun, api.clock().instant());
                assertThat(each.expiresAt()).isEqualTo(begun.plus(Duration.ofMinutes(50)));
            });

            api.clock().advance(Duration.ofMinutes(29));
            assertThat(pages.getAs(cookie, "/subject").body()).isEqualTo("alice");
            api.clock().advance(Duration.ofMinutes(30));
            assertThat(api.tokens().of("alice").list()).isEmpty();
            assertThat(pages.getAs(cookie, "/subject").body()).isEqualTo("null");
        }
    }

    // ---- one token in place of the other

    @Test
    void neither_token_counts_in_place_of_the_other_although_one_secret_signs_both() {
        try (TokenSite api = new TokenSite();
                Site pages = pages(api)) {
            String cookie = pages.get("/login?alice").token();
            Tokens tokens = api.login("alice");
            api.store().clearCalls();

            assertRefused(api.refresh(cookie));
            assertRefused(api.getAs(cookie, "/session"));
            assertThat(api.get("/refresh-from-cookie", TokenSite.cookie(cookie)).status())
                    .isEqualTo(401);
            api.revoke(cookie);
            for (String token : List.of(tokens.refreshToken(), tokens.access())) {
                assertThat(pages.getAs(token, "/subject").body()).isEqualTo("null");
            }
            String id = tokens.refreshToken().substring(0, tokens.refreshToken().indexOf('.'));
            assertThat(pages.getAs(id, "/subject").body()).isEqualTo("null");

            assertThat(api.store().calls()).isEmpty();
            assertThat(pages.getAs(cookie, "/subject").body()).isEqualTo("alice");
            assertThat(api.refresh(tokens.refreshToken()).status()).isEqualTo(200);
        }
    }
}
