package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.Transports;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.tools.CookieClient;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checks several applications in one container, each with separate sessions (Jakarta Servlet, chapter 7.3, Session scope). */
class TwoApplicationsTest {
    private static final String SECRET = Site.SECRET;
    private static final String OTHER_SECRET = "b0yR2kWc7uXv4eQmA9sLhT6nZdPf1gJiK3";

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private Container.RunningContainer running;

    private final CookieClient client = new CookieClient();

    @AfterEach
    void stop() {
        running.close();
    }

    /** Counts requests in the drop-in session, and separately through the native session. */
    private static final class Pages extends HttpServlet {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            switch (String.valueOf(request.getPathInfo())) {
                case "/visit" -> {
                    Object before = request.getSession().getAttribute("visits");
                    int now = before instanceof Integer n ? n + 1 : 1;
                    request.getSession().setAttribute("visits", now);
                    response.getWriter().print(now);
                }
                case "/native" ->
                    response.getWriter()
                            .print(Sojourn.session(request)
                                    .update("visits", Integer.class, n -> n == null ? 1 : n + 1));
                case "/change" -> response.getWriter().print(request.changeSessionId() != null);
                case "/end" -> request.getSession().invalidate();
                default -> response.getWriter().print(request.getSession(false) != null);
            }
        }
    }

    private static Container.MountedApp mount(String path, Sessions sessions) {
        return new Container.MountedApp(
                path,
                context -> {
                    Container.addFilter(context, "sojourn", new SojournFilter(sessions));
                    Container.addServlet(context, "pages", new Pages(), "/*");
                },
                null);
    }

    private static Sessions sessions(String secret, SessionStore store) {
        return Sessions.create(c -> c.secret(secret).store(store));
    }

    private static SessionStore memoryStore() {
        return MemoryStore.builder().build();
    }

    private void start(Container.MountedApp... apps) throws Exception {
        running = Container.configured().start(List.of(apps));
    }

    private HttpResponse<String> send(String path) {
        HttpResponse<String> received =
                client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + running.port() + path)));
        assertThat(received.statusCode()).as(path).isEqualTo(200);
        return received;
    }

    private String get(String path) {
        return send(path).body();
    }

    /** Uses all applications in turn, and ends the session of each while those of the other applications continue. */
    private void assertIsolated(String... paths) {
        for (int visit = 1; visit <= 3; visit++) {
            for (String each : paths) {
                assertThat(get(each + "/visit")).as(each).isEqualTo(String.valueOf(visit));
            }
        }
        for (String each : paths) {
            assertThat(get(each + "/native")).as(each).isEqualTo("4");
        }
        for (String each : paths) {
            assertThat(get(each + "/change")).as(each).isEqualTo("true");
        }
        List<String> left = new ArrayList<>(List.of(paths));
        for (String each : paths) {
            assertThat(get(each + "/visit")).as(each).isEqualTo("5");
            get(each + "/end");
            left.remove(each);
            assertThat(get(each + "/is")).as(each).isEqualTo("false");
            for (String other : left) {
                assertThat(get(other + "/is")).as(other).isEqualTo("true");
            }
        }
    }

    @Test
    void applications_with_different_secrets_and_stores_are_isolated() throws Exception {
        start(
                mount("", sessions(SECRET, memoryStore())),
                mount("/shop", sessions(OTHER_SECRET, memoryStore())),
                mount("/shop/admin", sessions(OTHER_SECRET + "2", memoryStore())));
        assertIsolated("", "/shop", "/shop/admin");
    }

    @Test
    void applications_with_one_secret_and_one_store_are_isolated() throws Exception {
        SessionStore store = memoryStore();
        start(
                mount("", sessions(SECRET, store)),
                mount("/shop", sessions(SECRET, store)),
                mount("/shop-2", sessions(SECRET, store)),
                mount("/shop/2", sessions(SECRET, store)));
        assertIsolated("", "/shop", "/shop-2", "/shop/2");
    }

    @Test
    void applications_with_one_store_and_two_secrets_are_isolated() throws Exception {
        SessionStore store = memoryStore();
        start(mount("/one", sessions(SECRET, store)), mount("/two", sessions(OTHER_SECRET, store)));
        assertIsolated("/one", "/two");
    }

    @Test
    void two_applications_with_one_sessions_object_are_isolated() throws Exception {
        Sessions both = sessions(SECRET, memoryStore());
        start(mount("", both), mount("/shop", both));
        assertIsolated("", "/shop");
    }

    @Test
    void each_cookie_has_the_strongest_possible_prefix_and_a_name_per_application() throws Exception {
        Sessions both = sessions(SECRET, memoryStore());
        start(mount("", both), mount("/shop", both), mount("/a/b.c~", both));
        for (Map.Entry<String, String> each : Map.of(
                        "", "__Host-id", "/shop", "__Host-id.shop", "/a/b.c~", "__Host-id.a.b%2Ec%7E")
                .entrySet()) {
            assertThat(send(each.getKey() + "/visit").headers().allValues("Set-Cookie"))
                    .singleElement()
                    .asString()
                    .startsWith(each.getValue() + "=")
                    .contains("; Path=/; Secure; HttpOnly; SameSite=Lax");
        }
    }

    /** A client can send any token under any cookie name, so names alone do not isolate applications. */
    @Test
    void the_token_of_one_application_is_invalid_in_another_in_any_cookie() throws Exception {
        SessionStore store = memoryStore();
        start(
                mount("", sessions(SECRET, store)),
                mount("/a", sessions(SECRET, store)),
                mount("/b", sessions(SECRET, store)));
        Map<String, String> names = Map.of("", "__Host-id", "/a", "__Host-id.a", "/b", "__Host-id.b");
        for (String from : names.keySet()) {
            client.cookies().clear();
            get(from + "/visit");
            String token = client.cookies().get(names.get(from));
            assertThat(token).isNotNull();
            for (String to : names.keySet()) {
                client.cookies().clear();
                client.cookies().put(names.get(to), token);
                assertThat(get(to + "/is")).as(from + " in " + to).isEqualTo(String.valueOf(from.equals(to)));
            }
        }
    }

    @Test
    void two_applications_share_a_session_if_they_configure_the_same_cookie_name() throws Exception {
        SessionStore store = memoryStore();
        Sessions one = Sessions.create(c -> c.secret(SECRET).store(store).cookie(k -> k.name("__Host-all")));
        Sessions two = Sessions.create(c -> c.secret(SECRET).store(store).cookie(k -> k.name("__Host-all")));
        start(mount("/one", one), mount("/two", two));

        assertThat(get("/one/visit")).isEqualTo("1");
        assertThat(get("/two/visit")).isEqualTo("2");
        assertThat(client.cookies()).containsOnlyKeys("__Host-all");
    }

    @Test
    void an_application_that_moves_below_a_path_keeps_its_sessions_with_also_accept() throws Exception {
        SessionStore store = memoryStore();
        start(mount("", sessions(SECRET, store)));
        assertThat(get("/visit")).isEqualTo("1");
        running.close();

        Sessions moved = Sessions.create(c -> c.secret(SECRET)
                .store(store)
                .alsoAccept(Transports.cookie(k -> k.name("__Host-id")), Sessions.tokenFormat(SECRET)));
        start(mount("/shop", moved));
        assertThat(get("/shop/visit")).isEqualTo("2");
        assertThat(client.cookies()).containsOnlyKeys("__Host-id.shop");
        assertThat(get("/shop/visit")).isEqualTo("3");
    }

    @Test
    void an_application_that_moves_to_the_root_keeps_its_sessions_with_also_accept() throws Exception {
        SessionStore store = memoryStore();
        start(mount("/shop", sessions(SECRET, store)));
        assertThat(get("/shop/visit")).isEqualTo("1");
        running.close();

        Sessions moved = Sessions.create(c -> c.secret(SECRET)
                .store(store)
                .alsoAccept(
                        Transports.cookie(k -> k.name("__Host-id.shop")),
                        Sessions.tokenFormat(SECRET).forApplication("/shop")));
        start(mount("", moved));
        assertThat(get("/visit")).isEqualTo("2");
        assertThat(client.cookies().keySet()).isEqualTo(Set.of("__Host-id"));
    }

    @Test
    void a_cookie_without_tls_also_has_a_name_per_application() throws Exception {
        SessionStore store = memoryStore();
        Sessions plain = Sessions.create(c -> c.secret(SECRET).store(store).cookie(k -> k.insecureHttp()));
        start(mount("", plain), mount("/shop", plain));
        assertIsolated("", "/shop");
        get("/shop/visit");
        assertThat(client.cookies()).containsKey("id.shop");
    }
}
