package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.CookieLifetime;
import dev.sojourn.SameSite;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.Reply;
import dev.sojourn.proof.site.Site;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What is written though no handler asked for it, by {@code saveUninitialized} and {@code resave}, and what is not. */
class UnaskedWritesTest {
    private static Site unasked(Consumer<Sessions.Config> more) {
        return new Site(((Consumer<Sessions.Config>) Sessions.Config::saveUninitialized).andThen(more));
    }

    private static Site resaving() {
        return new Site(Sessions.Config::resave);
    }

    private static Site.Page page(Consumer<Session> work) {
        return (session, exchange) -> {
            work.accept(session);
            return "ok";
        };
    }

    private static void assertNothing(Site site, Reply reply) {
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.cookies()).isEmpty();
        assertThat(site.store().calls()).isEmpty();
    }

    // ---- saveUninitialized, for whom

    @Test
    void no_session_is_begun_for_a_client_whose_browser_would_refuse_the_cookie() {
        try (Site site = unasked(c -> {})) {
            assertNothing(site, site.ask("GET", "/untouched", "example.com"));
            assertNothing(site, site.ask("GET", "/read", "example.com"));

            assertThat(site.ask("GET", "/untouched", "localhost").cookies()).hasSize(1);
            assertThat(site.store().calls()).containsExactly("create");
        }
    }

    @Test
    void no_session_is_begun_where_the_browser_would_not_send_the_cookie_back() {
        try (Site site = unasked(c -> c.cookie(k -> k.path("/app")))) {
            site.page("/app/untouched", page(session -> {}));

            assertNothing(site, site.get("/untouched"));

            assertThat(site.get("/app/untouched").cookies()).hasSize(1);
            assertThat(site.store().calls()).containsExactly("create");
        }
    }

    @Test
    void a_change_for_a_client_that_could_not_come_back_is_an_error_all_the_same() {
        try (Site site = unasked(c -> {})) {
            Reply reply = site.ask("GET", "/set?x", "example.com");

            assertThat(reply.status()).isEqualTo(500);
            assertThat(reply.cookies()).isEmpty();
            assertThat(site.store().calls()).isEmpty();
        }
    }

    // ---- saveUninitialized, after an end

    @Test
    void a_logout_begins_no_empty_session_in_the_place_of_the_one_it_ended() {
        try (Site site = unasked(c -> {})) {
            String token = site.begin("x");

            Reply logout = site.as(token, "/logout");

            assertThat(site.store().calls()).containsExactly("load", "delete");
            assertThat(logout.token()).isEmpty();
            assertThat(logout.cookies().get(0)).contains("Max-Age=0");
        }
    }

    @Test
    void a_logout_of_somebody_without_a_session_begins_none() {
        try (Site site = unasked(c -> {})) {
            assertNothing(site, site.get("/logout"));
        }
    }

    @Test
    void a_destroyed_session_that_is_used_again_is_one_new_session() {
        try (Site site = unasked(c -> {})) {
            site.page("/again", page(session -> {
                session.destroy();
                session.set("a", "new");
            }));
            String token = site.begin("x");

            Reply again = site.as(token, "/again");

            assertThat(site.store().calls()).containsExactly("load", "delete", "create");
            assertThat(again.token()).isNotEmpty().isNotEqualTo(token);
            assertThat(site.as(again.token(), "/read").body()).isEqualTo("new");
        }
    }

    @Test
    void a_destroy_that_was_taken_back_is_none() {
        try (Site site = unasked(c -> {})) {
            site.page("/no", page(session -> {
                session.destroy();
                session.discard();
            }));

            Reply visitor = site.get("/no");

            assertThat(visitor.token()).isNotEmpty();
            assertThat(site.store().calls()).containsExactly("create");
            assertThat(site.as(visitor.token(), "/no").cookies()).isEmpty();
            assertThat(site.store().calls()).containsExactly("create", "load");
        }
    }

    // ---- resave

    @Test
    void what_the_request_has_saved_itself_is_not_saved_again_at_its_end() {
        try (Site site = resaving()) {
            site.page("/save", (session, exchange) -> {
                session.set("a", Site.query(exchange));
                session.save();
                return "ok";
            });
            String token = site.get("/save?new").token();
            assertThat(site.store().calls()).containsExactly("create");

            assertCost(site, token, "/save?other", "load", "compareAndSet");
            assertCost(site, token, "/count", "load", "compareAndSet");
            assertCost(site, token, "/set?third", "load", "compareAndSet");
            assertThat(site.as(token, "/read").body()).isEqualTo("third");
        }
    }

    @Test
    void a_save_of_nothing_is_no_save_so_the_end_still_has_its_own() {
        try (Site site = resaving()) {
            site.page("/save-nothing", page(Session::save));
            site.page("/same", page(session -> session.update("a", String.class, a -> a)));
            String token = site.begin("x");

            assertCost(site, token, "/save-nothing", "load", "compareAndSet");
            assertCost(site, token, "/same", "load", "compareAndSet");
        }
    }

    @Test
    void a_new_id_that_was_saved_is_not_saved_again_at_the_end() {
        try (Site site = resaving()) {
            site.page("/renew", page(session -> {
                session.changeId();
                session.save();
            }));

            assertCost(site, site.begin("x"), "/renew", "load", "create", "compareAndSet");
        }
    }

    private static void assertCost(Site site, String token, String path, String... calls) {
        site.store().forget();
        assertThat(site.as(token, path).status()).isEqualTo(200);
        assertThat(site.store().calls()).as(path).containsExactly(calls);
    }

    // ---- settings that are what they were

    private static void remember(Session session) {
        session.cookie().lifetime(CookieLifetime.of(Duration.ofDays(30)));
        session.cookie().sameSite(SameSite.STRICT);
        session.idleTimeout(Duration.ofDays(30));
        session.absoluteTimeout(Duration.ofDays(60));
    }

    @Test
    void settings_that_are_what_they_were_are_no_change() {
        try (Site site = new Site()) {
            site.page("/remember", page(UnaskedWritesTest::remember));
            String token = site.begin("x");

            Reply first = site.as(token, "/remember");
            assertThat(site.store().calls()).containsExactly("load", "compareAndSet");
            assertThat(first.cookies().get(0)).contains("Max-Age=2592000", "SameSite=Strict");

            assertCost(site, token, "/remember", "load");
            assertThat(site.as(token, "/remember").cookies()).isEmpty();
        }
    }

    @Test
    void a_setting_that_was_changed_and_changed_back_is_no_change() {
        try (Site site = new Site()) {
            site.page("/remember", page(UnaskedWritesTest::remember));
            site.page("/there-and-back", page(session -> {
                session.cookie().lifetime(CookieLifetime.session());
                remember(session);
            }));
            String token = site.begin("x");
            site.as(token, "/remember");

            assertCost(site, token, "/there-and-back", "load");
        }
    }

    @Test
    void beside_a_change_a_cookie_of_unchanged_settings_is_not_sent_again() {
        try (Site site = new Site()) {
            site.page("/strict", (session, exchange) -> {
                session.cookie().sameSite(SameSite.STRICT);
                session.set("a", Site.query(exchange));
                return "ok";
            });
            String token = site.begin("x");

            assertThat(site.as(token, "/strict?first").cookies()).hasSize(1);
            assertThat(site.as(token, "/strict?second").cookies()).isEmpty();
            assertThat(site.as(token, "/read").body()).isEqualTo("second");
        }
    }

    @Test
    void a_setting_alone_is_a_change_once() {
        try (Site site = new Site()) {
            site.page("/short", page(session -> session.idleTimeout(Duration.ofMinutes(10))));
            site.page("/idle", (session, exchange) -> session.idleTimeout().toString());
            String token = site.begin("x");

            assertCost(site, token, "/short", "load", "compareAndSet");
            assertCost(site, token, "/short", "load");
            assertThat(site.as(token, "/idle").body()).isEqualTo("PT10M");
        }
    }
}
