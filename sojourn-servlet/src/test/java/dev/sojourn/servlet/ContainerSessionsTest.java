package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Sessions;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Beside sessions and contexts of the container's own. */
class ContainerSessionsTest {
    @RegisterExtension
    private final LogCapture logged = new LogCapture();

    private static void name(ServletContext context) {
        if (Container.hasItsOwnSessions()) {
            context.getSessionCookieConfig().setName("sid");
        }
    }

    private void start(Consumer<Sessions.Config> options, Container.App before) throws Exception {
        Sessions sessions = Sessions.create(c -> {
            c.secret(Site.SECRET);
            options.accept(c);
        });
        Container.App app = context -> {
            before.mount(context);
            Container.filter(context, "sojourn", new SojournFilter(sessions));
            Container.servlet(context, "pages", new Beginning(), "/*");
        };
        try (Container.Running running = Container.ofThisRun().start(app, null)) {
            // Undertow initialises a filter with its first request.
            assertThat(new Browser(running.port()).get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void one_cookie_name_for_both_kinds_of_sessions_is_logged_at_start_up() throws Exception {
        start(c -> c.cookie(k -> k.name("JSESSIONID")), context -> {});

        assertThat(logged.messages())
                .hasSize(Container.hasItsOwnSessions() ? 1 : 0)
                .allSatisfy(each -> assertThat(each)
                        .contains("the container's own, JSESSIONID:", "FORM authentication", "k.name(\"__Host-id\")"));
    }

    @Test
    void a_configured_container_cookie_name_is_logged_too() throws Exception {
        start(c -> c.cookie(k -> k.name("sid")), ContainerSessionsTest::name);

        assertThat(logged.messages())
                .hasSize(Container.hasItsOwnSessions() ? 1 : 0)
                .allSatisfy(each -> assertThat(each).contains("the container's own, sid:"));
    }

    @Test
    void two_names_are_not_logged() throws Exception {
        start(c -> {}, context -> {});
        start(c -> c.cookie(k -> k.name("JSESSIONID")), ContainerSessionsTest::name);

        assertThat(logged.messages()).isEmpty();
    }

    // ---- the end of both

    /** Begins a session of the container's own, as its FORM authentication does; ends the other one; prints whether the first is there. */
    private static final class SigningOut extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            HttpServletRequest containers = (HttpServletRequest) ((ServletRequestWrapper) request).getRequest();
            switch (request.getServletPath() + request.getPathInfo()) {
                case "/sign-in" -> {
                    containers.getSession();
                    request.getSession().setAttribute("n", 1);
                }
                case "/sign-out" -> request.getSession().invalidate();
                default -> response.getWriter().print(containers.getSession(false) != null);
            }
        }
    }

    @Test
    void ending_a_session_ends_the_containers_own_session_too() throws Exception {
        try (Container.Running running =
                Container.ofThisRun().startWithItsOwnSessions(List.of(app("", new SigningOut())))) {
            Browser browser = new Browser(running.port());
            assertThat(browser.get("/sign-in").setCookies()).hasSize(2);
            assertThat(browser.get("/").text()).isEqualTo("true");

            browser.get("/sign-out");

            assertThat(browser.get("/").text()).isEqualTo("false");
        }
    }

    // ---- includes of another application

    private static final class Beginning extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            request.getSession().setAttribute("n", 1);
            response.getWriter().print("included");
        }
    }

    private static final class Including extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            ServletContext other = getServletContext().getContext("/part");
            if (other == null || other.getContextPath().isEmpty()) {
                response.getWriter().print("no other context");
                return;
            }
            other.getRequestDispatcher("/x").include(request, response);
        }
    }

    private static Container.Mounted app(String path, Servlet servlet) {
        Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET));
        return new Container.Mounted(
                path,
                context -> {
                    Container.filter(context, "sojourn", new SojournFilter(sessions));
                    Container.servlet(context, "pages", servlet, "/*");
                },
                null);
    }

    /** Jetty exposes no other context by default. */
    @Test
    void a_lost_cookie_of_a_session_created_in_another_applications_include_is_logged() throws Exception {
        try (Container.Running running =
                Container.ofThisRun().start(List.of(app("", new Including()), app("/part", new Beginning())))) {
            Browser.Response received = new Browser(running.port()).get("/page");

            boolean isJetty = !Container.hasItsOwnSessions();
            assertThat(received.text()).isEqualTo(isJetty ? "no other context" : "included");
            assertThat(received.setCookies()).isEmpty();
            if (isJetty) {
                assertThat(logged.messages()).isEmpty();
            } else {
                assertThat(logged.messages())
                        .singleElement()
                        .asString()
                        .contains("did not reach the client", "within an include");
            }
        }
    }

    @Test
    void a_cookie_that_reaches_the_client_is_not_logged() throws Exception {
        try (Container.Running running = Container.ofThisRun().start(List.of(app("", new Beginning())))) {
            assertThat(new Browser(running.port()).get("/page").setCookies()).hasSize(1);
        }
        assertThat(logged.messages()).isEmpty();
    }
}
