package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SessionListener;
import dev.sojourn.Sessions;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Listeners that the application gave its container hear of the drop-in's sessions (Jakarta Servlet, chapter 11). */
class SessionListenersTest {
    private static final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private static final Recorder both = new Recorder("both");
    private static Site site;
    private Browser browser;

    /** Hears everything that there is to hear. */
    private static class Recorder implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {
        private final String name;

        Recorder(String name) {
            this.name = name;
        }

        private void hear(String what) {
            heard.add(name + " " + what);
        }

        @Override
        public void sessionCreated(HttpSessionEvent event) {
            hear("created");
        }

        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            hear("destroyed " + event.getSession().getAttribute("n"));
        }

        @Override
        public void attributeAdded(HttpSessionBindingEvent event) {
            hear("added " + event.getName() + "=" + event.getValue());
        }

        @Override
        public void attributeReplaced(HttpSessionBindingEvent event) {
            hear("replaced " + event.getName() + " was " + event.getValue());
        }

        @Override
        public void attributeRemoved(HttpSessionBindingEvent event) {
            hear("removed " + event.getName() + " was " + event.getValue());
        }

        @Override
        public void sessionIdChanged(HttpSessionEvent event, String former) {
            assertThat(event.getSession().getId()).isNotEqualTo(former);
            hear("id changed");
        }
    }

    /** Made by the container, as those of web.xml and annotations are. */
    public static final class ByClass extends Recorder {
        /** For the container. */
        public ByClass() {
            super("class");
        }
    }

    @BeforeAll
    static void start() throws Exception {
        Site.Frame frame = new Site.Frame() {
            @Override
            public void before(ServletContext context, Sessions sessions) {
                context.addListener(new Recorder("object"));
                context.addListener(ByClass.class);
            }
        };
        site = new Site("/error", new SessionListener() {}, options -> options.listeners(new Recorder("named")), frame);
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @BeforeEach
    void beginAnew() {
        heard.clear();
        browser = site.browser();
    }

    @AfterEach
    void nothingWentWrongInAPage() {
        site.check();
    }

    @FunctionalInterface
    private interface Work {
        Object of(HttpServletRequest request) throws IOException;
    }

    private static String in(Site where, Browser browser, Work work) {
        Browser.Response received =
                where.show(browser, (request, response) -> response.getWriter().print(work.of(request)));
        where.check();
        assertThat(received.status()).as(received.text()).isEqualTo(200);
        return received.text();
    }

    private String in(Work work) {
        return in(site, browser, work);
    }

    @Test
    void container_listeners_are_called_before_those_of_the_filter() {
        in(request -> {
            HttpSession session = request.getSession();
            session.setAttribute("n", 1);
            session.setAttribute("n", 2);
            session.removeAttribute("n");
            return "";
        });
        in(HttpServletRequest::changeSessionId);
        assertThat(heard)
                .containsExactly(
                        "object created",
                        "class created",
                        "named created",
                        "object added n=1",
                        "class added n=1",
                        "named added n=1",
                        "object replaced n was 1",
                        "class replaced n was 1",
                        "named replaced n was 1",
                        "object removed n was 2",
                        "class removed n was 2",
                        "named removed n was 2",
                        "object id changed",
                        "class id changed",
                        "named id changed");
    }

    @Test
    void container_listeners_learn_of_the_end_in_reverse_order_with_the_attributes_still_readable() {
        in(request -> {
            request.getSession().setAttribute("n", 1);
            return "";
        });
        heard.clear();
        in(request -> {
            request.getSession().invalidate();
            return "";
        });
        assertThat(heard)
                .containsExactly(
                        "named destroyed 1",
                        "class destroyed 1",
                        "object destroyed 1",
                        "object removed n was 1",
                        "class removed n was 1",
                        "named removed n was 1");
    }

    @Test
    void a_session_created_in_the_same_request_gets_another_id_and_listeners_are_notified() {
        in(request -> {
            HttpSession session = request.getSession();
            String before = session.getId();
            String after = request.changeSessionId();
            assertThat(after).isNotEqualTo(before).isEqualTo(session.getId());
            assertThat(request.changeSessionId()).isNotEqualTo(after);
            session.setAttribute("n", 1);
            return "";
        });
        assertThat(heard.stream().filter(each -> each.endsWith("id changed")))
                .containsExactly(
                        "object id changed",
                        "class id changed",
                        "named id changed",
                        "object id changed",
                        "class id changed",
                        "named id changed");
        assertThat(in(request -> request.getSession(false).getAttribute("n"))).isEqualTo("1");
    }

    @Test
    void the_last_id_of_a_new_session_is_the_one_that_is_stored() {
        String told = in(request -> {
            request.getSession();
            return request.changeSessionId();
        });
        assertThat(in(request -> request.getSession(false).getId())).isEqualTo(told);
    }

    /** Undertow does not expose its listeners: there, one that the filter has too is called twice. */
    @Test
    void a_listener_of_both_is_called_once_if_the_container_exposes_its_listeners() throws Exception {
        Site.Frame frame = new Site.Frame() {
            @Override
            public void before(ServletContext context, Sessions sessions) {
                context.addListener(both);
            }
        };
        try (Site twice = new Site("/error", new SessionListener() {}, options -> options.listeners(both), frame)) {
            in(twice, twice.browser(), request -> request.getSession().getId());
        }
        int times = Container.name().equals("undertow") ? 2 : 1;
        assertThat(heard).hasSize(times).containsOnly("both created");
    }

    @Test
    void a_filter_in_two_applications_notifies_the_listeners_of_each_about_its_own_sessions() throws Exception {
        Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET));
        SojournFilter filter = new SojournFilter(sessions);
        List<Container.Mounted> apps = List.of("/one", "/two").stream()
                .map(path -> new Container.Mounted(
                        path,
                        context -> {
                            context.addListener(new Recorder(path));
                            Container.filter(context, "sojourn", filter);
                            Container.servlet(context, "pages", new Beginning(), "/*");
                        },
                        null))
                .toList();
        try (Container.Running running = Container.ofThisRun().start(apps)) {
            Browser visitor = new Browser(running.port());
            assertThat(visitor.get("/one/x").status()).isEqualTo(200);
            assertThat(heard).containsExactly("/one created");
            assertThat(visitor.get("/two/x").status()).isEqualTo(200);
            assertThat(heard).containsExactly("/one created", "/two created");
        }
    }

    private static final class Beginning extends jakarta.servlet.http.HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, jakarta.servlet.http.HttpServletResponse response) {
            request.getSession();
        }
    }
}
