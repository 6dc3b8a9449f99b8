package dev.sojourn.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.TokenViews;
import dev.sojourn.spi.TokenVerifier;
import dev.sojourn.testing.SettableClock;
import dev.sojourn.testing.TestTokens;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.BlockingHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Checks views of access tokens on an IO thread: a token is verified there only if that needs no I/O. */
class IoThreadViewsTest {
    private final TestTokens tokens = new TestTokens();
    private final AtomicInteger calls = new AtomicInteger();
    private final List<Boolean> onIoThread = new CopyOnWriteArrayList<>();
    /** May do I/O, as far as the library knows. */
    private final TokenVerifier remote = (token, now) -> {
        calls.incrementAndGet();
        return tokens.verify(token, now);
    };

    /** Returns the response of a page with the subject. */
    private HttpResponse<String> get(TokenVerifier verifier, UnaryOperator<HttpHandler> around, Optional<String> token)
            throws Exception {
        return get(TokenViews.create(c -> c.trust(verifier)), around, token);
    }

    private HttpResponse<String> get(TokenViews views, UnaryOperator<HttpHandler> around, Optional<String> token)
            throws Exception {
        HttpHandler page = exchange -> {
            onIoThread.add(exchange.isInIoThread());
            String text;
            try {
                text = "hello " + Sojourn.view(exchange).subject();
            } catch (IllegalStateException e) {
                text = String.valueOf(e.getMessage());
            }
            exchange.getResponseSender().send(text);
        };
        try (TestServer server = new TestServer(around.apply(new SojournHandler(views, page)))) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/"));
            token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
            return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
        }
    }

    private Optional<String> token() {
        return Optional.of(tokens.issue("alice", Instant.now(), Map.of()));
    }

    @Test
    void a_token_of_the_applications_own_format_is_verified_on_an_io_thread() throws Exception {
        HttpResponse<String> response = get(tokens, page -> page, token());

        assertThat(response.body()).isEqualTo("hello alice");
        assertThat(response.headers().allValues("Vary")).containsExactly("Authorization");
    }

    @Test
    void a_verifier_that_may_do_io_is_not_called_on_an_io_thread() throws Exception {
        assertThat(get(remote, page -> page, token()).body()).contains("an IO thread must not wait");
        assertThat(calls).hasValue(0);
        assertThat(get(remote, page -> page, Optional.empty()).body()).isEqualTo("hello null");
        assertThat(get(remote, BlockingHandler::new, token()).body()).isEqualTo("hello alice");
        assertThat(calls).hasValue(1);
    }

    @Test
    void only_the_request_that_has_to_read_the_list_of_revocations_moves_to_a_worker() throws Exception {
        SettableClock clock = new SettableClock();
        Duration delay = Duration.ofMinutes(1);
        Revocations revocations =
                Revocations.in(new MemoryStore(), c -> c.clock(clock).delay(delay));
        TokenViews views = TokenViews.create(c -> c.trust(tokens).clock(clock).revocations(revocations));
        Optional<String> token = Optional.of(tokens.issue("alice", clock.instant(), Map.of()));

        assertThat(get(views, page -> page, Optional.empty()).body()).isEqualTo("hello null");
        for (int i = 0; i < 2; i++) {
            assertThat(get(views, page -> page, token).body()).isEqualTo("hello alice");
            assertThat(get(views, page -> page, token).body()).isEqualTo("hello alice");
            clock.advance(delay.dividedBy(2).plusMillis(1));
        }

        assertThat(onIoThread).containsExactly(true, false, true, false, true);
    }

    @Test
    void a_refused_token_gives_401_on_an_io_thread() throws Exception {
        HttpResponse<String> response = get(tokens, page -> page, Optional.of("forged"));

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().allValues("WWW-Authenticate")).containsExactly("Bearer error=\"invalid_token\"");
    }
}
