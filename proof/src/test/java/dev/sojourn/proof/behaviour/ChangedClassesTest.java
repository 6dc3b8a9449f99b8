package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAlias;
import dev.sojourn.Sessions;
import dev.sojourn.UnreadablePolicy;
import dev.sojourn.proof.site.Site;
import dev.sojourn.testing.TestClient;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of "Changing a class while sessions are stored". */
class ChangedClassesTest {
    private final List<String> heard = new ArrayList<>();
    private final TestClient visitor = visitor(UnreadablePolicy.IGNORE_ATTRIBUTE);

    private TestClient visitor(UnreadablePolicy policy) {
        return new TestClient(Sessions.create(c -> c.secret(Site.SECRET)
                .whenUnreadable(policy)
                .listener(new dev.sojourn.SessionListener() {
                    @Override
                    public void onUnreadable(UnreadableData problem) {
                        heard.add(problem.problem());
                    }
                })));
    }

    enum Size {
        SMALL,
        LARGE
    }

    enum FewerSizes {
        SMALL
    }

    enum AliasedSizes {
        SMALL,
        @JsonAlias("LARGE")
        HUGE
    }

    /** As it was. */
    public record Person(String name, int age) {}

    /** With more. */
    public record Added(String name, int age, @Nullable Integer height) {}

    /** With a number that nobody has stored. */
    public record AddedPrimitive(String name, int age, int height) {}

    /** With less. */
    public record Removed(String name) {}

    /** With another name for the same. */
    public record Renamed(@Nullable String fullName, int age) {}

    /** The same, with the former name. */
    public record Aliased(@JsonAlias("name") String fullName, int age) {}

    /** Wider. */
    public record Widened(String name, long age) {}

    /** Wider still. */
    public record Decimal(String name, BigDecimal age) {}

    /** As wide as Widened was. */
    public record Retyped(String name, String age) {}

    static Stream<Arguments> changes() {
        Person ada = new Person("Ada", 36);
        return Stream.of(
                Arguments.of(ada, new Added("Ada", 36, null)),
                Arguments.of(ada, new AddedPrimitive("Ada", 36, 0)),
                Arguments.of(ada, new Removed("Ada")),
                Arguments.of(ada, new Renamed(null, 36)),
                Arguments.of(ada, new Aliased("Ada", 36)),
                Arguments.of(ada, new Widened("Ada", 36)),
                Arguments.of(ada, new Decimal("Ada", BigDecimal.valueOf(36))),
                Arguments.of(new Widened("Ada", 36), ada),
                Arguments.of(1.5f, 1.5),
                Arguments.of(Size.SMALL, FewerSizes.SMALL),
                Arguments.of(FewerSizes.SMALL, Size.SMALL),
                Arguments.of(Size.LARGE, AliasedSizes.HUGE));
    }

    @ParameterizedTest(name = "{0} is {1}")
    @MethodSource("changes")
    void a_class_may_change_so_that_what_is_stored_is_read(Object before, Object after) {
        visitor.request(session -> session.set("v", before));
        visitor.request(session ->
                assertThat((Object) session.get("v", after.getClass())).isEqualTo(after));
        assertThat(heard).isEmpty();
    }

    static Stream<Arguments> unreadable() {
        Person ada = new Person("Ada", 36);
        return Stream.of(
                Arguments.of(ada, Retyped.class, "at .age, a number that is not a java.lang.String"),
                Arguments.of(new Retyped("Ada", "36"), Person.class, "at .age, a text instead of int"),
                Arguments.of(new Widened("Ada", 1L << 40), Person.class, "at .age"),
                Arguments.of(List.of("Ada"), Person.class, "an array instead of"),
                Arguments.of(Size.LARGE, FewerSizes.class, "a text that is not a"));
    }

    @ParameterizedTest(name = "{0} as {1}")
    @MethodSource("unreadable")
    void what_cannot_be_read_is_absent_stays_stored_and_is_told(Object before, Class<?> after, String problem) {
        visitor.request(session -> {
            session.login("ada");
            session.set("v", before);
        });
        visitor.request(session -> {
            assertThat((Object) session.get("v", after)).isNull();
            assertThat(session.has("v")).isTrue();
            assertThat(session.subject()).isEqualTo("ada");
        });
        assertThat(heard).singleElement().asString().contains(problem);
        Class<?> type = before instanceof List ? List.class : before.getClass();
        visitor.request(session -> {
            assertThat((Object) session.get("v", type))
                    .as("after the deployment is taken back")
                    .isEqualTo(before);
            session.set("v", "anew");
        });
        visitor.request(session -> assertThat(session.get("v", String.class)).isEqualTo("anew"));
    }

    @Test
    void the_option_ends_the_session_instead() {
        TestClient strict = visitor(UnreadablePolicy.END_SESSION);
        strict.request(session -> {
            session.login("ada");
            session.set("v", "text");
        });
        strict.request(session -> assertThat(session.get("v", Integer.class)).isNull());
        strict.request(session -> assertThat(session.subject()).isNull());
    }

    @Test
    void a_function_of_update_makes_anew_what_cannot_be_read() {
        visitor.request(session -> session.set("v", "text"));
        visitor.request(session -> assertThat(session.update("v", Integer.class, n -> n == null ? 1 : n + 1))
                .isEqualTo(1));
    }
}
