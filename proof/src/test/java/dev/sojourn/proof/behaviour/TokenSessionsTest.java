package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.DetachedSession;
import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.move.MovingStore;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.TokenSite;
import dev.sojourn.proof.site.TokenSite.Tokens;
import dev.sojourn.proof.site.ViewSite;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Sessions with access tokens and refresh tokens, over real sockets. */
class TokenSessionsTest {
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final Duration LATER = Duration.ofMinutes(4);
    private static final Duration DELAY = Duration.ofMillis(2_001);

    private static void assertRefused(RawResponse response) {
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("WWW-Authenticate")).contains("Bearer error=\"invalid_token\"");
        assertThat(response.cookies()).isEmpty();
    }

    @Test
    void a_login_that_cannot_be_stored_answers_503_and_issues_nothing() {
        try (TokenSite site = new TokenSite()) {
            site.store().failBefore("create", () -> StoreException.notDone("the store is down", null));

            RawResponse response = site.get("/login?alice");

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("Retry-After")).hasValue("1");
            assertThat(response.body()).contains("Nothing was saved");
            site.store().clearFailures();
            assertThat(site.get("/login?alice").status()).isEqualTo(200);
        }
    }

    // ---- what a request costs and sees

    @Test
    void a_view_costs_no_store_call_a_session_one_load_and_an_update_one_write() {
        try (TokenSite site = new TokenSite()) {
            Tokens tokens = site.login("alice");
            site.getAs(tokens.access(), "/view");

            site.store().clearCalls();
            site.revoked().clearCalls();
            assertThat(site.getAs(tokens.access(), "/view").body()).isEqualTo("alice user");
            assertThat(site.store().calls()).isEmpty();
            assertThat(site.revoked().calls()).isEmpty();
            assertThat(site.getAs(tokens.access(), "/session").body()).isEqualTo("alice");
            assertThat(site.store().calls()).containsExactly("load");

            site.store().clearCalls();
            assertThat(site.getAs(tokens.access(), "/count").body()).isEqualTo("1");
            assertThat(site.store().calls()).containsExactly("load", "compareAndSet");
            assertThat(site.revoked().calls()).isEmpty();
        }
    }

    @Test
    void a_refresh_costs_one_load_and_one_compare_and_set_and_within_30_seconds_one_load() {
        try (TokenSite site = new TokenSite()) {
            Tokens first = site.login("alice");
            site.clock().advance(LATER);
            site.getAs(first.access(), "/view");

            site.store().clearCalls();
            Tokens second = site.refreshed(first.refreshToken());
            assertThat(site.store().calls()).containsExactly("load", "compareAndSet");

            site.store().clearCalls();
            site.clock().advance(GRACE.minusMillis(1));
            Tokens again = site.refreshed(second.refreshToken());
            assertThat(site.store().calls()).containsExactly("load");
            assertThat(again.refresh()).isEqualTo(second.refresh());

            site.store().clearCalls();
            assertThat(site.refresh("A".repeat(43) + ".1." + "B".repeat(43)).status())
                    .isEqualTo(401);
            assertThat(site.store().calls()).isEmpty();
        }
    }

    @Test
    void a_login_is_one_new_record_and_its_response_is_not_stored_by_caches() {
        try (TokenSite site = new TokenSite()) {
            RawResponse response = site.get("/login?alice");

            assertThat(site.store().calls()).containsExactly("enter", "create", "enter");
            assertThat(response.header("Cache-Control")).contains("no-store");
            assertThat(response.cookies()).isEmpty();
            assertThat(response.header("Session-Token")).isEmpty();
            assertThat(site.listener().names()).containsExactly("created", "signedIn");
            assertThat(new String(site.store().writtenRecords().get(0).payload(), StandardCharsets.UTF_8))
                    .contains(",\"rotation\":{\"n\":1,\"at\":" + site.clock().millis() + "}");
        }
    }

    @Test
    void a_request_without_a_token_has_an_anonymous_view_and_a_new_session() {
        try (TokenSite site = new TokenSite()) {
            assertThat(site.get("/view").body()).isEqualTo("null null");
            assertThat(site.get("/session").body()).isEqualTo("null");
            assertThat(site.store().calls()).isEmpty();
        }
    }

    @Test
    void a_new_session_without_issued_tokens_is_an_error_of_the_application_and_nothing_is_stored() {
        try (TokenSite site = new TokenSite()) {
            RawResponse response = site.get("/login-without-tokens?alice");

            assertThat(response.status()).isEqualTo(500);
            assertThat(site.store().calls()).isEmpty();
            assertThat(site.get("/set-role?x").status()).isEqualTo(500);
        }
    }

    @Test
    void no_refresh_token_comes_of_an_access_token() {
        try (TokenSite site = new TokenSite()) {
            Tokens tokens = site.login("alice");

            assertThat(site.getAs(tokens.access(), "/issue").status()).isEqualTo(500);
            site.clock().advance(LATER);
            assertThat(site.refresh(tokens.refreshToken()).status()).isEqualTo(200);
        }
    }

    @Test
    void an_anonymous_session_can_have_tokens_and_a_login_ends_the_access_that_it_had() {
        try (TokenSite site = new TokenSite()) {
            Tokens guest = Tokens.of(site.get("/issue"));
            assertThat(site.getAs(guest.access(), "/count").body()).isEqualTo("1");

            Tokens alice = Tokens.of(site.getAs(guest.access(), "/login?alice"));

            assertThat(site.getAs(alice.access(), "/count").body()).isEqualTo("2");
            assertRefused(site.getAs(guest.access(), "/view"));
            assertRefused(site.getAs(guest.access(), "/session"));
            assertRefused(site.refresh(guest.refreshToken()));
            assertThat(site.getAs(alice.access(), "/view").body()).isEqualTo("alice user");
        }
    }

    @Test
    void a_change_is_in_the_session_at_once_and_in_the_view_after_a_refresh() {
        try (TokenSite site = new TokenSite()) {
            Tokens tokens = site.login("alice");

            site.getAs(tokens.access(), "/set-role?admin");
            assertThat(site.getAs(tokens.access(), "/view").body()).isEqualTo("alice user");
            Tokens next = site.refreshed(tokens.refreshToken());
            assertThat(site.getAs(next.access(), "/view").body()).isEqualTo("alice admin");
        }
    }

    @Test
    void an_update_through_access_tokens_is_exact_while_the_session_is_refreshed() throws Exception {
        try (TokenSite site = new TokenSite();
                TokenSite other = new TokenSite(site, c -> {})) {
            Tokens tokens = site.login("alice");
            site.clock().advance(LATER);
            List<Callable<RawResponse>> work = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                TokenSite node = i % 2 == 0 ? site : other;
                work.add(() -> node.getAs(tokens.access(), "/count"));
                work.add(() -> node.refresh(tokens.refreshToken()));
            }

            assertThat(inParallel(work)).allMatch(response -> response.status() == 200);

            assertThat(site.getAs(tokens.access(), "/count").body()).isEqualTo("21");
        }
    }

    private static List<RawResponse> inParallel(List<Callable<RawResponse>> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<RawResponse> responses = new ArrayList<>();
            for (Future<RawResponse> each : threads.invokeAll(work)) {
                responses.add(each.get());
            }
            return responses;
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void a_detached_session_goes_on_by_its_store_key() {
        try (TokenSite site = new TokenSite()) {
            AtomicReference<DetachedSession> kept = new AtomicReference<>();
            site.addPage("/detach", exchange -> {
                DetachedSession detached = Sojourn.session(exchange).toDetached();
                kept.set(detached);
                return detached.publicId();
            });
            Tokens tokens = site.login("alice");
            String publicId = site.getAs(tokens.access(), "/detach").body();
            assertThat(site.getAs(tokens.access(), "/devices").body()).isEqualTo("[" + publicId + "]");
            site.clock().advance(Duration.ofHours(1));

            Objects.requireNonNull(kept.get()).use(session -> {
                session.set("late", 1);
                return true;
            });

            assertThat(kept.get().isAlive()).isTrue();
            site.tokens().of("alice").endAll();
            assertThat(kept.get().isAlive()).isFalse();
        }
    }

    // ---- times

    @Test
    void an_access_token_counts_for_its_lifetime_and_a_refresh_restarts_the_idle_timeout() {
        try (TokenSite site = new TokenSite(c -> c.idleTimeout(Duration.ofDays(1)))) {
            Tokens tokens = site.login("alice");
            site.clock().advance(Duration.ofMinutes(5).minusMillis(1));
            assertThat(site.getAs(tokens.access(), "/view").status()).isEqualTo(200);
            site.clock().advance(Duration.ofMillis(1));
            assertRefused(site.getAs(tokens.access(), "/view"));

            for (int day = 0; day < 5; day++) {
                site.clock().advance(Duration.ofHours(23));
                tokens = site.refreshed(tokens.refreshToken());
            }
            site.clock().advance(Duration.ofHours(24));
            assertRefused(site.refresh(tokens.refreshToken()));
        }
    }

    @Test
    void no_refresh_extends_a_session_or_its_access_beyond_the_absolute_timeout() {
        try (TokenSite site =
                new TokenSite(c -> c.absoluteTimeout(Duration.ofHours(2)).idleTimeout(Duration.ZERO))) {
            Tokens tokens = site.login("alice");
            site.clock().advance(Duration.ofMinutes(118));
            RawResponse response = site.refresh(tokens.refreshToken());

            assertThat(response.body()).contains("\"expires_in\":120");
            Tokens last = Tokens.of(response);
            site.clock().advance(Duration.ofSeconds(119));
            assertThat(site.getAs(last.access(), "/view").status()).isEqualTo(200);
            site.clock().advance(Duration.ofSeconds(1));
            assertRefused(site.getAs(last.access(), "/view"));
            assertRefused(site.refresh(last.refreshToken()));
        }
    }

    // ---- tabs, repetitions, lost responses

    @Test
    void two_tabs_at_once_get_the_same_refresh_token() throws Exception {
        try (TokenSite site = new TokenSite();
                TokenSite other = new TokenSite(site, c -> {})) {
            Tokens tokens = site.login("alice");
            site.clock().advance(LATER);
            List<Callable<RawResponse>> work = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                TokenSite node = i % 2 == 0 ? site : other;
                work.add(() -> node.refresh(tokens.refreshToken()));
            }

            List<String> next = inParallel(work).stream()
                    .map(response -> Tokens.of(response).refreshToken())
                    .distinct()
                    .toList();

            assertThat(next).hasSize(1).doesNotContain(tokens.refreshToken());
            assertThat(site.listener().names()).doesNotContain("tokenReused");
        }
    }

    @Test
    void a_repeated_request_gets_the_same_successor_for_30_seconds_on_every_node() {
        try (TokenSite site = new TokenSite();
                TokenSite other = new TokenSite(site, c -> {})) {
            Tokens tokens = site.login("alice");
            site.clock().advance(LATER);
            Tokens next = site.refreshed(tokens.refreshToken());
            site.clock().advance(GRACE.minusMillis(1));

            assertThat(other.refreshed(tokens.refreshToken()).refresh()).isEqualTo(next.refresh());
            assertThat(site.getAs(next.access(), "/view").status()).isEqualTo(200);
        }
    }

    @Test
    void with_lost_answers_a_client_comes_back_hours_later_with_the_token_that_it_has() {
        try (TokenSite site = new TokenSite(c -> c.lostAnswers(Duration.ofHours(24)))) {
            Tokens tokens = site.login("alice");
            site.clock().advance(LATER);
            site.refreshed(tokens.refreshToken());
            site.clock().advance(Duration.ofHours(23));

            Tokens next = site.refreshed(tokens.refreshToken());

            assertThat(site.getAs(next.access(), "/view").status()).isEqualTo(200);
            site.clock().advance(LATER);
            assertThat(site.refresh(next.refreshToken()).status()).isEqualTo(200);
            assertThat(site.listener().names()).doesNotContain("tokenReused");
        }
    }

    // ---- the store

    @Test
    void a_lost_response_of_the_store_leads_to_the_same_successor() {
        try (TokenSite site = new TokenSite()) {
            Tokens tokens = site.login("alice");
            site.clock().advance(LATER);
            site.store().loseResponse("compareAndSet");
            Tokens next = site.refreshed(tokens.refreshToken());
            site.store().clearFailures();

            assertThat(site.refreshed(tokens.refreshToken()).refresh()).isEqualTo(next.refresh());
        }
    }

    @Test
    void while_the_store_is_unavailable_a_refresh_is_a_503_and_can_be_repeated() {
        try (TokenSite site = new TokenSite()) {
            Tokens tokens = site.login("alice");
            site.clock().advance(LATER);
            for (String call : List.of("load", "compareAndSet")) {
                site.store().failBefore(call, () -> StoreException.notDone("down", null));
                RawResponse response = site.refresh(tokens.refreshToken());
                assertThat(response.status()).isEqualTo(503);
                assertThat(response.header("Retry-After")).isPresent();
                site.store().clearFailures();
            }

            assertThat(site.refresh(tokens.refreshToken()).status()).isEqualTo(200);
        }
    }

    @Test
    void a_failover_that_loses_writes_signs_nobody_out() {
        try (TokenSite site = new TokenSite()) {
            Tokens first = site.login("alice");
            StoreKey key = site.store().keys().get(site.store().keys().size() - 1);
            StoredSession before = site.store().load(key).orElseThrow();
            Tokens last = first;
            for (int i = 0; i < 3; i++) {
                site.clock().advance(LATER);
                last = site.refreshed(last.refreshToken());
            }
            StoredSession now = site.store().load(key).orElseThrow();
            site.store().compareAndSet(key, now.version(), before);
            site.clock().advance(LATER);

            Tokens next = site.refreshed(last.refreshToken());

            assertThat(next.refresh()).isEqualTo(last.refresh());
            assertThat(site.listener().single("storeLostWrites").session().subject())
                    .isEqualTo("alice");
            site.clock().advance(LATER);
            assertThat(site.refresh(next.refreshToken()).status()).isEqualTo(200);
            assertThat(site.listener().names()).doesNotContain("tokenReused");
            // An old copy is still found.
            assertRefused(site.refresh(first.refreshToken()));
            assertThat(site.listener().names()).contains("tokenReused");
        }
    }

    @Test
    void a_move_to_another_store_keeps_sessions_and_tokens() {
        try (TokenSite site = new TokenSite()) {
            MemoryStore next = MemoryStore.builder().clock(site.clock()).build();
            try (TokenSite moving = new TokenSite(
                    site, c -> c.store(MovingStore.from(site.store()).to(next)))) {
                Tokens tokens = site.login("alice");
                site.getAs(tokens.access(), "/count");
                site.clock().advance(LATER);

                Tokens moved = moving.refreshed(tokens.refreshToken());
                assertThat(moving.getAs(moved.access(), "/count").body()).isEqualTo("2");
                try (TokenSite done = new TokenSite(site, c -> c.store(next))) {
                    assertThat(done.getAs(moved.access(), "/count").body()).isEqualTo("3");
                    site.clock().advance(LATER);
                    assertThat(done.refresh(moved.refreshToken()).status()).isEqualTo(200);
                }
            }
        }
    }

    // ---- signing in with a token that does not count

    @Test
    void a_login_begins_a_new_session_whatever_token_that_does_not_count_came_with_it() {
        try (TokenSite site = new TokenSite();
                TokenSite stranger = new TokenSite()) {
            site.addPage("/sign-in", exchange -> {
                Session session = Sojourn.session(exchange);
                session.login(Site.query(exchange));
                session.set(TokenSite.ROLE, "new");
                return site.tokens().issue(session).toJson();
            });
            Tokens expired = site.login("alice");
            site.clock().advance(Duration.ofMinutes(5).plusSeconds(1));
            Tokens revoked = site.login("alice");
            site.getAs(revoked.access(), "/logout");
            Tokens gone = site.login("alice");
            site.tokens().of("alice").endAll();
            List<String> worthless = List.of(
                    expired.access(),
                    revoked.access(),
                    gone.access(),
                    stranger.login("alice").access(),
                    "forged");

            for (String each : worthless) {
                assertRefused(site.getAs(each, "/view"));
                assertRefused(site.getAs(each, "/session"));
                assertRefused(site.getAs(each, "/set-role?x"));
                assertRefused(site.getAs(each, "/login?alice"));
                site.listener().clear();

                RawResponse response = site.getAs(each, "/sign-in?alice");

                assertThat(site.listener().names()).containsExactly("tokenRefused", "created", "signedIn");
                Tokens fresh = Tokens.of(response);
                assertThat(response.header("Vary")).contains("Authorization");
                assertThat(site.getAs(fresh.access(), "/view").body()).isEqualTo("alice new");
                assertThat(site.getAs(fresh.access(), "/session").body()).isEqualTo("alice");
                assertThat(site.refresh(fresh.refreshToken()).status()).isEqualTo(200);
                assertRefused(site.getAs(each, "/session"));
            }
            assertThat(site.tokens().of("alice").list()).hasSize(worthless.size());
        }
    }

    @Test
    void a_login_while_the_store_is_unavailable_is_a_503_and_the_token_still_counts() {
        try (TokenSite site = new TokenSite()) {
            site.addPage("/sign-in", exchange -> {
                Session session = Sojourn.session(exchange);
                session.login(Site.query(exchange));
                return site.tokens().issue(session).toJson();
            });
            Tokens tokens = site.login("alice");
            site.getAs(tokens.access(), "/view");
            site.store().failBefore("load", () -> StoreException.notDone("down", null));

            assertThat(site.getAs(tokens.access(), "/sign-in?bob").status()).isEqualTo(503);

            site.store().clearFailures();
            assertThat(site.getAs(tokens.access(), "/session").body()).isEqualTo("alice");
        }
    }

    // ---- what the listener receives

    @Test
    void an_access_token_whose_session_has_just_ended_on_another_node_is_reported_as_revoked() {
        try (TokenSite site = new TokenSite();
                TokenSite other = new TokenSite(site, c -> {})) {
            Tokens tokens = site.login("alice");
            assertThat(other.getAs(tokens.access(), "/session").body()).isEqualTo("alice");
            site.getAs(tokens.access(), "/logout");

            assertThat(other.getAs(tokens.access(), "/view").status())
                    .as("the list of revocations was read a moment ago")
                    .isEqualTo(200);
            assertRefused(other.getAs(tokens.access(), "/session"));
            assertThat(other.listener().single("tokenRefused").details())
                    .containsExactly("127.0.0.1", TokenRefusal.REVOKED);
        }
    }

    @Test
    void a_refused_refresh_token_is_reported_and_a_missing_cookie_is_not() {
        try (TokenSite site = new TokenSite()) {
            String forged = "A".repeat(43) + ".1." + "B".repeat(43);
            Tokens tokens = site.login("alice");
            site.getAs(tokens.access(), "/logout");
            site.listener().clear();

            assertRefused(site.refresh(forged));
            assertRefused(site.get("/refresh-from-cookie", TokenSite.cookie(forged)));
            assertRefused(site.get("/refresh-from-cookie"));
            assertRefused(site.refresh(tokens.refreshToken()));
            assertRefused(site.get("/refresh-from-cookie", TokenSite.cookie(tokens.refreshToken())));

            assertThat(site.listener().all())
                    .extracting(each -> each.details())
                    .containsExactly(
                            List.of("", TokenRefusal.NOT_ISSUED),
                            List.of("127.0.0.1", TokenRefusal.NOT_ISSUED),
                            List.of("", TokenRefusal.REVOKED),
                            List.of("127.0.0.1", TokenRefusal.REVOKED));
        }
    }

    // ---- ending

    @Test
    void a_logout_by_access_token_alone_ends_access_at_once_and_on_the_other_node_within_the_delay() {
        try (TokenSite site = new TokenSite();
                TokenSite other = new TokenSite(site, c -> {})) {
            Tokens tokens = site.login("alice");
            assertThat(other.getAs(tokens.access(), "/view").status()).isEqualTo(200);

            assertThat(site.getAs(tokens.access(), "/logout").status()).isEqualTo(200);

            assertRefused(site.getAs(tokens.access(), "/view"));
            assertRefused(site.getAs(tokens.access(), "/session"));
            assertRefused(site.refresh(tokens.refreshToken()));
            assertRefused(other.getAs(tokens.access(), "/session"));
            site.clock().advance(DELAY);
            assertRefused(other.getAs(tokens.access(), "/view"));
            assertRefused(other.refresh(tokens.refreshToken()));
        }
    }

    @Test
    void end_all_ends_access_on_the_other_node_within_the_delay() {
        try (TokenSite site = new TokenSite();
                TokenSite other = new TokenSite(site, c -> {})) {
            Tokens phone = site.login("alice");
            Tokens laptop = other.login("alice");
            Tokens bob = site.login("bob");
            assertThat(other.getAs(phone.access(), "/view").status()).isEqualTo(200);

            assertThat(site.tokens().of("alice").endAll()).isEqualTo(2);

            site.clock().advance(DELAY);
            for (Tokens each : List.of(phone, laptop)) {
                assertRefused(other.getAs(each.access(), "/view"));
                assertRefused(other.refresh(each.refreshToken()));
            }
            assertThat(other.getAs(bob.access(), "/view").status()).isEqualTo(200);
        }
    }

    @Test
    void the_list_of_devices_shows_each_session_once_and_under_the_same_name_after_refreshes() {
        try (TokenSite site = new TokenSite()) {
            Tokens phone = site.login("alice");
            site.login("alice");
            String before = site.getAs(phone.access(), "/devices").body();
            for (int i = 0; i < 3; i++) {
                site.clock().advance(LATER);
                phone = site.refreshed(phone.refreshToken());
            }

            assertThat(site.tokens().of("alice").list()).hasSize(2);
            assertThat(site.getAs(phone.access(), "/devices").body()).isEqualTo(before);
            String publicId = before.substring(1, before.length() - 1);
            assertThat(site.tokens().of("alice").end(publicId)).isTrue();
            assertRefused(site.getAs(phone.access(), "/view"));
            assertThat(site.tokens().of("alice").list()).hasSize(1);
        }
    }

    @Test
    void a_logout_whose_revocation_is_not_stored_is_a_503_and_keeps_everything() {
        try (TokenSite site = new TokenSite()) {
            Tokens tokens = site.login("alice");
            site.getAs(tokens.access(), "/view");
            for (String call : List.of("create", "compareAndSet")) {
                site.revoked().failBefore(call, () -> StoreException.notDone("down", null));
            }

            assertThat(site.getAs(tokens.access(), "/logout").status()).isEqualTo(503);
            assertThat(site.revoke(tokens.refreshToken()).status()).isEqualTo(503);

            assertThat(site.getAs(tokens.access(), "/view").status()).isEqualTo(200);
            site.clock().advance(Duration.ofSeconds(1));
            assertThat(site.refresh(tokens.refreshToken()).status()).isEqualTo(200);
            site.revoked().clearFailures();
            assertThat(site.getAs(tokens.access(), "/logout").status()).isEqualTo(200);
            assertRefused(site.refresh(tokens.refreshToken()));
        }
    }

    @Test
    void a_logout_that_dies_after_the_revocation_is_completed_by_the_next_refresh() {
        try (TokenSite site = new TokenSite()) {
            Tokens tokens = site.login("alice");
            site.store().failBefore("delete", () -> StoreException.notDone("down", null));
            assertThat(site.getAs(tokens.access(), "/logout").status()).isEqualTo(503);
            site.store().clearFailures();

            assertRefused(site.getAs(tokens.access(), "/view"));
            assertThat(site.tokens().of("alice").list()).hasSize(1);
            assertRefused(site.refresh(tokens.refreshToken()));

            assertThat(site.tokens().of("alice").list()).isEmpty();
            assertThat(site.listener().single("destroyed").details().get(1)).isEqualTo(DestroyReason.DESTROYED);
        }
    }

    @Test
    void revoke_ends_the_session_of_either_token_and_ignores_any_other_text() {
        try (TokenSite site = new TokenSite()) {
            Tokens one = site.login("alice");
            Tokens other = site.login("alice");
            for (String text : List.of("x", "a.b.c.d.e", "A".repeat(9_000), one.access() + "x")) {
                assertThat(site.revoke(text).status()).isEqualTo(200);
            }
            assertThat(site.tokens().of("alice").list()).hasSize(2);

            assertThat(site.revoke(one.refreshToken()).status()).isEqualTo(200);
            assertThat(site.revoke(other.access()).status()).isEqualTo(200);
            assertThat(site.revoke(other.access()).status()).isEqualTo(200);

            assertThat(site.tokens().of("alice").list()).isEmpty();
            assertRefused(site.getAs(one.access(), "/view"));
            assertRefused(site.getAs(other.access(), "/view"));
            assertThat(site.listener().all())
                    .filteredOn(event -> event.name().equals("destroyed"))
                    .allMatch(event -> event.details().get(1) == DestroyReason.REVOKED)
                    .hasSize(2);
        }
    }

    @Test
    void an_access_token_whose_session_is_gone_from_the_store_is_refused_where_the_session_is_used() {
        try (TokenSite site = new TokenSite()) {
            Tokens tokens = site.login("alice");
            StoreKey key = site.store().keys().get(site.store().keys().size() - 1);
            StoredSession stored = site.store().load(key).orElseThrow();
            site.store().delete(key, stored.version());

            assertRefused(site.getAs(tokens.access(), "/session"));
            assertRefused(site.refresh(tokens.refreshToken()));
            assertThat(site.getAs(tokens.access(), "/view").status()).isEqualTo(200);
        }
    }

    @Test
    void the_response_names_the_header_that_it_depends_on() {
        try (TokenSite site = new TokenSite()) {
            Tokens tokens = site.login("alice");

            assertThat(site.getAs(tokens.access(), "/view").header("Vary")).contains("Authorization");
            assertThat(site.getAs(tokens.access(), "/session").header("Vary")).contains("Authorization");
            assertThat(site.tokens().tokenHeaders()).containsExactlyInAnyOrder("Authorization", "Cookie");
            assertThat(site.tokens().cookieNames()).containsExactly("__Host-refresh");
        }
    }

    @Test
    void a_session_has_its_times_and_its_name_however_it_was_found() {
        try (TokenSite site = new TokenSite()) {
            site.addPage("/about", exchange -> {
                var session = Sojourn.session(exchange);
                var view = Sojourn.view(exchange);
                return session.publicId().equals(view.publicId()) + " "
                        + session.createdAt().equals(view.createdAt()) + " " + session.isNew() + " " + view.expiresAt();
            });
            Tokens tokens = site.login("alice");
            Instant end = site.clock().instant().plus(Duration.ofMinutes(5));

            assertThat(site.getAs(tokens.access(), "/about").body()).isEqualTo("true true false " + end);
            assertThat(site.get("/view", ViewSite.bearer(tokens.access()), "Cookie: __Host-id=" + Site.SECRET)
                            .status())
                    .isEqualTo(200);
        }
    }
}
