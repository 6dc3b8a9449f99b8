package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.Key;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionListener.UnreadableData;
import dev.sojourn.UnreadablePolicy;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

class ValuesTest {
    private static final Key<List<String>> LINES = Key.of("lines", new TypeReference<List<String>>() {});

    /** A value of an application. */
    public record Person(String name, int age) {}

    // ---- in-place changes

    @Test
    void an_in_place_change_of_a_returned_list_is_saved() {
        try (Site site = new Site()) {
            site.addPage("/begin", (session, exchange) -> {
                List<String> lines = new ArrayList<>(List.of("one"));
                session.set(LINES, lines);
                lines.add("two, after set");
                return "ok";
            });
            site.addPage("/add", (session, exchange) -> {
                Objects.requireNonNull(session.get(LINES)).add(Site.query(exchange));
                return "ok";
            });
            site.addPage("/lines", (session, exchange) -> String.valueOf(session.get(LINES)));
            String token = site.get("/begin").token();
            site.store().clearCalls();
            site.getAs(token, "/add?three");
            assertThat(site.store().calls()).containsExactly("load", "compareAndSet");
            assertThat(site.getAs(token, "/lines").body()).isEqualTo("[one, two, after set, three]");
        }
    }

    @Test
    void a_value_that_is_only_read_costs_no_write() {
        try (Site site = new Site()) {
            site.addPage("/begin", (session, exchange) -> {
                session.set("m", new TreeMap<>(Map.of("b", 2, "a", List.of(1, 2, 3))));
                return "ok";
            });
            site.addPage("/look", (session, exchange) -> String.valueOf(session.get("m", Map.class)));
            String token = site.get("/begin").token();
            site.store().clearCalls();
            assertThat(site.getAs(token, "/look").body()).isEqualTo("{a=[1, 2, 3], b=2}");
            assertThat(site.store().calls()).containsExactly("load");
        }
    }

    @Test
    void a_value_that_is_only_read_keeps_fields_unknown_to_its_type() {
        try (Site site = new Site()) {
            site.addPage("/begin", (session, exchange) -> {
                session.set("v", Map.of("name", "Ada", "age", 36, "title", "Countess"));
                return "ok";
            });
            site.addPage("/look", (session, exchange) -> String.valueOf(session.get("v", Person.class)));
            site.addPage("/all", (session, exchange) -> {
                Map<?, ?> all = Objects.requireNonNull(session.get("v", Map.class));
                return all.get("name") + ", " + all.get("age") + ", " + all.get("title");
            });
            String token = site.get("/begin").token();
            site.store().clearCalls();
            assertThat(site.getAs(token, "/look").body()).isEqualTo("Person[name=Ada, age=36]");
            assertThat(site.store().calls()).containsExactly("load");
            assertThat(site.getAs(token, "/all").body()).isEqualTo("Ada, 36, Countess");
        }
    }

    @Test
    void an_in_place_change_that_is_reverted_costs_no_write() {
        try (Site site = new Site()) {
            site.addPage("/begin", (session, exchange) -> {
                session.set(LINES, List.of("one"));
                return "ok";
            });
            site.addPage("/there-and-back", (session, exchange) -> {
                List<String> lines = Objects.requireNonNull(session.get(LINES));
                lines.add("two");
                lines.remove("two");
                return "ok";
            });
            String token = site.get("/begin").token();
            site.store().clearCalls();
            site.getAs(token, "/there-and-back");
            assertThat(site.store().calls()).containsExactly("load");
        }
    }

    // ---- strict reading

    private static Site siteStoring(Object value, UnreadablePolicy policy) {
        Site site = new Site(c -> c.whenUnreadable(policy));
        site.addPage("/begin", (session, exchange) -> {
            session.set("v", value);
            session.set("a", "neighbour");
            return "ok";
        });
        site.addPage("/int", (session, exchange) -> String.valueOf(session.get("v", Integer.class)));
        site.addPage("/text", (session, exchange) -> String.valueOf(session.get("v", String.class)));
        site.addPage("/boolean", (session, exchange) -> String.valueOf(session.get("v", Boolean.class)));
        return site;
    }

    private static void assertUnreadable(Object value, String path) {
        try (Site site = siteStoring(value, UnreadablePolicy.END_SESSION)) {
            String token = site.get("/begin").token();
            site.listener().clear();
            RawResponse response = site.getAs(token, path);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).as("%s as %s", value, path).isEqualTo("null");
            assertThat(response.header("Set-Cookie").orElseThrow()).contains("Max-Age=0");
            assertThat(((UnreadableData) site.listener()
                                    .single("unreadable")
                                    .details()
                                    .get(0))
                            .attribute())
                    .isEqualTo(Optional.of("v"));
            assertThat(site.listener().single("destroyed").details()).contains(DestroyReason.UNREADABLE);
            assertThat(site.getAs(token, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void no_value_is_coerced_to_the_requested_type() {
        assertUnreadable(1.9, "/int");
        assertUnreadable("", "/int");
        assertUnreadable("17", "/int");
        assertUnreadable(true, "/int");
        assertUnreadable(1L << 40, "/int");
        assertUnreadable(17, "/text");
        assertUnreadable(1.5, "/text");
        assertUnreadable(true, "/text");
        assertUnreadable(List.of("x"), "/text");
        assertUnreadable(Map.of("a", 1), "/text");
        assertUnreadable(1, "/boolean");
        assertUnreadable("true", "/boolean");
        assertUnreadable("", "/boolean");
    }

    private static void assertReturned(Object value, String path) {
        try (Site site = siteStoring(value, UnreadablePolicy.END_SESSION)) {
            assertThat(site.getAs(site.get("/begin").token(), path).body()).isEqualTo(String.valueOf(value));
            assertThat(site.listener().names()).doesNotContain("unreadable");
        }
    }

    @Test
    void a_value_is_returned_as_the_type_that_was_set() {
        assertReturned(17, "/int");
        assertReturned("", "/text");
        assertReturned("17", "/text");
        assertReturned(true, "/boolean");
    }

    @Test
    void ignored_unreadable_attributes_are_absent_and_stay_stored() {
        try (Site site = siteStoring("seventeen", UnreadablePolicy.IGNORE_ATTRIBUTE)) {
            String token = site.get("/begin").token();
            RawResponse response = site.getAs(token, "/int");
            assertThat(response.body()).isEqualTo("null");
            assertThat(response.cookies()).isEmpty();
            assertThat(site.listener().names()).contains("unreadable").doesNotContain("destroyed");
            assertThat(site.getAs(token, "/read").body()).isEqualTo("neighbour");
            assertThat(site.getAs(token, "/text").body()).isEqualTo("seventeen");
        }
    }

    @Test
    void a_record_is_returned_as_a_record() {
        try (Site site = new Site()) {
            site.addPage("/begin", (session, exchange) -> {
                session.set("p", new Person("Ada", 36));
                return "ok";
            });
            site.addPage("/person", (session, exchange) -> String.valueOf(session.get("p", Person.class)));
            assertThat(site.getAs(site.get("/begin").token(), "/person").body()).isEqualTo("Person[name=Ada, age=36]");
        }
    }

    @Test
    void null_is_refused_and_the_message_names_the_alternative() {
        try (Site site = new Site()) {
            site.addPage("/null", (session, exchange) -> {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> session.set("a", nullValue()))
                        .withMessageContaining("remove(\"a\")");
                return "refused";
            });
            assertThat(site.get("/null").body()).isEqualTo("refused");
        }
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // passes null as a caller without null checks does
    private static <T> T nullValue() {
        return null;
    }

    // ---- sizes

    @Test
    void a_session_above_its_size_limit_is_a_500_and_the_log_names_sizes_limit_and_largest_attributes() {
        try (Site site = new Site(c -> c.maxSessionBytes(2_000))) {
            List<String> messages = new ArrayList<>();
            site.addPage("/grow", (session, exchange) -> {
                session.set("small", "x");
                session.set("large", "y".repeat(1_200));
                session.set("larger", "z".repeat(1_300));
                try {
                    session.save();
                } catch (dev.sojourn.SessionTooLargeException e) {
                    messages.add(String.valueOf(e.getMessage()));
                    throw e;
                }
                return "ok";
            });
            String token = site.startSession("before");
            RawResponse response = site.getAs(token, "/grow");
            assertThat(response.status()).isEqualTo(500);
            assertThat(messages).hasSize(1);
            assertThat(messages.get(0))
                    .contains("2000", "larger (1302 bytes), large (1202 bytes)", "maxSessionBytes")
                    .doesNotContain("yyy");
            assertThat(site.getAs(token, "/read").body()).isEqualTo("before");
        }
    }

    @Test
    void set_refuses_a_single_attribute_above_the_size_limit() {
        try (Site site = new Site()) {
            site.addPage("/huge", (session, exchange) -> {
                try {
                    session.set("huge", "x".repeat(70_000));
                    return "accepted";
                } catch (dev.sojourn.SessionTooLargeException e) {
                    assertThat(e).hasMessageContaining("70002").hasMessageContaining("65536");
                    return "refused";
                }
            });
            assertThat(site.get("/huge").body()).isEqualTo("refused");
            assertThat(site.store().calls()).isEmpty();
        }
    }
}
