package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUndeliverableException;
import dev.sojourn.servlet.Site.Page;
import dev.sojourn.spi.ErrorResponse;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks that an application can choose the response that replaces the handler's response when a session fails. */
class ErrorResponsesTest {
    private static final Page WRITES = (request, response) -> {
        Sojourn.session(request).set("user", "alice");
        response.getWriter().print("hello");
    };
    private static final Page THROWS = (request, response) -> {
        throw new SessionUndeliverableException("set some option");
    };

    private final Queue<Throwable> problems = new ConcurrentLinkedQueue<>();

    @RegisterExtension
    final LogCapture log = new LogCapture();

    private ErrorResponse replaceResponse(Throwable problem, ErrorResponse response) {
        problems.add(problem);
        return new ErrorResponse(418, "instead of " + response.status() + "\n", Map.of("Content-Type", "text/plain"));
    }

    private static Site site(BiFunction<Throwable, ErrorResponse, ErrorResponse> responses) throws Exception {
        return Site.configured(c -> {}, filter -> filter.errorResponses(responses));
    }

    @Test
    void the_chosen_response_replaces_the_response_if_the_session_cannot_be_saved() throws Exception {
        try (Site site = site(this::replaceResponse)) {
            site.store.failAll();
            Browser.Response received = site.show(site.browser(), WRITES);

            assertThat(received.status()).isEqualTo(418);
            assertThat(received.text()).isEqualTo("instead of 503\n");
            assertThat(received.setCookies()).isEmpty();
        }
        assertThat(problems).singleElement().isInstanceOf(SessionUnavailableException.class);
        assertThat(log.messages()).anyMatch(line -> line.startsWith("responded with 503"));
    }

    @Test
    void the_chosen_response_replaces_the_response_if_the_handler_throws_a_session_exception() throws Exception {
        try (Site site = site(this::replaceResponse)) {
            Browser.Response received = site.show(site.browser(), THROWS);

            assertThat(received.status()).isEqualTo(418);
            assertThat(received.text()).isEqualTo("instead of 500\n");
        }
        assertThat(problems).singleElement().isInstanceOf(SessionUndeliverableException.class);
    }

    @Test
    void a_request_that_succeeds_keeps_its_response() throws Exception {
        try (Site site = site(this::replaceResponse)) {
            Browser.Response received = site.show(site.browser(), WRITES);

            assertThat(received.status()).isEqualTo(200);
            assertThat(received.text()).isEqualTo("hello");
        }
        assertThat(problems).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway") // an application without null checks may return null
    void the_default_response_is_sent_if_error_responses_throws() throws Exception {
        for (BiFunction<Throwable, ErrorResponse, ErrorResponse> choice :
                List.<BiFunction<Throwable, ErrorResponse, ErrorResponse>>of(
                        (problem, response) -> {
                            throw new IllegalStateException("errorResponses failed");
                        },
                        (problem, response) -> null)) {
            log.clear();
            try (Site site = site(choice)) {
                Browser.Response received = site.show(site.browser(), THROWS);

                assertThat(received.status()).isEqualTo(500);
                assertThat(received.text()).isEqualTo("The server could not start a session.\n");
            }
            assertThat(log.messages()).contains("errorResponses failed; the default error response is sent");
        }
    }
}
