package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.express.Express;
import dev.sojourn.proof.site.Site;
import dev.sojourn.servlet.AttributeFormat;
import dev.sojourn.servlet.Sojourn;
import dev.sojourn.servlet.SojournFilter;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client writes JSON into an attribute, by {@code session.set}, by {@code update} or through Express, and it looks like a typed
 * value of the drop-in {@code HttpSession}: it is read as data, in no time.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class A14TypesInDataTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String SECRET = Site.SECRET;

    @TempDir
    private Path folder;

    private static String serialized(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return "{\"@java\":\"" + Base64.getEncoder().encodeToString(bytes.toByteArray()) + "\"}";
    }

    /** Hashing it takes two to the power of a hundred steps. */
    private static Set<Object> nestedSets() {
        Set<Object> root = new HashSet<>();
        Set<Object> one = root;
        Set<Object> other = new HashSet<>();
        for (int i = 0; i < 30; i++) {
            Set<Object> nextOne = new HashSet<>();
            Set<Object> nextOther = new HashSet<>();
            nextOne.add("x");
            one.add(nextOne);
            one.add(nextOther);
            other.add(nextOne);
            other.add(nextOther);
            one = nextOne;
            other = nextOther;
        }
        return root;
    }

    private static String longArrays() {
        List<Object> arrays = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            arrays.add(new ArrayList<>(List.of()));
        }
        return serialized(arrays);
    }

    private static Map<String, String> inputs() {
        Map<String, String> inputs = new LinkedHashMap<>();
        inputs.put("nested sets, serialized", serialized(nestedSets()));
        inputs.put("many lists, serialized", longArrays());
        inputs.put("nested sets, typed", "[\"HashSet\",[".repeat(60) + "]]".repeat(60));
        inputs.put("an array's length, typed", "[\"byte[]\",\"" + "A".repeat(800) + "\"]");
        inputs.put("a type name of 20 kB", "[\"int" + "[]".repeat(10_000) + "\",[]]");
        inputs.put(
                "a security context",
                "[\"spring-security\",{\"@class\":\"org.springframework.security.core.context.SecurityContextImpl\"}]");
        inputs.put("a map of Spring's", "[\"spring-map\",{\"a\":[\"flash-maps\",[]]}]");
        inputs.put("a number of another type", "[\"Long\",7]");
        inputs.put("within others", "{\"a\":[[\"Long\",7],{\"@java\":\"rO0ABQ==\"}]}");
        return inputs;
    }

    /** A web application whose clients name attributes and give their JSON. */
    private final class Application implements AutoCloseable {
        private final Tomcat tomcat = new Tomcat();
        private final HttpClient client = HttpClient.newHttpClient();
        private final String cookieName;
        private String cookie = "";

        Application(Sessions sessions, AttributeFormat format, String cookieName) throws Exception {
            this.cookieName = cookieName;
            tomcat.setBaseDir(Files.createTempDirectory(folder, "tomcat").toString());
            tomcat.setPort(0);
            tomcat.setSilent(true);
            tomcat.getConnector();
            SojournFilter filter =
                    SojournFilter.builder(sessions).attributes(format).build();
            tomcat.addContext("", null)
                    .addServletContainerInitializer(
                            (types, context) -> {
                                context.addFilter("sojourn", filter)
                                        .addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
                                context.addServlet("pages", new Pages()).addMapping("/*");
                            },
                            Set.of());
            tomcat.start();
        }

        String ask(String path, String body) throws Exception {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                            "http://localhost:" + tomcat.getConnector().getLocalPort() + path))
                    .POST(HttpRequest.BodyPublishers.ofString(body));
            if (!cookie.isEmpty()) {
                request.header("Cookie", cookieName + "=" + cookie);
            }
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            Stream<String> set = answer.headers().allValues("Set-Cookie").stream();
            set.filter(each -> each.startsWith(cookieName + "="))
                    .forEach(each -> cookie = each.substring(cookieName.length() + 1, each.indexOf(';')));
            return answer.body();
        }

        @Override
        public void close() throws LifecycleException {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    private static final class Pages extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            switch (request.getRequestURI()) {
                case "/set" -> Sojourn.session(request).set("x", JSON.readTree(body));
                case "/update" -> Sojourn.session(request).update("x", JsonNode.class, before -> JSON.readTree(body));
                case "/typed" -> response.getWriter().print(typed(request));
                case "/plain" -> request.getSession().setAttribute("x", new ArrayList<>(List.of("a", 1)));
                default ->
                    response.getWriter()
                            .print(JSON.writeValueAsString(request.getSession().getAttribute("x")));
            }
        }

        private static String typed(HttpServletRequest request) {
            try {
                request.getSession().setAttribute("x", List.of(7L));
                return "kept " + request.getSession().getAttribute("x");
            } catch (IllegalArgumentException e) {
                return "refused: " + e.getMessage();
            }
        }
    }

    private static List<AttributeFormat> formats() {
        return List.of(AttributeFormat.json(), AttributeFormat.filteredJavaSerialization("com.acme.*"));
    }

    private static void isData(Application application, String what, String json) throws Exception {
        assertThat(JSON.readTree(application.ask("/read", ""))).as(what).isEqualTo(JSON.readTree(json));
    }

    @Test
    void json_that_a_client_brings_in_by_set_and_update_is_data_whatever_it_looks_like() throws Exception {
        for (AttributeFormat format : formats()) {
            Sessions sessions = Sessions.create(c -> c.secret(SECRET));
            try (Application application = new Application(sessions, format, "__Host-id")) {
                for (String writer : List.of("/set", "/update")) {
                    for (Map.Entry<String, String> each : inputs().entrySet()) {
                        assertThat(application.ask("/typed", "")).startsWith("kept");
                        application.ask(writer, each.getValue());
                        isData(application, writer + " " + each.getKey(), each.getValue());
                    }
                }
            }
        }
    }

    @Test
    void json_that_a_client_brings_in_through_express_is_data_whatever_it_looks_like() throws Exception {
        for (AttributeFormat format : formats()) {
            SessionStore store = MemoryStore.builder().build();
            Consumer<Sessions.Config> compatible = Express.compatible(store, e -> e.secret(SECRET));
            try (Application application = new Application(Sessions.create(compatible), format, "connect.sid")) {
                application.ask("/plain", "");
                assertThat(application.ask("/read", "")).isEqualTo("[\"a\",1]");
                for (Map.Entry<String, String> each : inputs().entrySet()) {
                    asExpress(store, application.cookie, each.getValue());
                    isData(application, each.getKey(), each.getValue());
                }
            }
        }
    }

    /** {@code req.session.x = req.body}, with marks of our own beside it wherever Express's code reaches. */
    private static void asExpress(SessionStore store, String cookie, String json) {
        String signed = URLDecoder.decode(cookie, StandardCharsets.UTF_8);
        StoreKey key = StoreKey.of(signed.substring(2, signed.indexOf('.')));
        StoredSession found = store.load(key).orElseThrow();
        RecordFormat format = Express.recordFormat(store, e -> {});
        SessionRecord record = format.read(found);
        byte[] marks = "{\"x\":\"typed-json/AAAAAAAAAAAAAAAAAAAAAA\"}".getBytes(StandardCharsets.UTF_8);
        StoredSession changed = format.write(
                record.withAttributes(record.attributes()
                        .with("x", json.getBytes(StandardCharsets.UTF_8))
                        .with("types", marks)),
                found.expiresAt());
        assertThat(store.compareAndSet(key, found.version(), changed)).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void a_typed_value_has_no_place_in_expresss_records_and_is_refused() throws Exception {
        Consumer<Sessions.Config> compatible =
                Express.compatible(MemoryStore.builder().build(), e -> e.secret(SECRET));
        try (Application application =
                new Application(Sessions.create(compatible), AttributeFormat.json(), "connect.sid")) {
            assertThat(application.ask("/typed", ""))
                    .startsWith("refused: attribute 'x' of type java.util.ImmutableCollections")
                    .contains("have no place for its type");
            application.ask("/plain", "");
            assertThat(application.ask("/read", "")).isEqualTo("[\"a\",1]");
        }
    }
}
