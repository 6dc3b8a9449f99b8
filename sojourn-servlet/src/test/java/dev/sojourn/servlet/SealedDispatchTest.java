package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sojourn.SealedSession;
import dev.sojourn.SealedSessions;
import dev.sojourn.jwt.Jwe;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks a filter over sealed sessions: dispatches of a request share one session, and there is no {@code HttpSession}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SealedDispatchTest {
    private static final Map<String, Site.Page> PAGES = Map.of(
            "/throws",
                    (request, response) -> {
                        Sojourn.sealed(request).set("name", "John");
                        throw new IllegalStateException("the page failed");
                    },
            "/sends-error",
                    (request, response) -> {
                        Sojourn.sealed(request).set("name", "John");
                        response.sendError(404);
                    },
            "/forwards",
                    (request, response) -> {
                        Sojourn.sealed(request).set("name", "John");
                        request.getRequestDispatcher("/name").forward(request, response);
                    },
            "/redirects",
                    (request, response) -> {
                        response.sendRedirect("/name");
                        Sojourn.sealed(request).set("name", "John");
                    },
            "/continues",
                    (request, response) -> {
                        Sojourn.sealed(request).set("name", "John");
                        AsyncContext context = request.startAsync();
                        context.dispatch("/name");
                    },
            "/name",
                    (request, response) -> {
                        SealedSession session = Sojourn.sealed(request);
                        assertThat(Sojourn.view(request)).isSameAs(session);
                        response.getWriter().print(session.get("name", String.class));
                    },
            "/drop-in",
                    (request, response) -> {
                        assertThat(request.getSession(false)).isNull();
                        assertThat(request.getRequestedSessionId()).isNull();
                        assertThat(request.isRequestedSessionIdValid()).isFalse();
                        assertThatIllegalStateException().isThrownBy(request::changeSessionId);
                        assertThatIllegalStateException()
                                .isThrownBy(request::getSession)
                                .withMessageContaining("SealedSessions")
                                .withMessageContaining("Sojourn.sealed(request)");
                        response.getWriter().print("no HttpSession");
                    });

    @RegisterExtension
    final LogCapture log = new LogCapture();

    private Container.RunningContainer running;

    @BeforeAll
    void start() throws Exception {
        SealedSessions sessions =
                SealedSessions.create(c -> c.seal(Jwe.secret(Site.SECRET)).logoutOnlyClearsTheCookie());
        running = Container.configured().start(new SojournFilter(sessions), new Pages(), "/*");
    }

    @AfterAll
    void stop() {
        running.close();
    }

    private static final class Pages extends HttpServlet {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            if (request.getDispatcherType() == DispatcherType.ERROR) {
                response.getWriter().print("sorry, " + Sojourn.sealed(request).get("name", String.class));
                return;
            }
            String path = request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
            Objects.requireNonNull(PAGES.get(path), path).show(request, response);
        }
    }

    private Browser.Response show(String path, int status, String text) {
        Browser browser = new Browser(running.port());
        Browser.Response response = browser.get(path);
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.text()).isEqualTo(text);
        assertThat(response.setCookies()).hasSize(1);
        assertThat(browser.get("/name").text()).isEqualTo("John");
        return response;
    }

    @Test
    void the_error_page_has_the_session_of_the_page_that_failed() {
        show("/throws", 500, "sorry, John");
        show("/sends-error", 404, "sorry, John");
    }

    @Test
    void a_forward_and_an_asynchronous_dispatch_have_the_same_session() {
        show("/forwards", 200, "John");
        show("/continues", 200, "John");
    }

    @Test
    void a_change_after_a_redirect_reaches_the_client() {
        show("/redirects", 302, "");
    }

    @Test
    void there_is_no_http_session_without_a_store() {
        Browser.Response response = new Browser(running.port()).get("/drop-in");

        assertThat(response.text()).isEqualTo("no HttpSession");
        assertThat(response.setCookies()).isEmpty();
    }

    @Test
    void the_filter_reports_at_start_up_that_there_is_no_http_session() throws Exception {
        SealedSessions sessions =
                SealedSessions.create(c -> c.seal(Jwe.secret(Site.SECRET)).logoutOnlyClearsTheCookie());
        try (Container.RunningContainer other =
                Container.configured().start(new SojournFilter(sessions), new Pages(), "/*")) {
            new Browser(other.port()).get("/name"); // Undertow initializes filters at the first request
        }

        assertThat(log.messages())
                .anyMatch(line ->
                        line.contains("request.getSession() has no sessions") && line.contains("SealedSessions"));
    }
}
