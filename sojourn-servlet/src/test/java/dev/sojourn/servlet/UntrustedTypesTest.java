package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.Session;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.tools.values.HostileValues;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Checks that JSON which a client can place in an attribute is data for the drop-in session, never a typed value. */
class UntrustedTypesTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static Site json;
    private static Site serializing;
    private static Site trusting;
    private static Site trustingJava;

    private Browser browser;

    /** A class that an attacker would want to be instantiated. */
    static final class Coupon implements Serializable {
        @Serial
        private static final long serialVersionUID = 1L;

        static final AtomicInteger MADE = new AtomicInteger();

        private int percent;

        private Coupon() {
            MADE.incrementAndGet();
        }

        static Coupon of(int percent) {
            Coupon coupon = new Coupon();
            coupon.percent = percent;
            return coupon;
        }

        @Serial
        private void readObject(java.io.ObjectInputStream in) throws IOException, ClassNotFoundException {
            MADE.incrementAndGet();
            in.defaultReadObject();
        }
    }

    private static final String COUPON = "[\"UntrustedTypesTest$Coupon\",{\"percent\":100}]";

    // ---- what an attacker sends

    private static Map<String, String> hostileInputs() {
        Map<String, String> inputs = new LinkedHashMap<>();
        inputs.put("a type of the application", COUPON);
        inputs.put("a serialized type of the application", HostileValues.serialized(Coupon.of(100)));
        inputs.put("nested sets", HostileValues.serialized(HostileValues.nestedSets(20)));
        inputs.put("a JDK type", "[\"Long\",7]");
        inputs.put("a long type name", "[\"int" + "[]".repeat(10_000) + "\",[]]");
        inputs.put("a user", "[\"spring-security\",{\"@class\":\"java.lang.Object\"}]");
        inputs.put("types within a list", "[1,[" + COUPON + "]]");
        inputs.put("types within a map", "{\"a\":" + COUPON + ",\"b\":{\"c\":" + COUPON + "}}");
        inputs.put("deep lists", "[".repeat(450) + "]".repeat(450));
        inputs.put("a long number", "[" + "9".repeat(999) + "]");
        inputs.put("a member of the record", "{\"types\":{\"x\":\"typed-json\"},\"attributes\":{}}");
        return inputs;
    }

    // ---- set-up

    private static Site site(java.util.function.Consumer<SojournFilter.Builder> options) throws Exception {
        return new Site("/error", new dev.sojourn.SessionListener() {}, options, new Site.Surroundings() {});
    }

    @BeforeAll
    static void start() throws Exception {
        json = site(options -> options.attributes(AttributeFormat.json(Coupon.class)));
        serializing =
                site(options -> options.attributes(AttributeFormat.filteredJavaSerialization(Coupon.class.getName())));
        trusting = site(options ->
                options.attributes(AttributeFormat.json(Coupon.class)).trustTypesInData());
        trustingJava =
                site(options -> options.attributes(AttributeFormat.filteredJavaSerialization(Coupon.class.getName()))
                        .trustTypesInData());
    }

    @AfterAll
    static void stop() {
        List.of(json, serializing, trusting, trustingJava).forEach(Site::close);
    }

    @BeforeEach
    void reset() {
        browser = json.browser();
        Coupon.MADE.set(0);
    }

    @AfterEach
    void throwPageProblems() {
        List.of(json, serializing, trusting, trustingJava).forEach(Site::throwProblem);
    }

    @FunctionalInterface
    private interface Work {
        Object of(HttpServletRequest request) throws IOException;
    }

    private static String inRequest(Site where, Browser browser, Work work) {
        Browser.Response received =
                where.show(browser, (request, response) -> response.getWriter().print(work.of(request)));
        where.throwProblem();
        assertThat(received.status()).isEqualTo(200);
        return received.text();
    }

    private static void assertIsData(Site site, Browser browser, String what, String text) {
        Object expected = JSON.readValue(text, Object.class);
        inRequest(site, browser, request -> {
            Object found = request.getSession().getAttribute("x");
            assertThat(found).as(what).isEqualTo(expected);
            assertThat(found.getClass().getName()).startsWith("java.util.");
            return "";
        });
        assertThat(Coupon.MADE).as(what).hasValue(0);
    }

    // ---- writers that do not use types

    @Test
    void json_set_through_the_native_session_is_data() {
        for (Site site : List.of(json, serializing)) {
            hostileInputs().forEach((what, text) -> {
                Browser client = site.browser();
                Coupon.MADE.set(0);
                inRequest(site, client, request -> {
                    Sojourn.session(request).set("x", JSON.readTree(text));
                    return "";
                });
                assertIsData(site, client, what, text);
            });
        }
    }

    @Test
    void json_from_an_update_is_data() {
        for (Site site : List.of(json, serializing)) {
            hostileInputs().forEach((what, text) -> {
                Browser client = site.browser();
                Coupon.MADE.set(0);
                inRequest(site, client, request -> {
                    Sojourn.session(request).update("x", JsonNode.class, before -> JSON.readTree(text));
                    return "";
                });
                assertIsData(site, client, what, text);
            });
        }
    }

    @Test
    void json_that_replaces_a_typed_value_is_data() {
        Map<String, Work> writers = new LinkedHashMap<>();
        writers.put("set", request -> {
            Sojourn.session(request).set("x", JSON.readTree(COUPON));
            return "";
        });
        writers.put("update", request -> {
            Sojourn.session(request).update("x", JsonNode.class, before -> JSON.readTree(COUPON));
            return "";
        });
        writers.put("removed, then set", request -> {
            Session session = Sojourn.session(request);
            session.remove("x");
            session.save();
            session.set("x", JSON.readTree(COUPON));
            return "";
        });
        writers.put("cleared, then set", request -> {
            Session session = Sojourn.session(request);
            session.clear();
            session.save();
            session.set("x", JSON.readTree(COUPON));
            return "";
        });
        writers.put("changed within", request -> {
            @SuppressWarnings("unchecked")
            List<Object> parts = Objects.requireNonNull(Sojourn.session(request).get("x", List.class));
            parts.set(1, Map.of("percent", 100));
            return "";
        });
        writers.forEach((how, writer) -> {
            Browser client = json.browser();
            inRequest(json, client, request -> {
                request.getSession().setAttribute("x", Coupon.of(10));
                return "";
            });
            assertThat(inRequest(
                            json,
                            client,
                            request -> ((Coupon) request.getSession().getAttribute("x")).percent))
                    .as(how)
                    .isEqualTo("10");
            inRequest(json, client, writer);
            Coupon.MADE.set(0);
            assertIsData(json, client, how, COUPON);
        });
    }

    /** Plain JSON with the same bytes as a typed value is data, because it was set as such. */
    @Test
    void the_json_of_a_typed_value_set_through_the_native_session_is_data() {
        inRequest(json, browser, request -> {
            request.getSession().setAttribute("x", Coupon.of(100));
            return "";
        });
        inRequest(json, browser, request -> {
            Sojourn.session(request).set("x", JSON.readTree(COUPON));
            return "";
        });
        Coupon.MADE.set(0);
        assertIsData(json, browser, "the same JSON", COUPON);
    }

    /** The other program keeps unknown members, as the specification of the record format requires. */
    @Test
    void a_value_that_another_program_replaces_without_the_mark_is_data() {
        inRequest(json, browser, request -> {
            request.getSession().setAttribute("x", Coupon.of(10));
            request.getSession().setAttribute("y", Coupon.of(20));
            return "";
        });
        rewrite(browser, payload -> payload.replaceFirst("\"percent\":10\\b", "\"percent\":100"));
        Coupon.MADE.set(0);
        assertIsData(json, browser, "a value of another program", COUPON);
        assertThat(inRequest(
                        json, browser, request -> ((Coupon) request.getSession().getAttribute("y")).percent))
                .isEqualTo("20");
    }

    /** Returns the store key of a client's session: the hash of the id at the beginning of the token. */
    private static StoreKey storeKey(Browser client) {
        String token = String.valueOf(client.cookie());
        byte[] id = token.substring(0, token.indexOf('.')).getBytes(StandardCharsets.US_ASCII);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id);
            return StoreKey.of(Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static void rewrite(Browser client, UnaryOperator<String> change) {
        StoredSession found = json.store.load(storeKey(client)).orElseThrow();
        String changed = change.apply(new String(found.payload(), StandardCharsets.UTF_8));
        StoredSession next = new StoredSession(
                changed.getBytes(StandardCharsets.UTF_8), found.version() + 1, found.expiresAt(), found.subject());
        assertThat(json.store.compareAndSet(storeKey(client), found.version(), next))
                .isInstanceOf(Outcome.Done.class);
    }

    // ---- typed values keep their types

    @Test
    void typed_values_keep_their_types_after_a_new_id_a_login_and_a_change_of_user() {
        inRequest(json, browser, request -> {
            HttpSession session = request.getSession();
            session.setAttribute("x", Coupon.of(10));
            session.setAttribute("plain", new ArrayList<>(List.of("a", 1)));
            return "";
        });
        inRequest(json, browser, HttpServletRequest::changeSessionId);
        inRequest(json, browser, request -> {
            Sojourn.session(request).login("alice");
            return "";
        });
        inRequest(json, browser, request -> {
            HttpSession session = request.getSession();
            assertThat(session.getAttribute("x")).isInstanceOf(Coupon.class);
            assertThat(session.getAttribute("plain")).isExactlyInstanceOf(ArrayList.class);
            return "";
        });
    }

    @Test
    void the_record_lists_typed_attributes_outside_of_the_attributes() {
        inRequest(json, browser, request -> {
            request.getSession().setAttribute("name", "John");
            request.getSession().setAttribute("list", new ArrayList<>(List.of("a", 1)));
            return "";
        });
        assertThat(payload(json, browser)).doesNotContain("\"types\"");
        inRequest(json, browser, request -> {
            request.getSession().setAttribute("x", Coupon.of(10));
            return "";
        });
        assertThat(payload(json, browser)).matches(".*\"types\":\\{\"x\":\"typed-json/[\\w-]{22}\"},\"attributes\".*");
        inRequest(json, browser, request -> {
            request.getSession().removeAttribute("x");
            return "";
        });
        assertThat(payload(json, browser)).doesNotContain("\"types\"");
    }

    private static String payload(Site site, Browser client) {
        return new String(site.store.load(storeKey(client)).orElseThrow().payload(), StandardCharsets.UTF_8);
    }

    @Test
    void a_value_of_another_format_reads_as_absent_and_stays_stored() {
        SojournFilter other = SojournFilter.builder(json.sessions)
                .attributes(AttributeFormat.filteredJavaSerialization(Coupon.class.getName()))
                .build();
        inRequest(json, browser, request -> {
            request.getSession().setAttribute("x", Coupon.of(10));
            return "";
        });
        json.show(
                browser,
                (request, response) -> other.doFilter(
                        ((jakarta.servlet.ServletRequestWrapper) request).getRequest(),
                        response,
                        (innerRequest, innerResponse) -> assertThat(((HttpServletRequest) innerRequest)
                                        .getSession()
                                        .getAttribute("x"))
                                .isNull()));
        json.throwProblem();
        assertThat(inRequest(
                        json, browser, request -> ((Coupon) request.getSession().getAttribute("x")).percent))
                .isEqualTo("10");
    }

    // ---- records of versions that stored types in the data

    @Test
    void values_of_earlier_versions_are_read_if_types_in_data_are_trusted_and_get_their_mark_with_the_next_change() {
        Map<Site, String> written = Map.of(trusting, COUPON, trustingJava, HostileValues.serialized(Coupon.of(100)));
        written.forEach((site, text) -> {
            Browser client = site.browser();
            inRequest(site, client, request -> {
                Sojourn.session(request).set("x", JSON.readTree(text));
                Sojourn.session(request).set("text", "Long");
                return "";
            });
            assertThat(inRequest(
                            site,
                            client,
                            request -> ((Coupon) request.getSession().getAttribute("x")).percent
                                    + (String) request.getSession().getAttribute("text")))
                    .isEqualTo("100Long");
            inRequest(site, client, request -> {
                request.getSession().setAttribute("x", Coupon.of(5));
                return "";
            });
            assertThat(payload(site, client)).contains("\"types\":{\"x\"");
        });
    }

    @Test
    void lists_that_look_like_typed_values_stay_lists_if_types_in_data_are_trusted() {
        List<Object> values = List.of(
                new ArrayList<>(List.of("Long", 7)),
                new ArrayList<>(List.of("a", "b")),
                new LinkedHashMap<>(Collections.singletonMap("@java", "rO0ABQ==")));
        for (Site site : List.of(json, serializing, trusting, trustingJava)) {
            for (Object value : values) {
                Browser client = site.browser();
                inRequest(site, client, request -> {
                    request.getSession().setAttribute("x", value);
                    return "";
                });
                inRequest(site, client, request -> {
                    assertThat(request.getSession().getAttribute("x")).isEqualTo(value);
                    return "";
                });
            }
        }
    }

    /** A class that an attacker would want to be deserialized. */
    static final class Gadget implements Serializable {
        @Serial
        private static final long serialVersionUID = 1L;

        static final AtomicInteger RUNS = new AtomicInteger();

        @Serial
        private void readObject(java.io.ObjectInputStream in) throws IOException, ClassNotFoundException {
            RUNS.incrementAndGet();
            in.defaultReadObject();
        }
    }

    @Test
    void a_class_outside_the_patterns_runs_no_code_even_if_types_in_data_are_trusted() {
        String planted = HostileValues.serialized(new ArrayList<>(List.of(new Gadget())));
        Browser client = trustingJava.browser();
        inRequest(trustingJava, client, request -> {
            Sojourn.session(request).set("g", JSON.readTree(planted));
            return "";
        });

        assertThat(inRequest(
                        trustingJava, client, request -> request.getSession().getAttribute("g")))
                .isEqualTo("null");
        assertThat(Gadget.RUNS).hasValue(0);
    }

    @Test
    void a_format_whose_name_could_break_a_record_is_rejected() {
        AttributeFormat odd = new AttributeFormat() {
            @Override
            public JsonNode write(String name, Object value) {
                return JSON.readTree("1");
            }

            @Override
            public Object read(JsonNode stored) {
                return stored;
            }

            @Override
            public String name() {
                return "a/b";
            }
        };
        assertThatThrownBy(() -> SojournFilter.builder(json.sessions).attributes(odd))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("typed format's name");
    }
}
