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

/** Checks that listeners registered in the container receive the events of drop-in sessions (Jakarta Servlet, chapter 11). */
class SessionListenersTest {
    private static final Queue<String> events = new ConcurrentLinkedQueue<>();
    private static final Recorder both = new Recorder("both");
    private static Site site;
    private Browser browser;

    /** A listener that records all events. */
    private static class Recorder implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {
        private final String name;

        Recorder(String name) {
            this.name = name;
        }

        private void record(String what) {
            events.add(name + " " + what);
        }

        @Override
        public void sessionCreated(HttpSessionEvent event) {
            record("created");
        }

        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            record("destroyed " + event.getSession().getAttribute("n"));
        }

        @Override
        public void attributeAdded(HttpSessionBindingEvent event) {
            record("added " + event.getName() + "=" + event.getValue());
        }

        @Override
        public void attributeReplaced(HttpSessionBindingEvent event) {
            record("replaced " + event.getName() + " was " + event.getValue());
        }

        @Override
        public void attributeRemoved(HttpSessionBindingEvent event) {
            record("removed " + event.getName() + " was " + event.getValue());
        }

        @Override
        public void sessionIdChanged(HttpSessionEvent event, String former) {
            assertThat(event.getSession().getId()).isNotEqualTo(former);
            record("id changed");
        }
    }

    /** A listener that the container instantiates, as it does for web.xml and annotations. */
    public static final class ListenerClass extends Recorder {
        /** Called by the container. */
        public ListenerClass() {
            super("class");
        }
    }

    @BeforeAll
    static void start() throws Exception {
        Site.Surroundings frame = new Site.Surroundings() {
            @Override
            public void before(ServletContext context, Sessions sessions) {
                context.addListener(new Recorder("object"));
                context.addListener(ListenerClass.class);
            }
        };
        site = new Site("/error", new SessionListener() {}, options -> options.listeners(new Recorder("named")), frame);
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @BeforeEach
    void reset() {
        events.clear();
        browser = site.browser();
    }

    @AfterEach
    void throwPageProblems() {
        site.throwProblem();
    }

    @FunctionalInterface
    private interface Work {
        Object of(HttpServletRequest request) throws IOException;
    }

    private static String inRequest(Site where, Browser browser, Work work) {
        Browser.Response received =
                where.show(browser, (request, response) -> response.getWriter().print(work.of(request)));
        where.throwProblem();
        assertThat(received.status()).as(received.text()).isEqualTo(200);
        return received.text();
    }

    private String inRequest(Work work) {
        return inRequest(site, browser, work);
    }

    @Test
    void container_listeners_are_called_before_those_of_the_filter() {
        inRequest(request -> {
            HttpSession session = request.getSession();
            session.setAttribute("n", 1);
            session.setAttribute("n", 2);
            session.removeAttribute("n");
            return "";
        });
        inRequest(HttpServletRequest::changeSessionId);
        assertThat(events)
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
    void container_listeners_are_notified_of_the_end_in_reverse_order_while_attributes_are_readable() {
        inRequest(request -> {
            request.getSession().setAttribute("n", 1);
            return "";
        });
        events.clear();
        inRequest(request -> {
            request.getSession().invalidate();
            return "";
        });
        assertThat(events)
                .containsExactly(
                        "named destroyed 1",
                        "class destroyed 1",
                        "object destroyed 1",
                        "object removed n was 1",
                        "class removed n was 1",
                        "named removed n was 1");
    }

    @Test
    void listeners_are_notified_of_an_id_change_in_the_request_that_creates_the_session() {
        inRequest(request -> {
            HttpSession session = request.getSession();
            String before = session.getId();
            String after = request.changeSessionId();
            assertThat(after).isNotEqualTo(before).isEqualTo(session.getId());
            assertThat(request.changeSessionId()).isNotEqualTo(after);
            session.setAttribute("n", 1);
            return "";
        });
        assertThat(events.stream().filter(each -> each.endsWith("id changed")))
                .containsExactly(
                        "object id changed",
                        "class id changed",
                        "named id changed",
                        "object id changed",
                        "class id changed",
                        "named id changed");
        assertThat(inRequest(request -> request.getSession(false).getAttribute("n")))
                .isEqualTo("1");
    }

    @Test
    void a_new_session_is_stored_with_its_last_id() {
        String lastId = inRequest(request -> {
            request.getSession();
            return request.changeSessionId();
        });
        assertThat(inRequest(request -> request.getSession(false).getId())).isEqualTo(lastId);
    }

    /** Undertow does not expose its listeners: a listener that is also registered with the filter is called twice there. */
    @Test
    void a_listener_registered_twice_is_called_once_if_the_container_exposes_its_listeners() throws Exception {
        Site.Surroundings frame = new Site.Surroundings() {
            @Override
            public void before(ServletContext context, Sessions sessions) {
                context.addListener(both);
            }
        };
        try (Site twice = new Site("/error", new SessionListener() {}, options -> options.listeners(both), frame)) {
            inRequest(twice, twice.browser(), request -> request.getSession().getId());
        }
        int times = Container.name().equals("undertow") ? 2 : 1;
        assertThat(events).hasSize(times).containsOnly("both created");
    }

    @Test
    void a_filter_in_two_applications_notifies_only_the_listeners_of_the_application_of_the_session() throws Exception {
        Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET));
        SojournFilter filter = new SojournFilter(sessions);
        List<Container.MountedApp> apps = List.of("/one", "/two").stream()
                .map(path -> new Container.MountedApp(
                        path,
                        context -> {
                            context.addListener(new Recorder(path));
                            Container.addFilter(context, "sojourn", filter);
                            Container.addServlet(context, "pages", new SessionServlet(), "/*");
                        },
                        null))
                .toList();
        try (Container.RunningContainer running = Container.configured().start(apps)) {
            Browser client = new Browser(running.port());
            assertThat(client.get("/one/x").status()).isEqualTo(200);
            assertThat(events).containsExactly("/one created");
            assertThat(client.get("/two/x").status()).isEqualTo(200);
            assertThat(events).containsExactly("/one created", "/two created");
        }
    }

    private static final class SessionServlet extends jakarta.servlet.http.HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, jakarta.servlet.http.HttpServletResponse response) {
            request.getSession();
        }
    }
}
