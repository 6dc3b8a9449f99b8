package dev.sojourn.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.SessionView;
import dev.sojourn.TokenViews;
import dev.sojourn.spi.TokenVerifier;
import dev.sojourn.testing.SettableClock;
import dev.sojourn.testing.TestTokens;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Checks views of access tokens on an event loop: a token is verified there only if that needs no I/O. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventLoopViewsTest {
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private final TestTokens tokens = new TestTokens();
    private final List<Boolean> verifiedOnEventLoop = new CopyOnWriteArrayList<>();
    private final List<Boolean> completeAtOnce = new CopyOnWriteArrayList<>();

    @BeforeEach
    void reset() {
        verifiedOnEventLoop.clear();
        completeAtOnce.clear();
    }

    @AfterAll
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Returns the response of a page with the subject to a request with this header line. */
    private HttpResponse<String> get(TokenVerifier verifier, String token) throws Exception {
        return get(TokenViews.create(c -> c.trust(verifier)), token);
    }

    private HttpResponse<String> get(TokenViews views, String token) throws Exception {
        Router router = Router.router(vertx);
        router.get("/").handler(ctx -> {
            Future<SessionView> view = Sojourn.view(ctx);
            completeAtOnce.add(view.isComplete());
            view.onSuccess(found -> ctx.end("hello " + found.subject())).onFailure(ctx::fail);
        });
        HttpServer server = vertx.createHttpServer()
                .requestHandler(SojournHandler.create(views, router))
                .listen(0, "localhost")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.actualPort()));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private String token() {
        return tokens.issue("alice", Instant.now(), Map.of());
    }

    @Test
    void a_token_of_the_applications_own_format_is_verified_at_once() throws Exception {
        assertThat(get(tokens, token()).body()).isEqualTo("hello alice");
        assertThat(completeAtOnce).containsExactly(true);
    }

    @Test
    void a_verifier_that_may_do_io_runs_on_a_worker() throws Exception {
        TokenVerifier remote = (token, now) -> {
            verifiedOnEventLoop.add(Context.isOnEventLoopThread());
            return tokens.verify(token, now);
        };

        assertThat(get(remote, token()).body()).isEqualTo("hello alice");
        assertThat(get(remote, "").body()).isEqualTo("hello null");

        assertThat(completeAtOnce).as("with and without a token").containsExactly(false, true);
        assertThat(verifiedOnEventLoop).containsExactly(false);
    }

    @Test
    void only_the_request_that_has_to_read_the_list_of_revocations_takes_a_worker() throws Exception {
        SettableClock clock = new SettableClock();
        Duration delay = Duration.ofMinutes(1);
        MemoryStore store = new MemoryStore();
        Revocations here = Revocations.in(store, c -> c.clock(clock).delay(delay));
        Revocations elsewhere = Revocations.in(store, c -> c.clock(clock).delay(delay));
        TokenViews views = TokenViews.create(c -> c.trust(tokens).clock(clock).revocations(here));
        String token = tokens.issue("alice", clock.instant(), Map.of());

        for (int i = 0; i < 2; i++) {
            assertThat(get(views, token).body()).isEqualTo("hello alice");
            assertThat(get(views, token).body()).isEqualTo("hello alice");
            clock.advance(delay.dividedBy(2).plusMillis(1));
        }
        elsewhere.endAll("alice");
        assertThat(get(views, token).statusCode()).isEqualTo(401);
        assertThat(get(views, token).statusCode()).isEqualTo(401);

        assertThat(completeAtOnce).containsExactly(false, true, false, true, false, true);
    }

    @Test
    void a_refused_token_fails_the_future_and_the_routing_context_with_401() throws Exception {
        TokenVerifier remote = (token, now) -> tokens.verify(token, now);
        for (TokenVerifier each : List.of(tokens, remote)) {
            HttpResponse<String> response = get(each, "forged");
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.headers().allValues("WWW-Authenticate"))
                    .containsExactly("Bearer error=\"invalid_token\"");
        }
    }
}
