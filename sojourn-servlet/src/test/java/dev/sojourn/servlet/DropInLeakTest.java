package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Sessions;
import dev.sojourn.Transports;
import dev.sojourn.spi.TokenTransport;
import dev.sojourn.testing.CapturedLogs;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Fault;
import dev.sojourn.testing.LeakDetector;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.io.Serial;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that the drop-in session shows no token to the store, the log, listeners, handlers and clients. */
class DropInLeakTest {
    private static final String VALUE = "a-value-to-be-found";
    private static final String COOKIE = "__Host-id=";

    /** A page that uses the drop-in session. */
    @FunctionalInterface
    private interface Page {
        void show(HttpServletRequest request, HttpServletResponse response) throws IOException;
    }

    /**
     * A transport with the headers that contain the token.
     *
     * @param responseHeader the response header that contains the token
     * @param request the part before the token in the header of the next request
     */
    private record TokenCarrier(String name, TokenTransport transport, String responseHeader, List<String> request) {
        @Override
        public String toString() {
            return name;
        }

        boolean isCookie() {
            return responseHeader.equals("Set-Cookie");
        }
    }

    static Stream<TokenCarrier> carriers() {
        return Stream.of(
                new TokenCarrier("a cookie", Transports.cookie(), "Set-Cookie", List.of("Cookie", COOKIE)),
                new TokenCarrier("a header", Transports.header("X-Session"), "X-Session", List.of("X-Session", "")),
                new TokenCarrier(
                        "a bearer token",
                        Transports.bearer(),
                        Transports.BEARER_RESPONSE_HEADER,
                        List.of("Authorization", "Bearer ")));
    }

    /** A listener that adds all that it receives to the transcript. */
    private record TranscriptListener(LeakDetector transcript)
            implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {
        private void note(HttpSessionEvent event) {
            transcript.add(
                    event + " " + event.getSession() + " " + event.getSession().getId());
        }

        @Override
        public void sessionCreated(HttpSessionEvent event) {
            note(event);
        }

        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            note(event);
        }

        @Override
        public void attributeAdded(HttpSessionBindingEvent event) {
            note(event);
        }

        @Override
        public void sessionIdChanged(HttpSessionEvent event, String before) {
            note(event);
            transcript.add(before);
        }
    }

    /** A client of a real container that runs one page per request. */
    private static final class Client implements AutoCloseable {
        private final TokenCarrier carrier;
        private final FaultyStore store = new FaultyStore();
        private final LeakDetector transcript = new LeakDetector(store);
        private final AtomicReference<Page> next = new AtomicReference<>();
        private final HttpClient http = HttpClient.newHttpClient();
        private final List<String> tokens = new ArrayList<>();
        private final Container.RunningContainer running;

        Client(TokenCarrier carrier) throws Exception {
            this.carrier = carrier;
            Sessions sessions =
                    Sessions.create(c -> c.secret(Site.SECRET).store(transcript).transport(carrier.transport()));
            SojournFilter filter = SojournFilter.builder(sessions)
                    .listeners(new TranscriptListener(transcript))
                    .subjectOf(session -> (String) session.getAttribute("user"))
                    .build();
            transcript.add(filter.toString());
            running = Container.configured().start(filter, new Pages());
        }

        private final class Pages extends HttpServlet {
            @Serial
            private static final long serialVersionUID = 1L;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
                try {
                    transcript.add(request + " " + response + " " + request.getRequestedSessionId());
                    Objects.requireNonNull(next.get()).show(request, response);
                    HttpSession session = request.getSession(false);
                    if (session != null) {
                        transcript.add(session + " " + session.getId());
                    }
                    response.getWriter().print(response.encodeURL("/next") + response.encodeRedirectURL("/next"));
                } catch (RuntimeException e) {
                    transcript.add(e);
                    throw e;
                }
            }
        }

        void request(Page page) throws Exception {
            next.set(page);
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + running.port() + "/page"));
            if (!tokens.isEmpty()) {
                request.header(carrier.request().get(0), carrier.request().get(1) + tokens.get(tokens.size() - 1));
            }
            HttpResponse<String> received = http.send(request.build(), BodyHandlers.ofString());
            transcript.add(received.body());
            received.headers().map().forEach((name, values) -> values.forEach(value -> recordHeader(name, value)));
        }

        private void recordHeader(String header, String value) {
            boolean isPlace = header.equalsIgnoreCase(carrier.responseHeader())
                    && (!carrier.isCookie() || value.startsWith(COOKIE));
            String token =
                    carrier.isCookie() ? value.replaceFirst("^" + COOKIE, "").replaceFirst(";.*", "") : value;
            if (isPlace && !token.isEmpty()) {
                tokens.add(token);
            } else {
                transcript.add(header + ": " + value);
            }
        }

        @Override
        public void close() {
            running.close();
        }
    }

    private static void runSessionLifecycle(Client client) throws Exception {
        client.request((request, response) -> request.getSession().setAttribute("name", VALUE));
        client.request((request, response) -> request.getSession().setAttribute("user", "alice"));
        client.request((request, response) -> request.changeSessionId());
        client.request((request, response) -> request.getSession().setAttribute("odd", new Object()));
        client.request((request, response) -> {
            throw new IllegalStateException("a failure of the handler");
        });
        client.request((request, response) -> {
            client.store.failNext(Call.COMPARE_AND_SET, Fault.NOT_DONE);
            request.getSession().setAttribute("name", "x");
        });
        client.request((request, response) -> response.sendError(404));
        client.store.failAll();
        client.request((request, response) -> request.getSession().setAttribute("name", "x"));
        client.store.reset();
        client.request((request, response) -> request.getSession().invalidate());
        client.request((request, response) -> request.getSession(false));
    }

    @ParameterizedTest
    @MethodSource("carriers")
    void no_token_is_in_the_store_a_log_a_response_body_or_an_event(TokenCarrier carrier) throws Exception {
        Client client = new Client(carrier);
        try (CapturedLogs logs = CapturedLogs.into(client.transcript)) {
            runSessionLifecycle(client);
            client.close();
            client.transcript.add(logs.toString());
        }

        assertThat(client.tokens).hasSizeGreaterThanOrEqualTo(3).doesNotHaveDuplicates();
        assertThat(client.transcript.findLeaks(client.tokens.toArray(String[]::new)))
                .isEmpty();
        assertThat(client.transcript.findLeaks(VALUE))
                .as("the transcript contains the value")
                .isNotEmpty();
    }
}
