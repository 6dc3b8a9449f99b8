package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.TokenSite;
import dev.sojourn.proof.site.TokenSite.Tokens;
import dev.sojourn.proof.site.ViewSite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Stolen refresh tokens, tokens of one kind as the other, and storms. */
class A36RefreshTokensTest {
    private static final Duration LATER = Duration.ofMinutes(4);

    private static void assertRefused(RawResponse response) {
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.body()).isEqualTo("The token is not valid. Please sign in again.\n");
        assertThat(response.cookies()).isEmpty();
    }

    private static void assertTheft(TokenSite site) {
        assertThat(site.listener().single("tokenReused").session().subject()).isEqualTo("alice");
        assertThat(site.listener().single("destroyed").details().get(1)).isEqualTo(DestroyReason.TOKEN_REUSED);
        assertThat(site.tokens().of("alice").list()).isEmpty();
    }

    @Test
    void the_theft_of_the_current_token_ends_with_the_next_refresh_of_the_client() {
        try (TokenSite site = new TokenSite()) {
            Tokens client = site.login("alice");
            site.clock().advance(LATER);
            Tokens thief = site.refreshed(client.refreshToken());
            site.clock().advance(LATER);

            assertRefused(site.refresh(client.refreshToken()));

            assertRefused(site.refresh(thief.refreshToken()));
            assertRefused(site.getAs(thief.access(), "/view"));
            assertRefused(site.getAs(thief.access(), "/session"));
            assertTheft(site);
        }
    }

    @Test
    void the_theft_of_a_replaced_token_is_worth_nothing_and_ends_the_session() {
        try (TokenSite site = new TokenSite()) {
            Tokens first = site.login("alice");
            site.clock().advance(LATER);
            Tokens client = site.refreshed(first.refreshToken());
            site.clock().advance(Duration.ofSeconds(30));

            assertRefused(site.refresh(first.refreshToken()));

            assertRefused(site.refresh(client.refreshToken()));
            assertRefused(site.getAs(client.access(), "/view"));
            assertTheft(site);
        }
    }

    @Test
    void a_token_that_is_two_generations_old_ends_the_session_at_any_time() {
        try (TokenSite site = new TokenSite()) {
            Tokens first = site.login("alice");
            site.clock().advance(LATER);
            Tokens second = site.refreshed(first.refreshToken());
            site.clock().advance(LATER);
            site.refreshed(second.refreshToken());

            assertRefused(site.refresh(first.refreshToken()));
            assertTheft(site);
        }
    }

    @Test
    void with_lost_answers_a_thief_with_the_replaced_token_is_found_by_the_next_refresh_of_the_client() {
        try (TokenSite site = new TokenSite(c -> c.lostAnswers(Duration.ofHours(24)))) {
            Tokens first = site.login("alice");
            site.clock().advance(LATER);
            Tokens client = site.refreshed(first.refreshToken());
            site.clock().advance(LATER);
            Tokens thief = site.refreshed(first.refreshToken());

            assertRefused(site.refresh(client.refreshToken()));

            assertRefused(site.refresh(thief.refreshToken()));
            assertRefused(site.getAs(thief.access(), "/view"));
            assertTheft(site);
        }
    }

    @Test
    void with_lost_answers_a_token_is_accepted_late_only_once() {
        try (TokenSite site = new TokenSite(c -> c.lostAnswers(Duration.ofHours(24)))) {
            Tokens first = site.login("alice");
            site.clock().advance(LATER);
            site.refreshed(first.refreshToken());
            site.clock().advance(LATER);
            site.refreshed(first.refreshToken());
            site.clock().advance(LATER);

            assertRefused(site.refresh(first.refreshToken()));
            assertTheft(site);
        }
    }

    @Test
    void no_token_of_one_kind_opens_as_another_kind() {
        try (TokenSite site = new TokenSite()) {
            Tokens tokens = site.login("alice");
            String id = tokens.refreshToken().substring(0, tokens.refreshToken().indexOf('.'));
            String sessionToken = Sessions.tokenFormat(Site.SECRET).write(id);

            assertRefused(site.refresh(tokens.access()));
            assertRefused(site.refresh(sessionToken));
            assertRefused(site.refresh(id));
            for (String other : List.of(tokens.refreshToken(), sessionToken, id)) {
                assertRefused(site.getAs(other, "/view"));
                assertRefused(site.getAs(other, "/session"));
            }
            assertThat(site.get("/session", "Cookie: __Host-id=" + sessionToken).body())
                    .isEqualTo("null");
            assertRefused(site.get("/refresh-from-cookie", TokenSite.cookie(sessionToken)));
        }
    }

    @Test
    void a_refresh_token_signed_with_another_secret_or_for_another_session_is_refused_without_a_store_call() {
        try (TokenSite site = new TokenSite();
                TokenSite other = new TokenSite(site, c -> c.secret(Site.OTHER_SECRET))) {
            String mine = site.login("alice").refreshToken();
            String foreign = other.login("alice").refreshToken();
            String swapped = foreign.substring(0, foreign.indexOf('.')) + mine.substring(mine.indexOf('.'));
            site.store().clearCalls();

            for (String token : List.of(foreign, swapped, mine + "x", mine.replace(".1.", ".2."), "")) {
                assertRefused(site.refresh(token));
            }
            assertThat(site.store().calls()).isEmpty();
        }
    }

    @Test
    void a_secret_is_rotated_without_signing_anybody_out() {
        try (TokenSite site = new TokenSite();
                TokenSite rotated = new TokenSite(site, c -> c.secret(Site.OTHER_SECRET, Site.SECRET))) {
            Tokens tokens = site.login("alice");
            site.clock().advance(LATER);

            Tokens next = rotated.refreshed(tokens.refreshToken());

            assertRefused(site.refresh(next.refreshToken()));
            site.clock().advance(LATER);
            assertThat(rotated.refresh(next.refreshToken()).status()).isEqualTo(200);
        }
    }

    @Test
    void two_tokens_in_a_request_are_refused() {
        try (TokenSite site = new TokenSite()) {
            String one = site.login("alice").access();
            String other = site.login("bob").access();

            assertRefused(site.get("/session", ViewSite.bearer(one), ViewSite.bearer(other)));
            assertThat(site.get("/session?access_token=" + one).body()).isEqualTo("null");
        }
    }

    @Test
    void a_storm_of_refreshes_of_one_session_is_one_write() throws Exception {
        try (TokenSite site = new TokenSite()) {
            Tokens tokens = site.login("alice");
            site.clock().advance(LATER);
            site.store().clearCalls();
            ExecutorService threads = Executors.newFixedThreadPool(16);
            try {
                List<Future<RawResponse>> responses = new ArrayList<>();
                for (int i = 0; i < 64; i++) {
                    responses.add(threads.submit(() -> site.refresh(tokens.refreshToken())));
                }
                for (Future<RawResponse> each : responses) {
                    assertThat(each.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
                }
            } finally {
                threads.shutdown();
            }

            assertThat(site.store().calls())
                    .containsOnlyOnce("compareAndSet")
                    .filteredOn("load"::equals)
                    .hasSize(64);
        }
    }

    @Test
    void nothing_that_gives_access_is_in_the_store() {
        try (TokenSite site = new TokenSite()) {
            Tokens tokens = site.login("alice");
            site.clock().advance(LATER);
            Tokens next = site.refreshed(tokens.refreshToken());
            String id = next.refreshToken().substring(0, next.refreshToken().indexOf('.'));
            String signature = next.refreshToken().substring(next.refreshToken().lastIndexOf('.') + 1);

            assertThat(site.store().writtenRecords())
                    .map(stored -> new String(stored.payload(), java.nio.charset.StandardCharsets.UTF_8))
                    .noneMatch(record -> record.contains(id) || record.contains(signature));
            assertThat(site.store().keys()).noneMatch(key -> key.text().contains(id));
        }
    }
}
