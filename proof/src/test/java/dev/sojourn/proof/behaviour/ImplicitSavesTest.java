package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.CookieLifetime;
import dev.sojourn.SameSite;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Writes without a change by the handler: {@code saveUninitialized}, {@code resave} and unchanged settings. */
class ImplicitSavesTest {
    private static Site saveUninitializedSite(Consumer<Sessions.Config> more) {
        return new Site(((Consumer<Sessions.Config>) Sessions.Config::saveUninitialized).andThen(more));
    }

    private static Site resaveSite() {
        return new Site(Sessions.Config::resave);
    }

    private static Site.Page page(Consumer<Session> work) {
        return (session, exchange) -> {
            work.accept(session);
            return "ok";
        };
    }

    private static void assertNoSession(Site site, RawResponse response) {
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.cookies()).isEmpty();
        assertThat(site.store().calls()).isEmpty();
    }

    // ---- saveUninitialized: which clients

    @Test
    void no_session_is_created_for_a_browser_that_would_refuse_the_cookie() {
        try (Site site = saveUninitializedSite(c -> {})) {
            assertNoSession(site, site.request("GET", "/untouched", "example.com"));
            assertNoSession(site, site.request("GET", "/read", "example.com"));

            assertThat(site.request("GET", "/untouched", "localhost").cookies()).hasSize(1);
            assertThat(site.store().calls()).containsExactly("create");
        }
    }

    @Test
    void no_session_is_created_on_a_path_where_the_browser_would_not_return_the_cookie() {
        try (Site site = saveUninitializedSite(c -> c.cookie(k -> k.path("/app")))) {
            site.addPage("/app/untouched", page(session -> {}));

            assertNoSession(site, site.get("/untouched"));

            assertThat(site.get("/app/untouched").cookies()).hasSize(1);
            assertThat(site.store().calls()).containsExactly("create");
        }
    }

    @Test
    void a_change_for_a_client_that_cannot_return_the_cookie_is_still_an_error() {
        try (Site site = saveUninitializedSite(c -> {})) {
            RawResponse response = site.request("GET", "/set?x", "example.com");

            assertThat(response.status()).isEqualTo(500);
            assertThat(response.cookies()).isEmpty();
            assertThat(site.store().calls()).isEmpty();
        }
    }

    // ---- saveUninitialized: after the end of a session

    @Test
    void a_logout_creates_no_empty_session() {
        try (Site site = saveUninitializedSite(c -> {})) {
            String token = site.startSession("x");

            RawResponse logout = site.getAs(token, "/logout");

            assertThat(site.store().calls()).containsExactly("load", "delete");
            assertThat(logout.token()).isEmpty();
            assertThat(logout.cookies().get(0)).contains("Max-Age=0");
        }
    }

    @Test
    void a_logout_without_a_session_creates_none() {
        try (Site site = saveUninitializedSite(c -> {})) {
            assertNoSession(site, site.get("/logout"));
        }
    }

    @Test
    void a_destroyed_session_that_is_used_again_becomes_one_new_session() {
        try (Site site = saveUninitializedSite(c -> {})) {
            site.addPage("/again", page(session -> {
                session.destroy();
                session.set("a", "new");
            }));
            String token = site.startSession("x");

            RawResponse again = site.getAs(token, "/again");

            assertThat(site.store().calls()).containsExactly("load", "delete", "create");
            assertThat(again.token()).isNotEmpty().isNotEqualTo(token);
            assertThat(site.getAs(again.token(), "/read").body()).isEqualTo("new");
        }
    }

    @Test
    void a_discarded_destroy_has_no_effect() {
        try (Site site = saveUninitializedSite(c -> {})) {
            site.addPage("/no", page(session -> {
                session.destroy();
                session.discard();
            }));

            RawResponse first = site.get("/no");

            assertThat(first.token()).isNotEmpty();
            assertThat(site.store().calls()).containsExactly("create");
            assertThat(site.getAs(first.token(), "/no").cookies()).isEmpty();
            assertThat(site.store().calls()).containsExactly("create", "load");
        }
    }

    // ---- resave

    @Test
    void changes_that_the_request_saved_are_not_saved_again_at_its_end() {
        try (Site site = resaveSite()) {
            site.addPage("/save", (session, exchange) -> {
                session.set("a", Site.query(exchange));
                session.save();
                return "ok";
            });
            String token = site.get("/save?new").token();
            assertThat(site.store().calls()).containsExactly("create");

            assertCost(site, token, "/save?other", "load", "compareAndSet");
            assertCost(site, token, "/count", "load", "compareAndSet");
            assertCost(site, token, "/set?third", "load", "compareAndSet");
            assertThat(site.getAs(token, "/read").body()).isEqualTo("third");
        }
    }

    @Test
    void a_save_without_changes_does_not_replace_the_resave_at_the_end() {
        try (Site site = resaveSite()) {
            site.addPage("/save-nothing", page(Session::save));
            site.addPage("/same", page(session -> session.update("a", String.class, a -> a)));
            String token = site.startSession("x");

            assertCost(site, token, "/save-nothing", "load", "compareAndSet");
            assertCost(site, token, "/same", "load", "compareAndSet");
        }
    }

    @Test
    void a_saved_new_id_is_not_saved_again_at_the_end() {
        try (Site site = resaveSite()) {
            site.addPage("/renew", page(session -> {
                session.changeId();
                session.save();
            }));

            assertCost(site, site.startSession("x"), "/renew", "load", "create", "compareAndSet");
        }
    }

    private static void assertCost(Site site, String token, String path, String... calls) {
        site.store().clearCalls();
        assertThat(site.getAs(token, path).status()).isEqualTo(200);
        assertThat(site.store().calls()).as(path).containsExactly(calls);
    }

    // ---- unchanged settings

    private static void setLongLifetime(Session session) {
        session.cookie().lifetime(CookieLifetime.of(Duration.ofDays(30)));
        session.cookie().sameSite(SameSite.STRICT);
        session.idleTimeout(Duration.ofDays(30));
        session.absoluteTimeout(Duration.ofDays(60));
    }

    @Test
    void setting_the_current_settings_is_not_a_change() {
        try (Site site = new Site()) {
            site.addPage("/long-lifetime", page(ImplicitSavesTest::setLongLifetime));
            String token = site.startSession("x");

            RawResponse first = site.getAs(token, "/long-lifetime");
            assertThat(site.store().calls()).containsExactly("load", "compareAndSet");
            assertThat(first.cookies().get(0)).contains("Max-Age=2592000", "SameSite=Strict");

            assertCost(site, token, "/long-lifetime", "load");
            assertThat(site.getAs(token, "/long-lifetime").cookies()).isEmpty();
        }
    }

    @Test
    void a_setting_that_is_changed_and_restored_is_not_a_change() {
        try (Site site = new Site()) {
            site.addPage("/long-lifetime", page(ImplicitSavesTest::setLongLifetime));
            site.addPage("/there-and-back", page(session -> {
                session.cookie().lifetime(CookieLifetime.session());
                setLongLifetime(session);
            }));
            String token = site.startSession("x");
            site.getAs(token, "/long-lifetime");

            assertCost(site, token, "/there-and-back", "load");
        }
    }

    @Test
    void a_cookie_with_unchanged_settings_is_not_sent_again_with_another_change() {
        try (Site site = new Site()) {
            site.addPage("/strict", (session, exchange) -> {
                session.cookie().sameSite(SameSite.STRICT);
                session.set("a", Site.query(exchange));
                return "ok";
            });
            String token = site.startSession("x");

            assertThat(site.getAs(token, "/strict?first").cookies()).hasSize(1);
            assertThat(site.getAs(token, "/strict?second").cookies()).isEmpty();
            assertThat(site.getAs(token, "/read").body()).isEqualTo("second");
        }
    }

    @Test
    void a_changed_setting_is_saved_once() {
        try (Site site = new Site()) {
            site.addPage("/short", page(session -> session.idleTimeout(Duration.ofMinutes(10))));
            site.addPage("/idle", (session, exchange) -> session.idleTimeout().toString());
            String token = site.startSession("x");

            assertCost(site, token, "/short", "load", "compareAndSet");
            assertCost(site, token, "/short", "load");
            assertThat(site.getAs(token, "/idle").body()).isEqualTo("PT10M");
        }
    }
}
