package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sojourn.DeviceAddress;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.SignIn;
import dev.sojourn.UserSession;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.RecordingListener;
import dev.sojourn.proof.site.SealedSite;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.TokenSite;
import dev.sojourn.proof.site.ViewSite;
import dev.sojourn.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How and when a user signed in, how long that counts, and what the user confirmed since. */
class SignInTest {
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    /** Runs this in a request with this token, and returns the client's token after it. */
    private static String run(Site site, String token, Consumer<Session> what) {
        site.addPage("/run", (session, exchange) -> {
            what.accept(session);
            return "ok";
        });
        RawResponse response = token.isEmpty() ? site.get("/run") : site.getAs(token, "/run");
        assertThat(response.status()).as(response.body()).isEqualTo(200);
        return response.cookies().isEmpty() ? token : response.token();
    }

    private static String ask(Site site, String token, Function<Session, @Nullable Object> question) {
        site.addPage("/ask", (session, exchange) -> String.valueOf(question.apply(session)));
        return site.getAs(token, "/ask").body();
    }

    /** Returns the response to a request of a handler that requires something. */
    private static RawResponse require(Site site, String token, Consumer<Session> guard) {
        site.addPage("/guarded", (session, exchange) -> {
            guard.accept(session);
            return "done";
        });
        return site.getAs(token, "/guarded");
    }

    /** Returns the time as sessions keep it. */
    private static Instant now(Site site) {
        return site.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static String lastRecord(Site site) {
        List<StoredSession> written = site.store().writtenRecords();
        return new String(written.get(written.size() - 1).payload(), StandardCharsets.UTF_8);
    }

    // ---- what is known

    @Test
    void a_login_keeps_how_and_when_the_user_signed_in() {
        try (Site site = new Site()) {
            Instant authenticated = now(site).minusSeconds(600);
            SignIn how = SignIn.by("fed", "otp").level("aal2").provider("https://id.example.com", "08a5019c");
            String token = run(site, "", session -> {
                session.login("alice", how.at(authenticated));
                assertThat(session.signIn()).isEqualTo(how.at(authenticated));
            });
            site.clock().advance(Duration.ofMinutes(1));
            run(site, token, session -> {
                assertThat(session.signIn()).isEqualTo(how.at(authenticated));
                assertThat(session.signedInAt()).isEqualTo(authenticated);
                assertThat(session.isFresh(FIVE_MINUTES)).isFalse();
                assertThat(session.isFresh(Duration.ofMinutes(12))).isTrue();
                assertThat(session.createdAt()).isEqualTo(authenticated.plusSeconds(600));
                assertThat(session.actingBy()).isNull();
            });
        }
    }

    @Test
    void a_plain_login_adds_no_byte_to_the_record_but_for_the_device() {
        try (Site site = new Site(c -> c.deviceAddress(DeviceAddress.NONE))) {
            String token = site.get("/login?alice").token();
            assertThat(lastRecord(site))
                    .isEqualTo("{\"format\":1,\"created\":"
                            + site.clock().instant().toEpochMilli() + "}");
            Instant then = now(site);
            site.clock().advance(Duration.ofMinutes(2));
            run(site, token, session -> {
                assertThat(session.signedInAt()).isEqualTo(then);
                assertThat(session.signIn()).isEqualTo(SignIn.by().at(then));
            });
        }
    }

    @Test
    void a_sign_in_in_the_future_counts_as_one_at_the_login() {
        try (Site site = new Site()) {
            Instant now = now(site);
            String token = run(
                    site, "", session -> session.login("alice", SignIn.by("pwd").at(now.plusSeconds(3_600))));
            assertThat(ask(site, token, Session::signedInAt)).isEqualTo(now.toString());
            site.clock().advance(Duration.ofMinutes(5));
            assertThat(ask(site, token, session -> session.isFresh(FIVE_MINUTES)))
                    .isEqualTo("false");
        }
    }

    @Test
    void without_a_user_nothing_is_known_of_a_sign_in() {
        try (Site site = new Site()) {
            run(site, site.startSession("x"), session -> {
                assertThat(session.signedInAt()).isNull();
                assertThat(session.signIn()).isNull();
                assertThat(session.actingBy()).isNull();
                assertThat(session.isFresh(FIVE_MINUTES)).isFalse();
                assertThat(session.isElevated("payments")).isFalse();
                assertThatIllegalStateException().isThrownBy(() -> session.elevate("payments", FIVE_MINUTES));
                session.dropElevation("payments");
            });
            assertThat(site.store().calls()).containsExactly("load");
        }
    }

    @Test
    void change_id_keeps_the_facts_and_regenerate_logout_and_another_user_drop_them() {
        try (Site site = new Site()) {
            Consumer<Session> login = session -> session.login("alice", SignIn.by("pwd"));
            String changed = run(site, run(site, "", login), Session::changeId);
            assertThat(ask(
                            site,
                            changed,
                            session -> Objects.requireNonNull(session.signIn()).methods()))
                    .isEqualTo("[pwd]");

            String bob = run(site, changed, session -> session.login("bob"));
            assertThat(ask(
                            site,
                            bob,
                            session -> Objects.requireNonNull(session.signIn()).methods()))
                    .isEqualTo("[]");
            String again = run(site, run(site, bob, login), session -> session.login("alice"));
            assertThat(ask(
                            site,
                            again,
                            session -> Objects.requireNonNull(session.signIn()).methods()))
                    .isEqualTo("[]");
            String empty = run(site, run(site, again, login), Session::regenerate);
            assertThat(ask(site, empty, Session::signIn)).isEqualTo("null");
            assertThat(lastRecord(site)).doesNotContain("signIn");
        }
    }

    @Test
    void bad_facts_are_refused_and_nothing_is_stored() {
        try (Site site = new Site()) {
            run(site, "", session -> {
                List<Supplier<Object>> bad = List.of(
                        () -> SignIn.by("1", "2", "3", "4", "5", "6", "7", "8", "9"),
                        () -> SignIn.by(""),
                        () -> SignIn.by("x".repeat(33)),
                        () -> SignIn.by("a\nb"),
                        () -> SignIn.by().level(""),
                        () -> SignIn.by().level("\uD800"),
                        () -> SignIn.by().provider("x".repeat(513), null),
                        () -> SignIn.by().provider("https://id.example.com", ""),
                        () -> session.isFresh(Duration.ofSeconds(-1)));
                bad.forEach(each -> assertThatIllegalArgumentException().isThrownBy(each::get));
            });
            String token = site.get("/login?alice").token();
            site.store().clearCalls();
            run(site, token, session -> {
                for (String scope : List.of("", "x".repeat(65), "a\u0000b")) {
                    assertThatIllegalArgumentException().isThrownBy(() -> session.elevate(scope, FIVE_MINUTES));
                }
                for (Duration ttl : List.of(Duration.ZERO, Duration.ofMillis(999), Duration.ofDays(2))) {
                    assertThatIllegalArgumentException().isThrownBy(() -> session.elevate("payments", ttl));
                    assertThatIllegalArgumentException().isThrownBy(() -> session.actAs("bob", "alice", ttl));
                }
                assertThatIllegalArgumentException().isThrownBy(() -> session.actAs("bob", "bob", FIVE_MINUTES));
                assertThatIllegalArgumentException().isThrownBy(() -> session.actAs("", "alice", FIVE_MINUTES));
            });
            assertThat(site.store().calls()).isEmpty();
        }
    }

    // ---- fresh

    @Test
    void a_sign_in_is_fresh_for_its_time_and_use_does_not_extend_that() {
        try (Site site = new Site()) {
            String token = site.get("/login?alice").token();
            site.clock().advance(Duration.ofSeconds(299));
            assertThat(require(site, token, session -> session.requireFresh(FIVE_MINUTES))
                            .body())
                    .isEqualTo("done");
            String changed = run(site, token, session -> {
                session.touch();
                session.changeId();
            });
            site.clock().advance(Duration.ofSeconds(1));
            RawResponse refused = require(site, changed, session -> session.requireFresh(FIVE_MINUTES));
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.header("WWW-Authenticate"))
                    .contains("Bearer error=\"insufficient_user_authentication\","
                            + " error_description=\"A more recent sign-in is required\", max_age=\"300\"");
            assertThat(refused.body().trim()).isEqualTo("Please sign in again to continue.");
            assertThat(ask(site, changed, session -> session.isFresh(Duration.ofSeconds(301))))
                    .isEqualTo("true");
            assertThat(ask(site, changed, session -> session.isFresh(Duration.ZERO)))
                    .isEqualTo("false");
        }
    }

    @Test
    void signing_in_again_is_fresh_changes_the_id_and_restarts_both_timeouts() {
        try (Site site = new Site(c -> c.absoluteTimeout(Duration.ofHours(1)))) {
            String token = site.get("/login?alice").token();
            String former = ask(site, token, Session::publicId);
            site.clock().advance(Duration.ofMinutes(29));
            ask(site, token, Session::subject);
            site.clock().advance(Duration.ofMinutes(29));
            String again = run(site, token, session -> {
                session.set("a", "kept");
                session.login("alice", SignIn.by("pwd"));
                assertThat(session.isFresh(FIVE_MINUTES)).isTrue();
            });
            assertThat(again).isNotEqualTo(token);
            assertThat(ask(site, again, Session::publicId)).isNotEqualTo(former);
            assertThat(ask(site, again, Session::expiresAt))
                    .isEqualTo(now(site).plus(Duration.ofMinutes(30)).toString());
            for (int i = 0; i < 2; i++) {
                site.clock().advance(Duration.ofMinutes(29));
                assertThat(site.getAs(again, "/read").body()).isEqualTo("kept");
            }
            site.clock().advance(Duration.ofMinutes(2));
            assertThat(ask(site, again, Session::subject)).isEqualTo("null");
            assertThat(site.getAs(token, "/subject").body()).isEqualTo("null");
        }
    }

    @Test
    void without_a_user_a_guard_asks_to_sign_in() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            RawResponse fresh = require(site, token, session -> session.requireFresh(FIVE_MINUTES));
            assertThat(fresh.status()).isEqualTo(401);
            assertThat(fresh.header("WWW-Authenticate")).contains("Bearer");
            RawResponse elevated = require(site, token, session -> session.requireElevated("payments"));
            assertThat(elevated.status()).isEqualTo(401);
        }
    }

    // ---- elevated

    @Test
    void an_elevation_counts_for_its_scope_and_its_time() {
        try (Site site = new Site()) {
            String token = site.get("/login?alice").token();
            RawResponse before = require(site, token, session -> session.requireElevated("payments"));
            assertThat(before.status()).isEqualTo(403);
            assertThat(before.body().trim()).isEqualTo("Please confirm that it is you.");
            site.listener().clear();
            site.store().clearCalls();
            run(site, token, session -> {
                session.elevate("payments", FIVE_MINUTES);
                assertThat(session.isElevated("payments")).isTrue();
            });
            assertThat(site.store().calls()).containsExactly("load", "compareAndSet");
            RecordingListener.Event event = site.listener().single("elevated");
            assertThat(event.session().subject()).isEqualTo("alice");
            assertThat(event.details().get(1)).isEqualTo("payments");

            site.clock().advance(Duration.ofSeconds(299));
            assertThat(require(site, token, session -> session.requireElevated("payments"))
                            .body())
                    .isEqualTo("done");
            assertThat(ask(site, token, session -> session.isElevated("admin"))).isEqualTo("false");
            site.clock().advance(Duration.ofSeconds(1));
            assertThat(ask(site, token, session -> session.isElevated("payments")))
                    .isEqualTo("false");
        }
    }

    @Test
    void parallel_requests_that_elevate_keep_each_others_scopes() {
        try (Site site = new Site()) {
            String token = site.get("/login?alice").token();
            site.addPage("/outer", (session, exchange) -> {
                session.elevate("payments", FIVE_MINUTES);
                site.addPage("/inner", (inner, other) -> {
                    inner.elevate("admin", FIVE_MINUTES);
                    return "ok";
                });
                site.send("/inner", Site.cookie(token));
                return "ok";
            });
            assertThat(site.getAs(token, "/outer").status()).isEqualTo(200);
            assertThat(ask(site, token, session -> session.isElevated("payments") && session.isElevated("admin")))
                    .isEqualTo("true");
        }
    }

    @Test
    void of_too_many_scopes_the_one_that_ends_first_is_dropped() {
        try (Site site = new Site()) {
            String token = run(site, "", session -> {
                session.login("alice");
                for (int i = 1; i <= 17; i++) {
                    session.elevate("scope" + i, Duration.ofMinutes(i));
                }
            });
            run(site, token, session -> {
                assertThat(session.isElevated("scope1")).isFalse();
                assertThat(session.isElevated("scope2")).isTrue();
                assertThat(session.isElevated("scope17")).isTrue();
            });
        }
    }

    @Test
    void a_failed_save_elevates_nothing_and_reports_nothing() {
        try (Site site = new Site(c -> c.maxSessionBytes(256))) {
            String token = site.get("/login?alice").token();
            site.listener().clear();
            RawResponse failed = require(site, token, session -> {
                session.elevate("payments", FIVE_MINUTES);
                for (int i = 0; i < 20; i++) {
                    session.set("attribute" + i, "x");
                }
            });
            assertThat(failed.status()).isEqualTo(500);
            assertThat(ask(site, token, session -> session.isElevated("payments")))
                    .isEqualTo("false");
            assertThat(site.listener().names()).doesNotContain("elevated");
        }
    }

    // ---- acting as another

    @Test
    void a_user_who_acts_as_another_gets_an_empty_listed_session_that_ends_in_time() {
        try (Site site = new Site()) {
            String admin = run(site, "", session -> {
                session.login("admin", SignIn.by("hwk"));
                session.set("a", "of the admin");
                session.elevate("support", FIVE_MINUTES);
            });
            site.listener().clear();
            String acting = run(site, admin, session -> session.actAs("alice", "admin", Duration.ofMinutes(15)));
            assertThat(site.listener().names()).containsExactly("destroyed", "idChanged", "actingAs");
            RecordingListener.Event event = site.listener().single("actingAs");
            assertThat(event.session().subject()).isEqualTo("alice");
            assertThat(event.details().get(1)).isEqualTo("admin");
            assertThat(site.getAs(admin, "/subject").body()).isEqualTo("null");
            run(site, acting, session -> {
                assertThat(site.sessions().of("alice").list(session))
                        .singleElement()
                        .matches(UserSession::current);
                assertThat(session.subject()).isEqualTo("alice");
                assertThat(session.actingBy()).isEqualTo("admin");
                assertThat(session.names()).isEmpty();
                assertThat(session.isFresh(Duration.ofDays(1))).isFalse();
                assertThat(session.isElevated("support")).isFalse();
                assertThatIllegalStateException().isThrownBy(() -> session.elevate("payments", FIVE_MINUTES));
                assertThatIllegalStateException()
                        .isThrownBy(() -> session.actAs("bob", "admin", Duration.ofMinutes(15)));
                assertThatIllegalStateException().isThrownBy(() -> session.absoluteTimeout(Duration.ofHours(1)));
                assertThatIllegalStateException().isThrownBy(() -> session.absoluteTimeout(Duration.ZERO));
            });
            String changed = run(site, acting, Session::changeId);
            site.clock().advance(Duration.ofSeconds(899));
            assertThat(ask(site, changed, Session::actingBy)).isEqualTo("admin");
            site.clock().advance(Duration.ofSeconds(1));
            assertThat(ask(site, changed, Session::subject)).isEqualTo("null");
        }
    }

    @Test
    void the_session_of_a_user_who_acts_as_another_ends_with_all_of_that_user_and_a_login_leaves_nothing_of_it() {
        try (Site site = new Site(c -> c.absoluteTimeout(Duration.ofMinutes(10)).idleTimeout(FIVE_MINUTES))) {
            Consumer<Session> act = session -> session.actAs("alice", "admin", Duration.ofHours(1));
            String acting = run(site, site.get("/login?admin").token(), act);
            assertThat(ask(site, acting, Session::absoluteTimeout)).isEqualTo("PT10M");
            assertThat(site.sessions().of("alice").endAll()).isEqualTo(1);
            assertThat(ask(site, acting, Session::subject)).isEqualTo("null");

            String again = run(site, site.get("/login?admin").token(), session -> {
                act.accept(session);
                session.set("a", "of the admin");
            });
            String alice = run(site, again, session -> session.login("alice"));
            run(site, alice, session -> {
                assertThat(session.actingBy()).isNull();
                assertThat(session.names()).isEmpty();
                assertThat(session.isFresh(FIVE_MINUTES)).isTrue();
            });
        }
    }

    @Test
    void a_remembered_sign_in_is_never_fresh() {
        try (Site site = new Site()) {
            String token = run(site, "", session -> session.login("alice", SignIn.remembered()));
            assertThat(ask(site, token, session -> session.isFresh(FIVE_MINUTES) + " " + session.signedInAt()))
                    .isEqualTo("false " + now(site));
        }
    }

    // ---- sealed sessions and access tokens

    @Test
    void a_sealed_session_keeps_the_same_facts() {
        try (SealedSite site = new SealedSite(c -> {})) {
            site.addPage("/elevate", (session, exchange) -> {
                session.login("alice", SignIn.by("pwd"));
                session.elevate("payments", FIVE_MINUTES);
                return "ok";
            });
            site.addPage(
                    "/known",
                    (session, exchange) ->
                            Objects.requireNonNull(session.signIn()).methods() + " " + session.isFresh(FIVE_MINUTES)
                                    + " " + session.isElevated("payments"));
            String token = site.get("/elevate").token();
            assertThat(site.getAs(token, "/known").body()).isEqualTo("[pwd] true true");
            assertThat(site.listener().names()).contains("elevated");
            String again = site.getAs(token, "/login?alice").token();
            assertThat(site.getAs(again, "/known").body()).isEqualTo("[] true false");
            site.clock().advance(FIVE_MINUTES);
            assertThat(site.getAs(token, "/known").body()).isEqualTo("[pwd] false false");
        }
    }

    @Test
    void an_access_token_carries_the_facts_except_elevations() {
        try (TokenSite site = new TokenSite()) {
            Instant authenticated = site.clock().instant().minusSeconds(60);
            site.addPage("/sign-in", exchange -> {
                Session session = Sojourn.session(exchange);
                session.login("alice", SignIn.by("pwd", "otp").level("aal2").at(authenticated));
                session.elevate("payments", FIVE_MINUTES);
                return site.tokens().issue(session).toJson();
            });
            site.addPage("/act", exchange -> {
                Session session = Sojourn.session(exchange);
                session.actAs("alice", "admin", Duration.ofMinutes(15));
                return site.tokens().issue(session).toJson();
            });
            site.addPage("/known", exchange -> known(Sojourn.view(exchange)));
            TokenSite.Tokens tokens = TokenSite.Tokens.of(site.get("/sign-in"));
            String facts = "[pwd, otp] aal2 " + authenticated + " null elevated: false fresh: ";
            assertThat(site.getAs(tokens.access(), "/known").body()).isEqualTo(facts + true);
            site.clock().advance(Duration.ofMinutes(4));
            String next = site.refreshed(tokens.refreshToken()).access();
            assertThat(site.getAs(next, "/known").body())
                    .as("a refresh is no sign-in")
                    .isEqualTo(facts + false);

            String acting = TokenSite.Tokens.of(site.get("/act")).access();
            assertThat(site.getAs(acting, "/known").body())
                    .isEqualTo("[] null " + site.clock().instant() + " admin elevated: false fresh: false");
        }
    }

    private static String known(SessionView view) {
        SignIn how = Objects.requireNonNull(view.signIn());
        return how.methods() + " " + how.level() + " " + view.signedInAt() + " " + view.actingBy() + " elevated: "
                + view.isElevated("payments") + " fresh: " + view.isFresh(FIVE_MINUTES);
    }

    @Test
    void claims_of_another_issuer_are_facts_only_in_their_form() {
        try (ViewSite site = new ViewSite(c -> {})) {
            site.addPage("/known", SignInTest::known);
            String none = "[] null null null elevated: false fresh: false";
            assertThat(site.getAs(site.tokenOf("alice"), "/known").body()).isEqualTo(none);
            Map<String, Object> odd = Map.of("amr", List.of("pwd", 1), "acr", List.of("aal2"), "act", "admin");
            assertThat(site.getAs(token(site, odd), "/known").body()).isEqualTo(none);
            Map<String, Object> claims =
                    Map.of("amr", List.of("pwd"), "acr", "1", "act", Map.of("iss", "x", "sub", "admin"));
            assertThat(site.getAs(token(site, claims), "/known").body())
                    .isEqualTo("[pwd] 1 null admin elevated: false fresh: false");
        }
    }

    private static String token(ViewSite site, Map<String, Object> claims) {
        return site.tokens().issue("alice", site.clock().instant(), claims);
    }
}
