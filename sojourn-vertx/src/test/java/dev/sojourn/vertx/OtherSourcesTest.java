package dev.sojourn.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.SealedSession;
import dev.sojourn.SealedSessions;
import dev.sojourn.Sessions;
import dev.sojourn.TokenRefusedException;
import dev.sojourn.TokenSessions;
import dev.sojourn.TokenViews;
import dev.sojourn.jwt.Jwe;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.testing.TestTokens;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Checks sealed sessions and views of tokens on an event loop, which never waits. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OtherSourcesTest {
    private final TestServer site = new TestServer();
    private final Queue<Boolean> completeAtOnce = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void reset() {
        site.reset();
        completeAtOnce.clear();
    }

    @AfterEach
    void throwProblem() {
        site.throwProblem();
    }

    @AfterAll
    void stop() {
        site.close();
    }

    private void mount(SessionSource source) {
        site.serve(SojournHandler.create(source, request -> site.router.handle(request)));
    }

    /** Adds a route as an application writes it: on the event loop, with the future of a session. */
    private <T> void route(
            String path, Function<RoutingContext, Future<T>> kind, BiConsumer<RoutingContext, T> handler) {
        site.router.get(path).respond(ctx -> {
            Future<T> session = kind.apply(ctx);
            completeAtOnce.add(session.isComplete());
            return session.compose(found -> {
                handler.accept(ctx, found);
                return Future.succeededFuture("");
            });
        });
    }

    private void routesOfSealedSessions() {
        // With revocations a login reads whether all sessions of the user were ended.
        site.router
                .get("/login")
                .respond(ctx -> Sojourn.sealed(ctx)
                        .compose(session -> site.vertx.executeBlocking(() -> {
                            session.login("alice");
                            return "";
                        })));
        this.<SealedSession>route("/logout", Sojourn::sealed, (ctx, session) -> session.destroy());
        site.router.get("/me").handler(ctx -> {
            Future<SealedSession> session = Sojourn.sealed(ctx);
            completeAtOnce.add(session.isComplete());
            session.onSuccess(found -> ctx.end(String.valueOf(found.subject()))).onFailure(ctx::fail);
        });
        site.router
                .get("/view")
                .handler(ctx -> Sojourn.view(ctx)
                        .onSuccess(view -> ctx.end(String.valueOf(view.subject())))
                        .onFailure(ctx::fail));
    }

    @Test
    void a_sealed_session_needs_no_worker_if_a_logout_only_clears_the_cookie() {
        mount(SealedSessions.create(c -> c.seal(Jwe.secret(TestServer.SECRET)).logoutOnlyClearsTheCookie()));
        routesOfSealedSessions();

        String cookie = TestServer.cookie(site.get("/login"));

        assertThat(site.get("/me", cookie).body()).isEqualTo("alice");
        assertThat(site.get("/view", cookie).body()).isEqualTo("alice");
        assertThat(site.get("/logout", cookie).headers().allValues("Set-Cookie"))
                .hasSize(1);
        assertThat(completeAtOnce).containsExactly(true, true);
    }

    @Test
    void a_worker_reads_and_writes_the_list_of_revoked_sessions() {
        mount(SealedSessions.create(
                c -> c.seal(Jwe.secret(TestServer.SECRET)).revocations(Revocations.in(site.store))));
        routesOfSealedSessions();

        String cookie = TestServer.cookie(site.get("/login"));
        assertThat(site.get("/me", cookie).body()).isEqualTo("alice");
        assertThat(site.get("/view", cookie).body()).isEqualTo("alice");
        assertThat(site.get("/logout", cookie).statusCode()).isEqualTo(200);

        assertThat(site.get("/me", cookie).body()).isEqualTo("null");
        assertThat(site.calls.threads()).isNotEmpty();
    }

    @Test
    void an_unavailable_list_of_revoked_sessions_gives_503() {
        mount(SealedSessions.create(
                c -> c.seal(Jwe.secret(TestServer.SECRET)).revocations(Revocations.in(site.store))));
        routesOfSealedSessions();
        String cookie = TestServer.cookie(site.get("/login"));
        site.store.failAll();
        mount(SealedSessions.create(
                c -> c.seal(Jwe.secret(TestServer.SECRET)).revocations(Revocations.in(site.store))));

        assertThat(site.get("/me", cookie).statusCode()).isEqualTo(503);
    }

    @Test
    void a_client_with_a_token_that_does_not_count_signs_in_and_refreshes_on_an_event_loop() {
        TestTokens format = new TestTokens();
        TokenSessions tokens = TokenSessions.create(c ->
                c.secret(TestServer.SECRET).access(format).store(site.store).revocations(revocations()));
        mount(tokens);
        site.router.get("/login").handler(ctx -> {
            Future<String> issued = Sojourn.onWorker(ctx, session -> {
                session.login("alice");
                return tokens.issueInCookie(session).accessToken();
            });
            completeAtOnce.add(issued.isComplete());
            issued.onSuccess(ctx::end).onFailure(ctx::fail);
        });
        site.router
                .get("/refresh")
                .handler(ctx -> Sojourn.onWorker(
                                ctx,
                                session -> tokens.refreshFromCookie(session).accessToken())
                        .onSuccess(ctx::end)
                        .onFailure(ctx::fail));
        site.router
                .get("/me")
                .handler(ctx -> Sojourn.onWorker(ctx, session -> String.valueOf(session.subject()))
                        .onSuccess(ctx::end)
                        .onFailure(ctx::fail));

        HttpResponse<String> login = getAs("/login", "forged", "unrelated=1");
        assertThat(login.statusCode()).isEqualTo(200);
        assertThat(getAs("/me", login.body(), "unrelated=1").body()).isEqualTo("alice");
        String cookie = login.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
        HttpResponse<String> refresh = getAs("/refresh", "forged", cookie);
        assertThat(getAs("/me", refresh.body(), "unrelated=1").body()).isEqualTo("alice");
        assertThat(getAs("/me", "forged", "unrelated=1").statusCode()).isEqualTo(401);
        assertThat(completeAtOnce).containsExactly(false);
    }

    private static Revocations revocations() {
        return Revocations.in(new MemoryStore());
    }

    @Test
    void a_function_on_a_worker_runs_at_once_where_the_handler_may_block() {
        site.router.get("/").blockingHandler(ctx -> {
            Future<@Nullable Integer> before = Sojourn.onWorker(ctx, session -> session.get("n", Integer.class));
            Future<@Nullable Integer> count =
                    Sojourn.onWorker(ctx, session -> session.update("n", Integer.class, n -> 1));
            completeAtOnce.add(count.isComplete());
            ctx.end(before.result() + " " + count.result());
        });

        assertThat(site.get("/").body()).isEqualTo("null 1");
        assertThat(completeAtOnce).containsExactly(true);
    }

    @Test
    void a_view_of_a_token_is_complete_at_once_and_a_refused_one_gives_401() {
        TestTokens tokens = new TestTokens();
        mount(TokenViews.create(c -> c.trust(tokens)));
        site.router.get("/").handler(ctx -> {
            completeAtOnce.add(Sojourn.view(ctx).isComplete());
            Sojourn.view(ctx)
                    .onSuccess(view -> ctx.end(String.valueOf(view.subject())))
                    .onFailure(ctx::fail);
        });

        assertThat(getAs(tokens.issue("alice", Instant.now(), Map.of())).body()).isEqualTo("alice");
        assertThat(site.get("/").body()).isEqualTo("null");
        assertThat(completeAtOnce).containsExactly(true, true);

        HttpResponse<String> refused = getAs("forged");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().allValues("WWW-Authenticate")).containsExactly("Bearer error=\"invalid_token\"");
    }

    @Test
    void a_handler_on_an_event_loop_that_used_no_session_fails_with_the_status_of_the_exception() {
        TestTokens tokens = new TestTokens();
        Router sub = Router.router(site.vertx);
        sub.get("/refresh").handler(ctx -> ctx.fail(new TokenRefusedException()));
        Router router = Router.router(site.vertx);
        router.get("/thrown").handler(ctx -> {
            throw new TokenRefusedException();
        });
        router.route("/sub/*").subRouter(sub);
        router.get("/rerouted").handler(ctx -> ctx.reroute("/sub/refresh"));
        router.get("/own")
                .handler(ctx -> ctx.fail(new TokenRefusedException()))
                .failureHandler(ctx -> ctx.response().setStatusCode(418).end());
        router.get("/other").handler(ctx -> ctx.fail(new IllegalStateException("a test wanted this")));
        router.get("/found").handler(ctx -> ctx.end("found"));
        site.serve(SojournHandler.create(TokenViews.create(c -> c.trust(tokens)), router));

        for (String path : List.of("/thrown", "/sub/refresh", "/rerouted")) {
            HttpResponse<String> refused = site.get(path);
            assertThat(refused.statusCode()).as(path).isEqualTo(401);
            assertThat(refused.headers().allValues("WWW-Authenticate"))
                    .containsExactly("Bearer error=\"invalid_token\"");
        }
        assertThat(site.get("/own").statusCode()).isEqualTo(418);
        assertThat(site.get("/other").statusCode()).isEqualTo(500);
        assertThat(site.get("/found").body()).isEqualTo("found");
        assertThat(site.get("/unknown").statusCode()).isEqualTo(404);
        assertThat(site.send(site.request("/found")
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build())
                        .statusCode())
                .isEqualTo(405);
    }

    @Test
    void a_router_that_serves_two_handlers_or_none_works_as_before() {
        TestTokens tokens = new TestTokens();
        Router router = Router.router(site.vertx);
        router.get("/").handler(ctx -> ctx.fail(new TokenRefusedException()));
        SojournHandler first = SojournHandler.create(TokenViews.create(c -> c.trust(tokens)), router);
        SojournHandler second = SojournHandler.create(TokenViews.create(c -> c.trust(tokens)), router);

        site.serve(first);
        assertThat(site.get("/").statusCode()).isEqualTo(401);
        site.serve(second);
        assertThat(site.get("/").statusCode()).isEqualTo(401);
        site.serve(router);
        assertThat(site.get("/").statusCode()).isEqualTo(500);
    }

    private HttpResponse<String> getAs(String path, String token, String cookie) {
        return site.send(site.request(path)
                .header("Authorization", "Bearer " + token)
                .header("Cookie", cookie)
                .build());
    }

    private HttpResponse<String> getAs(String token) {
        return site.send(
                site.request("/").header("Authorization", "Bearer " + token).build());
    }

    @Test
    void the_view_of_a_session_in_a_store_is_that_session() {
        site.router
                .get("/")
                .handler(ctx -> Sojourn.view(ctx)
                        .compose(view -> Sojourn.session(ctx).map(session -> view == session))
                        .onSuccess(same -> ctx.end(String.valueOf(same)))
                        .onFailure(ctx::fail));

        assertThat(site.get("/", site.newSession()).body()).isEqualTo("true");
        assertThat(site.get("/").body()).isEqualTo("true");
    }

    @Test
    void a_kind_that_is_not_mounted_is_refused_at_once() {
        site.router.get("/").handler(ctx -> {
            assertThatIllegalStateException()
                    .isThrownBy(() -> Sojourn.sealed(ctx))
                    .withMessageContaining("Sessions");
            ctx.end("refused");
        });

        assertThat(site.get("/").body()).isEqualTo("refused");
        assertThat(site.get("/", site.newSession()).body()).isEqualTo("refused");
    }

    @Test
    void a_guarded_path_reads_the_user_on_a_worker_and_the_handler_still_gets_the_body() {
        mount(Sessions.create(c -> c.secret(TestServer.SECRET).store(site.store).requireSignIn("/members")));
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        site.router
                .get("/login")
                .respond(ctx -> Sojourn.session(ctx).map(session -> {
                    session.login("alice");
                    return "";
                }));
        site.router.post("/members").handler(ctx -> {
            handled.add("handled");
            ctx.request()
                    .body()
                    .compose(body -> Sojourn.session(ctx).map(session -> session.subject() + " sent " + body))
                    .onSuccess(ctx::end)
                    .onFailure(ctx::fail);
        });
        String cookie = TestServer.cookie(site.get("/login"));

        for (String other : List.of("unrelated=1", "__Host-id=garbage")) {
            HttpResponse<String> refused = post("/members", other);
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.body()).isEqualTo("Please sign in.\n");
        }
        assertThat(handled).isEmpty();
        assertThat(post("/members", cookie).body()).isEqualTo("alice sent " + "x".repeat(100_000));
    }

    private HttpResponse<String> post(String path, String cookie) {
        return site.send(site.request(path)
                .header("Cookie", cookie)
                .POST(HttpRequest.BodyPublishers.ofString("x".repeat(100_000)))
                .build());
    }

    @Test
    void a_form_shows_its_csrf_token_on_an_event_loop_before_its_session_is_loaded() {
        Sessions sessions =
                Sessions.create(c -> c.secret(TestServer.SECRET).csrf(k -> k.requireToken("/pay", "/forgotten")));
        Router router = Router.router(site.vertx);
        router.get("/form").handler(TestServer.withSession((ctx, session) -> {
            session.login("alice");
            ctx.end(session.csrfToken());
        }));
        router.post("/pay").handler(BodyHandler.create()).handler(ctx -> {
            Sojourn.requireCsrfToken(ctx);
            TestServer.withSession((same, session) -> same.end(String.valueOf(session.subject())))
                    .handle(ctx);
        });
        router.post("/forgotten")
                .handler(TestServer.withSession((ctx, session) -> ctx.end(String.valueOf(session.subject()))));
        site.serve(SojournHandler.create(sessions, router));
        HttpResponse<String> form = site.get("/form");
        String cookie = TestServer.cookie(form);

        assertThat(post("/pay", cookie, "_csrf=" + form.body()).body()).isEqualTo("alice");
        assertThat(post("/pay", cookie, "_csrf=" + form.body() + "&_csrf=" + form.body())
                        .statusCode())
                .isEqualTo(403);
        assertThat(post("/pay?_csrf=" + form.body(), cookie, "a=b").statusCode())
                .isEqualTo(403);
        assertThat(post("/forgotten", cookie, "_csrf=" + form.body()).statusCode())
                .isEqualTo(403);
    }

    private HttpResponse<String> post(String path, String cookie, String form) {
        return site.send(site.request(path)
                .header("Cookie", cookie)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build());
    }
}
