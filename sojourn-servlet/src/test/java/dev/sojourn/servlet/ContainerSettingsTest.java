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

/** What web.xml says of sessions holds here, or is warned about once. */
class ContainerSettingsTest {
    @RegisterExtension
    private final LogCapture logged = new LogCapture();

    private final SettableClock clock = new SettableClock();
    private final FaultyStore store =
            new FaultyStore(MemoryStore.builder().clock(clock).build());

    /** Shows the seconds that the session may idle; at /none, without beginning one; at /own, with an interval of its own. */
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

    private Container.Running start(Consumer<Sessions.Config> options, Consumer<ServletContext> webXml)
            throws Exception {
        return start(options, webXml, filter -> {});
    }

    private Container.Running start(
            Consumer<Sessions.Config> options,
            Consumer<ServletContext> webXml,
            Consumer<FilterRegistration.Dynamic> registration)
            throws Exception {
        Sessions sessions = Sessions.create(c -> {
            c.secret(Site.SECRET).store(store).clock(clock);
            options.accept(c);
        });
        return Container.ofThisRun()
                .start(
                        context -> {
                            if (Container.hasItsOwnSessions()) {
                                webXml.accept(context);
                            }
                            FilterRegistration.Dynamic filter = context.addFilter(
                                    "sojourn",
                                    SojournFilter.builder(sessions)
                                            .subjectOf(session -> (String) session.getAttribute("user"))
                                            .build());
                            filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
                            registration.accept(filter);
                            Container.servlet(context, "pages", new Pages(), "/*");
                        },
                        null);
    }

    private static String expected(String seconds) {
        return Container.hasItsOwnSessions() ? seconds : "1800";
    }

    @Test
    void the_session_timeout_of_web_xml_applies_without_a_further_store_call() throws Exception {
        try (Container.Running running = start(c -> {}, context -> context.setSessionTimeout(20))) {
            Browser browser = new Browser(running.port());
            assertThat(browser.get("/").text()).isEqualTo(expected("1200"));
            assertThat(store.calls()).containsExactly(Call.CREATE);
            store.reset();
            assertThat(browser.get("/").text()).isEqualTo(expected("1200"));
            assertThat(store.calls()).containsExactly(Call.LOAD);

            clock.advance(Duration.ofMinutes(19));
            assertThat(browser.get("/none").text()).isEqualTo(expected("1200"));
            clock.advance(Duration.ofMinutes(21));
            assertThat(browser.get("/none").text()).isEqualTo(Container.hasItsOwnSessions() ? "no session" : "1800");
        }
        assertThat(logged.messages()).isEmpty();
    }

    @Test
    void a_timeout_longer_than_ours_applies_too() throws Exception {
        try (Container.Running running = start(c -> {}, context -> context.setSessionTimeout(120))) {
            Browser browser = new Browser(running.port());
            browser.get("/");
            clock.advance(Duration.ofMinutes(119));
            assertThat(browser.get("/none").text()).isEqualTo(Container.hasItsOwnSessions() ? "7200" : "no session");
        }
    }

    @Test
    void the_session_of_another_user_has_it_too() throws Exception {
        try (Container.Running running = start(c -> {}, context -> context.setSessionTimeout(20))) {
            Browser browser = new Browser(running.port());
            browser.get("/?user=alice");
            browser.get("/?user=bob");
            assertThat(browser.get("/none").text()).isEqualTo(expected("1200"));
        }
    }

    @Test
    void what_the_application_chose_wins() throws Exception {
        try (Container.Running running =
                start(c -> c.idleTimeout(Duration.ofMinutes(5)), context -> context.setSessionTimeout(20))) {
            assertThat(new Browser(running.port()).get("/").text()).isEqualTo("300");
        }
        try (Container.Running running = start(c -> {}, context -> context.setSessionTimeout(20))) {
            Browser browser = new Browser(running.port());
            browser.get("/own");
            assertThat(browser.get("/").text()).isEqualTo("60");
        }
    }

    @Test
    void a_session_timeout_of_never_is_logged_with_the_option() throws Exception {
        try (Container.Running running = start(c -> {}, context -> context.setSessionTimeout(-1))) {
            assertThat(new Browser(running.port()).get("/").text()).isEqualTo("1800");
        }
        assertThat(logged.messages())
                .hasSize(Container.hasItsOwnSessions() ? 1 : 0)
                .allSatisfy(each -> assertThat(each).contains("session-timeout", "30 minutes", "c.idleTimeout("));
        logged.clear();
        try (Container.Running running =
                start(c -> c.idleTimeout(Duration.ofMinutes(5)), context -> context.setSessionTimeout(-1))) {
            assertThat(new Browser(running.port()).get("/").text()).isEqualTo("300");
        }
        assertThat(logged.messages()).isEmpty();
    }

    private static void cookie(ServletContext context) {
        context.getSessionCookieConfig().setName("shop");
        context.getSessionCookieConfig().setPath("/shop");
        context.getSessionCookieConfig().setDomain("example.org");
        context.getSessionCookieConfig().setMaxAge(3600);
    }

    @Test
    void a_cookie_config_is_logged_once_with_the_options() throws Exception {
        try (Container.Running running = start(c -> {}, ContainerSettingsTest::cookie)) {
            Browser browser = new Browser(running.port());
            browser.get("/");
            assertThat(browser.get("/").status()).isEqualTo(200);
        }
        assertThat(logged.messages())
                .hasSize(Container.hasItsOwnSessions() ? 1 : 0)
                .allSatisfy(each -> assertThat(each)
                        .contains(
                                "(name, path, domain, max-age)",
                                "c.cookie(k -> k.name(\"shop\").path(\"/shop\").domain(\"example.org\")"
                                        + ".lifetime(CookieLifetime.of(Duration.ofSeconds(3600))))"));
    }

    @Test
    void a_cookie_config_that_is_applied_as_options_is_not_logged() throws Exception {
        try (Container.Running running = start(
                c -> {},
                ContainerSettingsTest::cookie,
                filter -> filter.setInitParameter("dev.sojourn.cookie-config-is-honoured", "true"))) {
            assertThat(new Browser(running.port()).get("/").status()).isEqualTo(200);
        }
        assertThat(logged.messages()).isEmpty();
    }
}
