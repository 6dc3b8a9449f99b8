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

/** Checks the filter next to container sessions and other applications. */
class ContainerSessionsTest {
    @RegisterExtension
    private final LogCapture logged = new LogCapture();

    private static void setCookieName(ServletContext context) {
        if (Container.hasContainerSessions()) {
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
            Container.addFilter(context, "sojourn", new SojournFilter(sessions));
            Container.addServlet(context, "pages", new SessionServlet(), "/*");
        };
        try (Container.RunningContainer running = Container.configured().start(app, null)) {
            // Undertow initialises a filter with its first request.
            assertThat(new Browser(running.port()).get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void one_cookie_name_for_both_kinds_of_sessions_is_logged_at_startup() throws Exception {
        start(c -> c.cookie(k -> k.name("JSESSIONID")), context -> {});

        assertThat(logged.messages())
                .hasSize(Container.hasContainerSessions() ? 1 : 0)
                .allSatisfy(each -> assertThat(each)
                        .contains(
                                "the container's session cookie, JSESSIONID:",
                                "FORM authentication",
                                "k.name(\"__Host-id\")"));
    }

    @Test
    void a_configured_container_cookie_name_is_also_logged() throws Exception {
        start(c -> c.cookie(k -> k.name("sid")), ContainerSessionsTest::setCookieName);

        assertThat(logged.messages())
                .hasSize(Container.hasContainerSessions() ? 1 : 0)
                .allSatisfy(each -> assertThat(each).contains("the container's session cookie, sid:"));
    }

    @Test
    void different_cookie_names_are_not_logged() throws Exception {
        start(c -> {}, context -> {});
        start(c -> c.cookie(k -> k.name("JSESSIONID")), ContainerSessionsTest::setCookieName);

        assertThat(logged.messages()).isEmpty();
    }

    // ---- the end of both

    /**
     * Starts a container session, as FORM authentication does, ends the drop-in session, and prints whether the former exists.
     */
    private static final class SignOutServlet extends HttpServlet {
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
    void ending_a_session_also_ends_the_session_of_the_container() throws Exception {
        try (Container.RunningContainer running =
                Container.configured().startWithContainerSessions(List.of(mount("", new SignOutServlet())))) {
            Browser browser = new Browser(running.port());
            assertThat(browser.get("/sign-in").setCookies()).hasSize(2);
            assertThat(browser.get("/").text()).isEqualTo("true");

            browser.get("/sign-out");

            assertThat(browser.get("/").text()).isEqualTo("false");
        }
    }

    // ---- includes of another application

    private static final class SessionServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            request.getSession().setAttribute("n", 1);
            response.getWriter().print("included");
        }
    }

    private static final class IncludingServlet extends HttpServlet {
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

    private static Container.MountedApp mount(String path, Servlet servlet) {
        Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET));
        return new Container.MountedApp(
                path,
                context -> {
                    Container.addFilter(context, "sojourn", new SojournFilter(sessions));
                    Container.addServlet(context, "pages", servlet, "/*");
                },
                null);
    }

    /** Jetty exposes no other context by default. */
    @Test
    void the_lost_cookie_of_a_session_created_in_an_include_of_another_application_is_logged() throws Exception {
        try (Container.RunningContainer running = Container.configured()
                .start(List.of(mount("", new IncludingServlet()), mount("/part", new SessionServlet())))) {
            Browser.Response received = new Browser(running.port()).get("/page");

            boolean isJetty = !Container.hasContainerSessions();
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
        try (Container.RunningContainer running =
                Container.configured().start(List.of(mount("", new SessionServlet())))) {
            assertThat(new Browser(running.port()).get("/page").setCookies()).hasSize(1);
        }
        assertThat(logged.messages()).isEmpty();
    }
}
