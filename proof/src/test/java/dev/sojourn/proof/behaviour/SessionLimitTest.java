package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.MemoryStore;
import dev.sojourn.OnLimit;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.Sessions;
import dev.sojourn.TooManySessionsException;
import dev.sojourn.UserSession;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.SeparateIndexStore;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.proof.site.TokenSite;
import dev.sojourn.spi.StoreException;
import dev.sojourn.testing.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The limit of the sessions that a user may have. Logins at the same time are in {@code LimitInterleavingsTest}. */
class SessionLimitTest {
    private static Site limited(int max, OnLimit onLimit) {
        return new Site(c -> c.maxSessionsPerUser(max, onLimit));
    }

    private static String login(Site site) {
        site.clock().advance(Duration.ofSeconds(1));
        RawResponse response = site.get("/login?alice");
        assertThat(response.status()).isEqualTo(200);
        return response.token();
    }

    private static void assertSignedIn(Site site, String token) {
        assertThat(site.getAs(token, "/subject").body()).isEqualTo("alice");
    }

    private static void assertNotSignedIn(Site site, String token) {
        assertThat(site.getAs(token, "/subject").body()).isEqualTo("null");
    }

    private static void assertRefused(RawResponse response) {
        assertThat(response.status()).isEqualTo(409);
        assertThat(response.cookies()).isEmpty();
    }

    // ---- REFUSE_LOGIN

    @Test
    void a_refused_login_is_a_409_of_one_line_and_writes_nothing() {
        try (Site site = limited(2, OnLimit.REFUSE_LOGIN)) {
            login(site);
            login(site);
            String anonymous = site.startSession("cart");

            RawResponse refused = site.getAs(anonymous, "/login?alice");

            assertRefused(refused);
            assertThat(refused.body())
                    .isEqualTo(
                            "You are signed in too many times. Sign out somewhere else and try again. Nothing was saved.\n");
            assertThat(site.store().calls()).as("reads only").containsExactly("load", "load", "find", "load", "load");
            assertThat(site.getAs(anonymous, "/read").body())
                    .as("the session stays")
                    .isEqualTo("cart");
            assertNotSignedIn(site, anonymous);
            assertThat(site.listener().names()).doesNotContain("signedIn");
        }
    }

    @Test
    void other_users_are_not_counted() {
        try (Site site = limited(1, OnLimit.REFUSE_LOGIN)) {
            login(site);
            assertThat(site.get("/login?bob").status()).isEqualTo(200);
        }
    }

    @Test
    void a_logout_an_expiry_and_an_end_make_room() {
        try (Site site = limited(1, OnLimit.REFUSE_LOGIN)) {
            String first = login(site);
            site.getAs(first, "/logout");
            login(site);
            site.clock().advance(Duration.ofMinutes(31));
            login(site);
            site.sessions().of("alice").endAll();
            login(site);
            assertRefused(site.get("/login?alice"));
        }
    }

    @Test
    void a_session_counts_once_under_a_new_id_and_when_its_user_signs_in_again() {
        try (Site site = limited(2, OnLimit.REFUSE_LOGIN)) {
            String token = login(site);
            for (int i = 0; i < 6; i++) {
                token = site.getAs(token, "/change-id").token();
                token = site.getAs(token, "/login?alice").token();
            }
            assertSignedIn(site, token);
            login(site);
            assertRefused(site.get("/login?alice"));
        }
    }

    @Test
    void a_session_that_changes_its_user_needs_room_at_the_new_one() {
        try (Site site = limited(1, OnLimit.REFUSE_LOGIN)) {
            login(site);
            String bob = site.get("/login?bob").token();

            assertRefused(site.getAs(bob, "/login?alice"));
            assertThat(site.getAs(bob, "/subject").body()).isEqualTo("bob");
        }
    }

    // ---- END_OLDEST

    @Test
    void the_session_that_signed_in_first_ends_even_if_it_was_used_last() {
        try (Site site = limited(2, OnLimit.END_OLDEST)) {
            String first = login(site);
            String second = login(site);
            site.clock().advance(Duration.ofMinutes(2));
            assertSignedIn(site, first);
            site.listener().clear();

            String third = login(site);

            assertNotSignedIn(site, first);
            assertSignedIn(site, second);
            assertSignedIn(site, third);
            assertThat(site.listener().single("destroyed").details().get(1)).isEqualTo(DestroyReason.OVER_LIMIT);
        }
    }

    @Test
    void a_lower_limit_ends_as_many_as_necessary_at_the_next_login() {
        SettableClock clock = new SettableClock();
        SpyStore store = new SpyStore(MemoryStore.builder().clock(clock).build());
        try (Site before = new Site(clock, store, c -> {});
                Site after = new Site(clock, store, c -> c.maxSessionsPerUser(2, OnLimit.END_OLDEST))) {
            List<String> old = List.of(login(before), login(before), login(before));
            String changed = after.getAs(old.get(2), "/change-id").token();

            String latest = login(after);

            assertNotSignedIn(after, old.get(0));
            assertNotSignedIn(after, old.get(1));
            assertSignedIn(after, changed);
            assertSignedIn(after, latest);
        }
    }

    // ---- ASK

    @Test
    void a_handler_can_show_the_sessions_end_one_and_sign_in() {
        try (Site site = limited(2, OnLimit.ASK)) {
            String first = login(site);
            String second = login(site);
            List<UserSession> shown = new ArrayList<>();
            site.addPage("/sign-in", (session, exchange) -> {
                try {
                    session.login("alice");
                } catch (TooManySessionsException e) {
                    shown.addAll(e.sessions());
                    site.sessions().of("alice").end(e.sessions().get(1).publicId());
                    session.login("alice");
                }
                return "ok";
            });

            String third = site.get("/sign-in").token();

            assertThat(shown)
                    .hasSize(2)
                    .isSortedAccordingTo((one, other) -> other.createdAt().compareTo(one.createdAt()));
            assertNotSignedIn(site, first);
            assertSignedIn(site, second);
            assertSignedIn(site, third);
        }
    }

    @Test
    void a_handler_that_does_not_ask_the_user_answers_409_and_keeps_what_it_set() {
        try (Site site = limited(1, OnLimit.ASK)) {
            login(site);
            assertRefused(site.get("/login?alice"));
            site.addPage("/try", (session, exchange) -> {
                session.set("a", "kept");
                assertThatThrownBy(() -> session.login("alice"))
                        .isInstanceOf(TooManySessionsException.class)
                        .hasMessageContaining("maxSessionsPerUser")
                        .hasMessageContaining("sojourn.max-sessions-per-user")
                        .hasMessageNotContaining("alice");
                return "ok";
            });

            String token = site.get("/try").token();

            assertThat(site.getAs(token, "/read").body()).isEqualTo("kept");
            assertNotSignedIn(site, token);
        }
    }

    // ---- whatever the store does

    @Test
    void a_limit_holds_when_the_list_of_permits_is_gone() {
        Consumer<Sessions.Config> options = c -> c.maxSessionsPerUser(2, OnLimit.REFUSE_LOGIN)
                .idleTimeout(Duration.ofHours(9))
                .absoluteTimeout(Duration.ofHours(10));
        try (Site site = new Site(options)) {
            login(site);
            site.clock().advance(Duration.ofHours(2));
            assertThat(site.sessions().sweep(10)).as("the list").isEqualTo(1);
            assertThat(site.listener().names()).doesNotContain("expired", "unreadable");

            login(site);

            assertRefused(site.get("/login?alice"));
        }
    }

    @Test
    void a_login_whose_node_stops_before_it_has_its_permit_takes_no_room() {
        SettableClock clock = new SettableClock();
        SpyStore store = new SpyStore(new SeparateIndexStore(clock));
        try (Site site = new Site(clock, store, c -> c.maxSessionsPerUser(1, OnLimit.REFUSE_LOGIN))) {
            site.getAs(login(site), "/logout");
            store.failBefore("compareAndSet", () -> StoreException.notDone("down", null));
            store.failBefore("delete", () -> StoreException.notDone("down", null));
            assertThat(site.get("/login?alice").status()).isEqualTo(503);
            store.clearFailures();
            assertThat(site.sessions().of("alice").list())
                    .as("the record that it left")
                    .hasSize(1);

            login(site);

            assertRefused(site.get("/login?alice"));
        }
    }

    @Test
    void a_login_that_cannot_get_its_permit_removes_its_record() {
        try (Site site = limited(1, OnLimit.REFUSE_LOGIN)) {
            site.store().failBefore("compareAndSet", () -> StoreException.notDone("down", null));
            assertThat(site.get("/login?alice").status()).isEqualTo(503);
            site.store().clearFailures();
            assertThat(site.sessions().of("alice").list()).isEmpty();
        }
    }

    // ---- other limits

    @Test
    void a_request_can_have_a_limit_of_its_own() {
        try (Site site = limited(1, OnLimit.REFUSE_LOGIN)) {
            site.addPage("/premium", (session, exchange) -> {
                session.maxSessionsPerUser(3, OnLimit.REFUSE_LOGIN);
                session.login("alice");
                return "ok";
            });
            login(site);
            assertThat(site.get("/premium").status()).isEqualTo(200);
            assertThat(site.get("/premium").status()).isEqualTo(200);
            assertRefused(site.get("/premium"));
            assertRefused(site.get("/login?alice"));
        }
    }

    @Test
    void sessions_with_tokens_are_limited_too() {
        try (TokenSite site = new TokenSite(c -> c.maxSessionsPerUser(1, OnLimit.REFUSE_LOGIN))) {
            assertThat(site.get("/login?alice").status()).isEqualTo(200);
            assertThat(site.get("/login?alice").status()).isEqualTo(409);
            assertThat(site.get("/login?bob").status()).isEqualTo(200);
        }
    }
}
