package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.sojourn.Key;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.Site;
import dev.sojourn.testing.TestClient;
import dev.sojourn.tools.values.ApplicationTypes;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/** A refusal names the attribute, its type, the place in the value, the reason and the fix. */
class RefusedValuesTest {
    private static final Key<List<Todo>> TODOS = Key.listOf("todos", Todo.class);

    private final TestClient client = new TestClient(Sessions.create(c -> c.secret(Site.SECRET)));

    /** An entry of a to-do list. */
    public record Todo(String text, boolean done) {}

    /** Requests class names in stored data. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    public interface ByClass {}

    /** An implementation. */
    public record OneByClass(int n) implements ByClass {}

    /** Requests class names in stored data for one of its fields. */
    public record HoldsByClass(
            @JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS)
            Object content) {}

    /** A sealed type with logical type names. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Card.class, name = "card"),
        @JsonSubTypes.Type(value = Cash.class, name = "cash")
    })
    public sealed interface Payment permits Card, Cash {}

    /** A payment by card. */
    public record Card(String number) implements Payment {}

    /** A payment in cash. */
    public record Cash() implements Payment {}

    private static Arguments refused(Object value, String... words) {
        return Arguments.of(value, List.of(words));
    }

    static Stream<Arguments> refusals() {
        Map<Object, Object> byPoint = new LinkedHashMap<>();
        byPoint.put(new ApplicationTypes.Point(1, 2), "a");
        return Stream.of(
                refused(
                        new ApplicationTypes.Cart().add("tea"),
                        "ApplicationTypes$Cart",
                        "'items'",
                        "not written",
                        "getter",
                        "transient"),
                refused(new ApplicationTypes.Cart(), "'items'"),
                refused(ApplicationTypes.HalfSeen.of("a"), "'hidden'"),
                refused(new ApplicationTypes.Hiding(), "'name'", "Animal"),
                refused(ApplicationTypes.inner(), "make the class static"),
                refused((Runnable) () -> {}, "lambda"),
                refused(new Thread(() -> {}), "java.lang.Thread", "cannot represent"),
                refused(String.class, "must not name classes"),
                refused(new java.util.BitSet(), "java.util.BitSet"),
                refused(new java.io.ByteArrayInputStream(new byte[3]), "ByteArrayInputStream"),
                refused(new IllegalStateException("x"), "IllegalStateException"),
                refused(byPoint, "[key]", "ApplicationTypes$Point", "Key.mapOf"),
                refused(List.of(new Todo("a", true)), "at [0]", "Todo", "LinkedHashMap", "Key.listOf"),
                refused(List.of(1L), "java.lang.Long", "java.lang.Integer", "Key.listOf"),
                refused(List.of(LocalDate.EPOCH), "java.time.LocalDate"),
                refused(new ApplicationTypes.Anything(new Thread()), "at .content", "java.lang.Thread"),
                refused(new ApplicationTypes.Anything(17L), "at .content", "java.lang.Long"),
                refused(ApplicationTypes.ring(), "levels deep, or contains itself"),
                refused(ApplicationTypes.chain(10_000), "levels deep"),
                refused(new OneByClass(1), "@JsonTypeInfo", "Id.NAME"),
                refused(new HoldsByClass("a"), "@JsonTypeInfo", "Id.NAME"),
                refused(Map.of("a\ud83d", 1), "surrogate"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void a_refusal_names_the_attribute_the_type_the_reason_and_the_fix(Object value, List<String> words) {
        client.request(session -> {
            session.set("before", "kept");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.set("cart", value))
                    .satisfies(
                            e -> assertThat(e.getMessage()).contains("'cart'").contains(words));
            assertThat(session.has("cart")).isFalse();
        });
        client.request(session -> assertThat(session.names()).containsExactly("before"));
    }

    @Test
    void an_infinite_object_graph_is_refused_quickly() {
        List<Object> all = new ArrayList<>(List.of("a"));
        for (int i = 0; i < 60; i++) {
            all = new ArrayList<>(List.of(all, all));
        }
        List<Object> large = all;
        client.request(session -> assertThatIllegalArgumentException()
                .isThrownBy(() -> session.set("v", large))
                .withMessageContaining("repeatedly"));
    }

    @Test
    void an_in_place_change_that_cannot_be_stored_fails_on_save_and_names_the_attribute() {
        client.request(session -> session.set("counts", new LinkedHashMap<>(Map.of("a", 1))));
        client.request(session -> {
            Map<String, Object> counts = map(session.get("counts", Map.class));
            counts.put("b", 2L);
            assertThatIllegalArgumentException()
                    .isThrownBy(session::save)
                    .withMessageContaining("'counts'")
                    .withMessageContaining("[value]")
                    .withMessageContaining("java.lang.Long");
            session.discard();
        });
        client.request(
                session -> assertThat((Object) session.get("counts", Map.class)).isEqualTo(Map.of("a", 1)));
    }

    @SuppressWarnings("unchecked") // the application knows the type of its map
    private static Map<String, Object> map(@Nullable Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value);
    }

    @Test
    void the_result_of_an_update_function_is_checked_like_a_set_value() {
        client.request(session -> {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.update(
                            "cart", ApplicationTypes.Cart.class, none -> new ApplicationTypes.Cart().add("tea")))
                    .withMessageContaining("'cart'")
                    .withMessageContaining("'items'");
            assertThat(session.update("n", Integer.class, n -> n == null ? 1 : n + 1))
                    .isEqualTo(1);
        });
        client.request(session -> assertThat(session.names()).containsExactly("n"));
    }

    @Test
    void a_list_of_records_works_with_key_list_of() {
        Key<Set<LocalDate>> days = Key.setOf("days", LocalDate.class);
        Key<Map<Integer, Todo>> numbered = Key.mapOf("numbered", Integer.class, Todo.class);
        client.request(session -> {
            session.set(TODOS, List.of(new Todo("write", true)));
            session.set(days, Set.of(LocalDate.EPOCH));
            session.set(numbered, Map.of(7, new Todo("count", false)));
        });
        client.request(session -> {
            Objects.requireNonNull(session.get(TODOS)).add(new Todo("test", false));
            Objects.requireNonNull(session.get(numbered)).merge(7, new Todo("again", true), (old, now) -> now);
        });
        client.request(session -> {
            assertThat(session.get(TODOS)).containsExactly(new Todo("write", true), new Todo("test", false));
            assertThat(session.get(days)).containsExactly(LocalDate.EPOCH);
            assertThat(session.get(numbered)).isEqualTo(Map.of(7, new Todo("again", true)));
        });
    }

    @Test
    void a_sealed_type_with_logical_type_names_is_returned() {
        Key<List<Payment>> payments = Key.listOf("payments", Payment.class);
        client.request(session -> session.set(payments, List.of(new Card("1"), new Cash())));
        client.request(session -> assertThat(session.get(payments)).isEqualTo(List.of(new Card("1"), new Cash())));
    }

    @Test
    void a_mapper_with_default_typing_is_refused_at_start_up() {
        JsonMapper typing = JsonMapper.builder()
                .activateDefaultTyping(
                        BasicPolymorphicTypeValidator.builder()
                                .allowIfBaseType(Object.class)
                                .build(),
                        DefaultTyping.NON_FINAL)
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.create(c -> c.secret(Site.SECRET).jsonMapper(typing)))
                .withMessageContaining("default typing")
                .withMessageContaining("Id.NAME");
    }

    @Test
    void stored_data_that_names_classes_is_not_read() {
        client.request(session -> session.set("v", Map.of("@class", OneByClass.class.getName(), "n", 1)));
        client.request(session -> assertThatIllegalArgumentException()
                .isThrownBy(() -> session.get("v", ByClass.class))
                .withMessageContaining("Id.NAME"));
    }

    /** A record whose constructor recurses infinitely for a negative number. */
    public record Endless(int n) {
        /** Recurses infinitely for a negative number. */
        public Endless {
            if (n < 0) {
                recurse(n);
            }
        }

        @SuppressWarnings("InfiniteRecursion") // the test needs it
        private static int recurse(int n) {
            return recurse(n) + 1;
        }
    }

    @Test
    void a_value_that_overflows_the_stack_when_read_is_unreadable() {
        client.request(session -> session.set("v", Map.of("n", -1)));
        client.request(session -> assertThat(session.get("v", Endless.class)).isNull());
        client.request(
                session -> assertThat((Object) session.get("v", Map.class)).isEqualTo(Map.of("n", -1)));
    }
}
