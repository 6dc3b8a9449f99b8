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

/** Tests the table of "Changing a class while sessions are stored". */
class ChangedClassesTest {
    private final List<String> reports = new ArrayList<>();
    private final TestClient client = client(UnreadablePolicy.IGNORE_ATTRIBUTE);

    private TestClient client(UnreadablePolicy policy) {
        return new TestClient(Sessions.create(c -> c.secret(Site.SECRET)
                .whenUnreadable(policy)
                .listener(new dev.sojourn.SessionListener() {
                    @Override
                    public void onUnreadable(UnreadableData problem) {
                        reports.add(problem.problem());
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

    /** The original class. */
    public record Person(String name, int age) {}

    /** With one more nullable component. */
    public record Added(String name, int age, @Nullable Integer height) {}

    /** With one more primitive component. */
    public record AddedPrimitive(String name, int age, int height) {}

    /** Without one component. */
    public record Removed(String name) {}

    /** With a renamed component. */
    public record Renamed(@Nullable String fullName, int age) {}

    /** With a renamed component and its former name as an alias. */
    public record Aliased(@JsonAlias("name") String fullName, int age) {}

    /** With a wider integer type. */
    public record Widened(String name, long age) {}

    /** With a decimal type. */
    public record Decimal(String name, BigDecimal age) {}

    /** With a text instead of a number. */
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
    void stored_values_are_readable_after_a_compatible_change(Object before, Object after) {
        client.request(session -> session.set("v", before));
        client.request(session ->
                assertThat((Object) session.get("v", after.getClass())).isEqualTo(after));
        assertThat(reports).isEmpty();
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
    void an_unreadable_value_is_absent_stays_stored_and_is_reported(Object before, Class<?> after, String problem) {
        client.request(session -> {
            session.login("ada");
            session.set("v", before);
        });
        client.request(session -> {
            assertThat((Object) session.get("v", after)).isNull();
            assertThat(session.has("v")).isTrue();
            assertThat(session.subject()).isEqualTo("ada");
        });
        assertThat(reports).singleElement().asString().contains(problem);
        Class<?> type = before instanceof List ? List.class : before.getClass();
        client.request(session -> {
            assertThat((Object) session.get("v", type))
                    .as("after the deployment is rolled back")
                    .isEqualTo(before);
            session.set("v", "anew");
        });
        client.request(session -> assertThat(session.get("v", String.class)).isEqualTo("anew"));
    }

    @Test
    void end_session_ends_a_session_with_an_unreadable_value() {
        TestClient strict = client(UnreadablePolicy.END_SESSION);
        strict.request(session -> {
            session.login("ada");
            session.set("v", "text");
        });
        strict.request(session -> assertThat(session.get("v", Integer.class)).isNull());
        strict.request(session -> assertThat(session.subject()).isNull());
    }

    @Test
    void update_replaces_an_unreadable_value() {
        client.request(session -> session.set("v", "text"));
        client.request(session -> assertThat(session.update("v", Integer.class, n -> n == null ? 1 : n + 1))
                .isEqualTo(1));
    }
}
