package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.express.Express;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.proof.site.WebApplication;
import dev.sojourn.servlet.AttributeFormat;
import dev.sojourn.servlet.Sojourn;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.tools.values.HostileValues;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A client's JSON that reaches an attribute by {@code session.set}, by {@code update} or through Express, and looks like a typed
 * value of the drop-in {@code HttpSession}, is read as plain data, and quickly.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class A14TypesInDataTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String SECRET = Site.SECRET;

    @TempDir
    private Path folder;

    private static String longArrays() {
        List<Object> arrays = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            arrays.add(new ArrayList<>(List.of()));
        }
        return HostileValues.serialized(arrays);
    }

    private static Map<String, String> inputs() {
        Map<String, String> inputs = new LinkedHashMap<>();
        inputs.put("nested sets, serialized", HostileValues.serialized(HostileValues.nestedSets(30)));
        inputs.put("many lists, serialized", longArrays());
        inputs.put("nested sets, typed", "[\"HashSet\",[".repeat(60) + "]]".repeat(60));
        inputs.put("an array's length, typed", "[\"byte[]\",\"" + "A".repeat(800) + "\"]");
        inputs.put("a type name of 20 kB", "[\"int" + "[]".repeat(10_000) + "\",[]]");
        inputs.put(
                "a security context",
                "[\"spring-security\",{\"@class\":\"org.springframework.security.core.context.SecurityContextImpl\"}]");
        inputs.put("a map of Spring", "[\"spring-map\",{\"a\":[\"flash-maps\",[]]}]");
        inputs.put("a number of another type", "[\"Long\",7]");
        inputs.put("nested", "{\"a\":[[\"Long\",7],{\"@java\":\"rO0ABQ==\"}]}");
        return inputs;
    }

    private WebApplication application(Sessions sessions, AttributeFormat format, String cookieName) {
        return new WebApplication(folder, sessions, format, cookieName);
    }

    /** How a handler writes a client's JSON to an attribute. */
    private enum Writer {
        SET {
            @Override
            void write(Session session, String json) {
                session.set("x", JSON.readTree(json));
            }
        },
        UPDATE {
            @Override
            void write(Session session, String json) {
                session.update("x", JsonNode.class, before -> JSON.readTree(json));
            }
        };

        abstract void write(Session session, String json);
    }

    private static String setTyped(WebApplication application) {
        return application.request(request -> {
            try {
                request.getSession().setAttribute("x", List.of(7L));
                return "kept " + request.getSession().getAttribute("x");
            } catch (IllegalArgumentException e) {
                return "refused: " + e.getMessage();
            }
        });
    }

    private static void setPlain(WebApplication application) {
        application.request(request -> {
            request.getSession().setAttribute("x", new ArrayList<>(List.of("a", 1)));
            return "";
        });
    }

    private static String read(WebApplication application) {
        return application.request(
                request -> JSON.writeValueAsString(request.getSession().getAttribute("x")));
    }

    private static List<AttributeFormat> formats() {
        return List.of(AttributeFormat.json(), AttributeFormat.filteredJavaSerialization("com.acme.*"));
    }

    private static void assertPlainData(WebApplication application, String description, String json) {
        assertThat(JSON.readTree(read(application))).as(description).isEqualTo(JSON.readTree(json));
    }

    @Test
    void json_of_a_client_written_by_set_and_update_is_always_plain_data() {
        for (AttributeFormat format : formats()) {
            Sessions sessions = Sessions.create(c -> c.secret(SECRET));
            try (WebApplication application = application(sessions, format, "__Host-id")) {
                for (Writer writer : Writer.values()) {
                    for (Map.Entry<String, String> each : inputs().entrySet()) {
                        assertThat(setTyped(application)).startsWith("kept");
                        application.request(request -> {
                            writer.write(Sojourn.session(request), each.getValue());
                            return "";
                        });
                        assertPlainData(application, writer + " " + each.getKey(), each.getValue());
                    }
                }
            }
        }
    }

    @Test
    void json_of_a_client_written_by_express_is_always_plain_data() {
        for (AttributeFormat format : formats()) {
            SessionStore store = MemoryStore.builder().build();
            Consumer<Sessions.Config> compatible = Express.compatible(store, e -> e.secret(SECRET));
            try (WebApplication application = application(Sessions.create(compatible), format, "connect.sid")) {
                setPlain(application);
                assertThat(read(application)).isEqualTo("[\"a\",1]");
                for (Map.Entry<String, String> each : inputs().entrySet()) {
                    writeAsExpress(store, application.cookie(), each.getValue());
                    assertPlainData(application, each.getKey(), each.getValue());
                }
            }
        }
    }

    /** Writes {@code req.session.x = req.body}, with Sojourn's type marks wherever Express's code can write them. */
    private static void writeAsExpress(SessionStore store, String cookie, String json) {
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
    void json_that_replaces_a_typed_value_but_keeps_its_mark_is_always_plain_data() {
        for (AttributeFormat format : formats()) {
            SpyStore store = new SpyStore(MemoryStore.builder().build());
            Sessions sessions = Sessions.create(c -> c.secret(SECRET).store(store));
            try (WebApplication application = application(sessions, format, "__Host-id")) {
                for (Map.Entry<String, String> each : inputs().entrySet()) {
                    assertThat(setTyped(application)).isEqualTo("kept [7]");
                    replaceIgnoringMarks(store, each.getValue());
                    assertPlainData(application, each.getKey(), each.getValue());
                }
            }
        }
    }

    /** Replaces the value of {@code x} as a program unaware of marks does: the rest of the record is unchanged. */
    private static void replaceIgnoringMarks(SpyStore store, String json) {
        StoreKey key = store.keys().get(store.keys().size() - 1);
        StoredSession found = store.load(key).orElseThrow();
        ObjectNode record = (ObjectNode) JSON.readTree(found.payload());
        assertThat(record.at("/types/x").stringValue()).matches("(typed-json|java-serialization)/[\\w-]{22}");
        ((ObjectNode) record.get("attributes")).set("x", JSON.readTree(json));
        StoredSession changed = new StoredSession(
                JSON.writeValueAsBytes(record), found.version() + 1, found.expiresAt(), found.subject());
        assertThat(store.compareAndSet(key, found.version(), changed)).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void a_typed_value_is_refused_in_a_session_with_express_records() {
        Consumer<Sessions.Config> compatible =
                Express.compatible(MemoryStore.builder().build(), e -> e.secret(SECRET));
        try (WebApplication application =
                application(Sessions.create(compatible), AttributeFormat.json(), "connect.sid")) {
            assertThat(setTyped(application))
                    .startsWith("refused: attribute 'x' of type java.util.ImmutableCollections")
                    .contains("have no place for its type");
            setPlain(application);
            assertThat(read(application)).isEqualTo("[\"a\",1]");
        }
    }
}
