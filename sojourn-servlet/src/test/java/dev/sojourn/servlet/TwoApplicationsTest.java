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

/** Several applications in one container, each with its own sessions (Jakarta Servlet, chapter 7.3, Session scope). */
class TwoApplicationsTest {
    private static final String SECRET = Site.SECRET;
    private static final String OTHER_SECRET = "b0yR2kWc7uXv4eQmA9sLhT6nZdPf1gJiK3";

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private Container.Running running;

    private final CookieClient client = new CookieClient();

    @AfterEach
    void stop() {
        running.close();
    }

    /** Counts visits in the drop-in session, and others through the library's own. */
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

    private static Container.Mounted app(String path, Sessions sessions) {
        return new Container.Mounted(
                path,
                context -> {
                    Container.filter(context, "sojourn", new SojournFilter(sessions));
                    Container.servlet(context, "pages", new Pages(), "/*");
                },
                null);
    }

    private static Sessions sessions(String secret, SessionStore store) {
        return Sessions.create(c -> c.secret(secret).store(store));
    }

    private static SessionStore memory() {
        return MemoryStore.builder().build();
    }

    private void start(Container.Mounted... apps) throws Exception {
        running = Container.ofThisRun().start(List.of(apps));
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

    /** Uses all applications in turns, and ends the sessions of each while the others' go on. */
    private void areApart(String... paths) {
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
    void applications_with_secrets_and_stores_of_their_own_are_apart() throws Exception {
        start(
                app("", sessions(SECRET, memory())),
                app("/shop", sessions(OTHER_SECRET, memory())),
                app("/shop/admin", sessions(OTHER_SECRET + "2", memory())));
        areApart("", "/shop", "/shop/admin");
    }

    @Test
    void applications_with_one_secret_and_one_store_are_apart() throws Exception {
        SessionStore store = memory();
        start(
                app("", sessions(SECRET, store)),
                app("/shop", sessions(SECRET, store)),
                app("/shop-2", sessions(SECRET, store)),
                app("/shop/2", sessions(SECRET, store)));
        areApart("", "/shop", "/shop-2", "/shop/2");
    }

    @Test
    void applications_with_one_store_and_two_secrets_are_apart() throws Exception {
        SessionStore store = memory();
        start(app("/one", sessions(SECRET, store)), app("/two", sessions(OTHER_SECRET, store)));
        areApart("/one", "/two");
    }

    @Test
    void one_object_for_the_sessions_of_two_applications_keeps_them_apart_too() throws Exception {
        Sessions both = sessions(SECRET, memory());
        start(app("", both), app("/shop", both));
        areApart("", "/shop");
    }

    @Test
    void each_cookie_has_the_strongest_prefix_and_names_its_application() throws Exception {
        Sessions both = sessions(SECRET, memory());
        start(app("", both), app("/shop", both), app("/a/b.c~", both));
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

    /** A client may send what it likes under any name, so a name alone keeps nothing apart. */
    @Test
    void the_token_of_one_application_is_invalid_in_another_in_any_cookie() throws Exception {
        SessionStore store = memory();
        start(app("", sessions(SECRET, store)), app("/a", sessions(SECRET, store)), app("/b", sessions(SECRET, store)));
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
    void a_cookie_with_a_name_of_its_own_has_it_everywhere_and_one_session_for_two_applications_is_a_choice()
            throws Exception {
        SessionStore store = memory();
        Sessions one = Sessions.create(c -> c.secret(SECRET).store(store).cookie(k -> k.name("__Host-all")));
        Sessions two = Sessions.create(c -> c.secret(SECRET).store(store).cookie(k -> k.name("__Host-all")));
        start(app("/one", one), app("/two", two));

        assertThat(get("/one/visit")).isEqualTo("1");
        assertThat(get("/two/visit")).isEqualTo("2");
        assertThat(client.cookies()).containsOnlyKeys("__Host-all");
    }

    @Test
    void an_application_that_moves_below_a_path_takes_its_sessions_along_by_also_accept() throws Exception {
        SessionStore store = memory();
        start(app("", sessions(SECRET, store)));
        assertThat(get("/visit")).isEqualTo("1");
        running.close();

        Sessions moved = Sessions.create(c -> c.secret(SECRET)
                .store(store)
                .alsoAccept(Transports.cookie(k -> k.name("__Host-id")), Sessions.tokenFormat(SECRET)));
        start(app("/shop", moved));
        assertThat(get("/shop/visit")).isEqualTo("2");
        assertThat(client.cookies()).containsOnlyKeys("__Host-id.shop");
        assertThat(get("/shop/visit")).isEqualTo("3");
    }

    @Test
    void an_application_that_moves_to_the_root_takes_its_sessions_along_by_also_accept() throws Exception {
        SessionStore store = memory();
        start(app("/shop", sessions(SECRET, store)));
        assertThat(get("/shop/visit")).isEqualTo("1");
        running.close();

        Sessions moved = Sessions.create(c -> c.secret(SECRET)
                .store(store)
                .alsoAccept(
                        Transports.cookie(k -> k.name("__Host-id.shop")),
                        Sessions.tokenFormat(SECRET).forApplication("/shop")));
        start(app("", moved));
        assertThat(get("/visit")).isEqualTo("2");
        assertThat(client.cookies().keySet()).isEqualTo(Set.of("__Host-id"));
    }

    @Test
    void a_cookie_without_tls_names_its_application_too() throws Exception {
        SessionStore store = memory();
        Sessions plain = Sessions.create(c -> c.secret(SECRET).store(store).cookie(k -> k.insecureHttp()));
        start(app("", plain), app("/shop", plain));
        areApart("", "/shop");
        get("/shop/visit");
        assertThat(client.cookies()).containsKey("id.shop");
    }
}
