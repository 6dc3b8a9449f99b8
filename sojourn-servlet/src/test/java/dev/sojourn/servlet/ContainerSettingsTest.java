package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.SettableClock;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks that the session settings of web.xml take effect or cause one warning. */
class ContainerSettingsTest {
    @RegisterExtension
    private final LogCapture logged = new LogCapture();

    private final SettableClock clock = new SettableClock();
    private final FaultyStore store =
            new FaultyStore(MemoryStore.builder().clock(clock).build());

    /** Prints the session's inactive interval in seconds; /none starts no session; /own sets an interval for the session. */
    private static final class Pages extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            HttpSession session = request.getSession(!request.getRequestURI().equals("/none"));
            if (session != null && request.getRequestURI().equals("/own")) {
                session.setMaxInactiveInterval(60);
            }
            if (session != null && request.getParameter("user") != null) {
                session.setAttribute("user", request.getParameter("user"));
            }
            response.getWriter().print(session == null ? "no session" : session.getMaxInactiveInterval());
        }
    }

    private Container.RunningContainer start(Consumer<Sessions.Config> options, Consumer<ServletContext> webXml)
            throws Exception {
        return start(options, webXml, filter -> {});
    }

    private Container.RunningContainer start(
            Consumer<Sessions.Config> options,
            Consumer<ServletContext> webXml,
            Consumer<FilterRegistration.Dynamic> registration)
            throws Exception {
        Sessions sessions = Sessions.create(c -> {
            c.secret(Site.SECRET).store(store).clock(clock);
            options.accept(c);
        });
        return Container.configured()
                .start(
                        context -> {
                            if (Container.hasContainerSessions()) {
                                webXml.accept(context);
                            }
                            FilterRegistration.Dynamic filter = context.addFilter(
                                    "sojourn",
                                    SojournFilter.builder(sessions)
                                            .subjectOf(session -> (String) session.getAttribute("user"))
                                            .build());
                            filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
                            registration.accept(filter);
                            Container.addServlet(context, "pages", new Pages(), "/*");
                        },
                        null);
    }

    private static String expectedInterval(String seconds) {
        return Container.hasContainerSessions() ? seconds : "1800";
    }

    @Test
    void the_session_timeout_of_web_xml_applies_without_an_additional_store_call() throws Exception {
        try (Container.RunningContainer running = start(c -> {}, context -> context.setSessionTimeout(20))) {
            Browser browser = new Browser(running.port());
            assertThat(browser.get("/").text()).isEqualTo(expectedInterval("1200"));
            assertThat(store.calls()).containsExactly(Call.CREATE);
            store.reset();
            assertThat(browser.get("/").text()).isEqualTo(expectedInterval("1200"));
            assertThat(store.calls()).containsExactly(Call.LOAD);

            clock.advance(Duration.ofMinutes(19));
            assertThat(browser.get("/none").text()).isEqualTo(expectedInterval("1200"));
            clock.advance(Duration.ofMinutes(21));
            assertThat(browser.get("/none").text()).isEqualTo(Container.hasContainerSessions() ? "no session" : "1800");
        }
        assertThat(logged.messages()).isEmpty();
    }

    @Test
    void a_timeout_longer_than_the_default_also_applies() throws Exception {
        try (Container.RunningContainer running = start(c -> {}, context -> context.setSessionTimeout(120))) {
            Browser browser = new Browser(running.port());
            browser.get("/");
            clock.advance(Duration.ofMinutes(119));
            assertThat(browser.get("/none").text()).isEqualTo(Container.hasContainerSessions() ? "7200" : "no session");
        }
    }

    @Test
    void the_timeout_also_applies_after_a_change_of_user() throws Exception {
        try (Container.RunningContainer running = start(c -> {}, context -> context.setSessionTimeout(20))) {
            Browser browser = new Browser(running.port());
            browser.get("/?user=alice");
            browser.get("/?user=bob");
            assertThat(browser.get("/none").text()).isEqualTo(expectedInterval("1200"));
        }
    }

    @Test
    void the_choice_of_the_application_takes_precedence() throws Exception {
        try (Container.RunningContainer running =
                start(c -> c.idleTimeout(Duration.ofMinutes(5)), context -> context.setSessionTimeout(20))) {
            assertThat(new Browser(running.port()).get("/").text()).isEqualTo("300");
        }
        try (Container.RunningContainer running = start(c -> {}, context -> context.setSessionTimeout(20))) {
            Browser browser = new Browser(running.port());
            browser.get("/own");
            assertThat(browser.get("/").text()).isEqualTo("60");
        }
    }

    @Test
    void an_infinite_session_timeout_is_logged_with_the_corresponding_option() throws Exception {
        try (Container.RunningContainer running = start(c -> {}, context -> context.setSessionTimeout(-1))) {
            assertThat(new Browser(running.port()).get("/").text()).isEqualTo("1800");
        }
        assertThat(logged.messages())
                .hasSize(Container.hasContainerSessions() ? 1 : 0)
                .allSatisfy(each -> assertThat(each).contains("session-timeout", "30 minutes", "c.idleTimeout("));
        logged.clear();
        try (Container.RunningContainer running =
                start(c -> c.idleTimeout(Duration.ofMinutes(5)), context -> context.setSessionTimeout(-1))) {
            assertThat(new Browser(running.port()).get("/").text()).isEqualTo("300");
        }
        assertThat(logged.messages()).isEmpty();
    }

    private static void setCookieConfig(ServletContext context) {
        context.getSessionCookieConfig().setName("shop");
        context.getSessionCookieConfig().setPath("/shop");
        context.getSessionCookieConfig().setDomain("example.org");
        context.getSessionCookieConfig().setMaxAge(3600);
    }

    @Test
    void a_cookie_config_is_logged_once_with_the_corresponding_options() throws Exception {
        try (Container.RunningContainer running = start(c -> {}, ContainerSettingsTest::setCookieConfig)) {
            Browser browser = new Browser(running.port());
            browser.get("/");
            assertThat(browser.get("/").status()).isEqualTo(200);
        }
        assertThat(logged.messages())
                .hasSize(Container.hasContainerSessions() ? 1 : 0)
                .allSatisfy(each -> assertThat(each)
                        .contains(
                                "(name, path, domain, max-age)",
                                "c.cookie(k -> k.name(\"shop\").path(\"/shop\").domain(\"example.org\")"
                                        + ".lifetime(CookieLifetime.of(Duration.ofSeconds(3600))))"));
    }

    @Test
    void a_cookie_config_that_matches_the_options_is_not_logged() throws Exception {
        try (Container.RunningContainer running = start(
                c -> {},
                ContainerSettingsTest::setCookieConfig,
                filter -> filter.setInitParameter("dev.sojourn.cookie-config-is-honoured", "true"))) {
            assertThat(new Browser(running.port()).get("/").status()).isEqualTo(200);
        }
        assertThat(logged.messages()).isEmpty();
    }
}
