package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.servlet.readme.CdiSessions;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.tools.CookieClient;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.SessionScoped;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.weld.environment.servlet.EnhancedListener;
import org.junit.jupiter.api.Test;

/** Checks session-scoped CDI beans, with Weld on Tomcat. */
class CdiTest {
    private final CookieClient client = new CookieClient();

    /** A bean that lives as long as its session. */
    @SessionScoped
    public static class Cart implements Serializable {
        private static final long serialVersionUID = 1L;
        static final AtomicInteger DESTROYED = new AtomicInteger();

        private int items;

        /** Adds one item and returns their number. */
        public int add() {
            return ++items;
        }

        @PreDestroy
        void countDestroyed() {
            DESTROYED.incrementAndGet();
        }
    }

    private static final class Pages extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            switch (request.getRequestURI()) {
                case "/add" ->
                    response.getWriter()
                            .print(CDI.current().select(Cart.class).get().add());
                case "/login" -> Sojourn.session(request).login("alice");
                case "/end" -> request.getSession().invalidate();
                default -> response.getWriter().print("hello");
            }
        }
    }

    private static Container.RunningContainer start(Sessions sessions) throws Exception {
        return new TomcatContainer()
                .start(List.of(new Container.MountedApp(
                        "",
                        context -> {
                            new EnhancedListener().onStartup(Set.of(), context);
                            Container.addFilter(
                                    context,
                                    "sojourn",
                                    SojournFilter.builder(sessions)
                                            .attributes(AttributeFormat.filteredJavaSerialization(
                                                    "dev.sojourn.servlet.*", "org.jboss.weld.**"))
                                            .build());
                            Container.addFilter(context, "cdi", new CdiSessions());
                            Container.addServlet(context, "pages", new Pages(), "/*");
                        },
                        null)));
    }

    private String get(Container.RunningContainer where, String path) {
        return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + where.port() + path)))
                .body();
    }

    @Test
    void beans_are_stored_in_the_session_available_on_any_node_and_destroyed_with_it() throws Exception {
        SessionStore store = MemoryStore.builder().build();
        Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET).store(store));
        try (Container.RunningContainer one = start(sessions)) {
            assertThat(get(one, "/add")).isEqualTo("1");
            assertThat(get(one, "/add")).isEqualTo("2");
            assertThat(client.cookies()).containsOnlyKeys("__Host-id");
        }
        try (Container.RunningContainer two =
                start(Sessions.create(c -> c.secret(Site.SECRET).store(store)))) {
            assertThat(get(two, "/add")).isEqualTo("3");
            get(two, "/login");
            assertThat(get(two, "/add")).isEqualTo("4");
            sessions.of("alice").endAll();
            assertThat(get(two, "/add")).isEqualTo("1");

            int before = Cart.DESTROYED.get();
            get(two, "/end");
            assertThat(Cart.DESTROYED).hasValue(before + 1);
            assertThat(get(two, "/add")).isEqualTo("1");
            assertThat(client.cookies()).containsOnlyKeys("__Host-id");
        }
    }
}
