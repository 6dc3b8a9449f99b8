package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SessionStatus;
import dev.sojourn.StoreUnavailablePolicy;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.SealedSite;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.ViewSite;
import dev.sojourn.spi.StoreException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The option {@code requireSignIn}: paths that only signed-in users may request. */
class RequireSignInTest {
    private static Site site() {
        return new Site(c -> {
            c.requireSignIn("/account", "/admin");
        });
    }

    private static void assertRefused(RawResponse response) {
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.body()).isEqualTo("Please sign in.\n");
        assertThat(response.header("WWW-Authenticate")).hasValue("Bearer");
        assertThat(response.cookies()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/account",
                "/account/",
                "/account/orders/5",
                "/ACCOUNT",
                "/x//account",
                "/%61ccount",
                "/%2561ccount",
                "/account;x=1",
                "/a/../account",
                "/a/..;/account",
                "/account/../open",
                "/app/account",
                "/admin?x=/open",
                "/./admin"
            })
    void a_request_without_a_user_gets_a_401_in_every_spelling_and_no_handler_runs(String path) {
        try (Site site = site()) {
            site.serveEveryPath((session, exchange) -> {
                throw new AssertionError("the handler ran");
            });
            assertRefused(site.get(path));
            assertRefused(site.request("POST", path, "localhost:" + site.port()));
            assertThat(site.store().calls()).isEmpty();
        }
    }

    @Test
    void a_session_without_a_user_is_refused_and_one_with_a_user_is_served() {
        try (Site site = site()) {
            site.addPage("/account", (session, exchange) -> "account of " + session.subject());
            String token = site.startSession("x");
            assertRefused(site.getAs(token, "/account"));
            assertThat(site.store().calls()).containsExactly("load");

            String signedIn = site.getAs(token, "/login?alice").token();
            site.store().clearCalls();
            assertThat(site.getAs(signedIn, "/account").body()).isEqualTo("account of alice");
            assertThat(site.store().calls()).containsExactly("load");
            site.sessions().of("alice").endAll();
            RawResponse ended = site.getAs(signedIn, "/account");
            assertThat(ended.status()).isEqualTo(401);
        }
    }

    @Test
    void other_paths_cost_nothing_and_need_no_user() {
        try (Site site = site()) {
            String token = site.startSession("x");
            assertThat(site.getAs(token, "/untouched").status()).isEqualTo(200);
            assertThat(site.get("/accounts").status()).isEqualTo(404);
            assertThat(site.store().calls()).isEmpty();
        }
    }

    @Test
    void garbage_is_refused_with_one_line() {
        try (Site site = site()) {
            for (String header : List.of(
                    "Cookie: __Host-id=garbage",
                    "Cookie: __Host-id=" + "x".repeat(3000),
                    "Cookie: __Host-id=\u0001\u00ff; ;;=",
                    "Authorization: Bearer x",
                    "Authorization: \u00ff")) {
                RawResponse response = site.get("/account", header);
                assertThat(response.status()).as(header).isEqualTo(401);
                assertThat(response.body()).isEqualTo("Please sign in.\n");
            }
            assertThat(site.store().calls()).isEmpty();
        }
    }

    @Test
    void while_the_store_is_down_nobody_gets_in() {
        try (Site site = site()) {
            site.addPage("/account", (session, exchange) -> "inside");
            String token = site.get("/login?alice").token();
            site.store().failBefore("load", () -> StoreException.notDone("down", null));

            assertThat(site.getAs(token, "/account").status()).isEqualTo(503);
        }
    }

    @Test
    void a_user_whose_session_cannot_be_read_is_not_asked_to_sign_in() {
        try (Site site = new Site(
                c -> c.requireSignIn("/account").whenStoreUnavailable(StoreUnavailablePolicy.READ_AS_ANONYMOUS))) {
            site.addPage("/account", (session, exchange) -> "inside");
            site.addPage("/require", (session, exchange) -> session.requireSubject());
            site.addPage("/status", (session, exchange) -> {
                Sojourn.send(exchange, SessionStatus.read(session));
                return null;
            });
            site.addPage("/extend", (session, exchange) -> {
                Sojourn.send(exchange, SessionStatus.extend(session));
                return null;
            });
            String token = site.get("/login?alice").token();
            site.store().failBefore("load", () -> StoreException.notDone("down", null));
            assertThat(site.getAs(token, "/subject").body()).isEqualTo("null");
            for (String path : List.of("/account", "/require", "/status", "/extend")) {
                site.store().failBefore("load", () -> StoreException.notDone("down", null));
                RawResponse response = site.getAs(token, path);
                assertThat(response.status()).as(path).isEqualTo(503);
                assertThat(response.cookies()).as(path).isEmpty();
            }
        }
    }

    @Test
    void sealed_sessions_and_access_tokens_are_guarded_too() {
        try (SealedSite site = new SealedSite(c -> c.requireSignIn("/account"))) {
            site.addPage("/account", (session, exchange) -> "account of " + session.subject());
            assertRefused(site.get("/account"));
            assertThat(site.getAs(site.get("/set?x").token(), "/account").status())
                    .isEqualTo(401);
            assertThat(site.getAs(site.get("/login?alice").token(), "/account").body())
                    .isEqualTo("account of alice");
        }
        try (ViewSite site = new ViewSite(c -> c.requireSignIn("/account"))) {
            site.addPage("/account", view -> "account of " + view.subject());
            assertRefused(site.get("/account"));
            assertThat(site.get("/account", "Authorization: Bearer garbage").status())
                    .isEqualTo(401);
            assertThat(site.get("/unused").status()).isEqualTo(200);
        }
    }
}
