package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.JsonMembers.Slice;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class JsonMembersProperties {
    private static final JsonFactory JSON = new JsonFactory();

    /** Sets a member, or removes it where there is no value. */
    private record Step(String name, @Nullable String value) {}

    @Property
    void it_behaves_as_a_map_that_keeps_its_order(@ForAll("steps") List<Step> steps) {
        Map<String, String> expected = new LinkedHashMap<>();
        JsonMembers members = JsonMembers.EMPTY;
        for (Step step : steps) {
            JsonMembers before = members;
            String was = expected.get(step.name());
            members = applied(members, step);
            if (step.value() == null) {
                expected.remove(step.name());
            } else {
                expected.put(step.name(), step.value());
            }
            assertThat(members == before)
                    .as("the very same if nothing changed")
                    .isEqualTo(was == null ? step.value() == null : was.equals(step.value()));
            assertThat(before).isNotNull();
        }

        assertThat(RecordOracle.texts(members)).isEqualTo(expected);
        assertThat(members.names()).containsExactlyElementsOf(expected.keySet());
        assertThat(members.isEmpty()).isEqualTo(expected.isEmpty());
    }

    @Property
    void what_it_writes_reads_as_the_same_and_has_the_announced_length(@ForAll("steps") List<Step> steps) {
        JsonMembers members = JsonMembers.EMPTY;
        for (Step step : steps) {
            members = applied(members, step);
        }

        String text = written(members);
        JsonMembers again = read("{" + text + "}");

        assertThat(members.length()).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
        assertThat(again.sameAs(members)).isTrue();
        assertThat(written(again)).isEqualTo(text);
    }

    @Property
    void members_that_nobody_changes_keep_every_byte(
            @ForAll("members") List<Json.Member> members, @ForAll("steps") List<Step> steps) {
        JsonMembers changed = read("{" + Json.joined(members) + "}");
        for (Step step : steps) {
            changed = applied(changed, step);
        }

        String text = written(changed);

        for (int i = 0; i < members.size(); i++) {
            Json.Member member = members.get(i);
            boolean lastOfItsName = members.subList(i + 1, members.size()).stream()
                    .noneMatch(later -> later.name().equals(member.name()));
            boolean changedByName = steps.stream().anyMatch(step -> step.name().equals(member.name()));
            if (lastOfItsName && !changedByName) {
                assertThat(text).contains(member.text());
                assertThat(RecordOracle.texts(changed)).containsEntry(member.name(), member.value());
            }
        }
    }

    @Property
    void of_a_name_that_stands_twice_the_last_one_counts_and_goes_with_the_others(
            @ForAll("members") List<Json.Member> members) {
        JsonMembers read = read("{" + Json.joined(members) + "}");
        Map<String, String> expected = new LinkedHashMap<>();
        members.forEach(member -> expected.put(member.name(), member.value()));

        assertThat(RecordOracle.texts(read)).isEqualTo(expected);
        for (String name : expected.keySet()) {
            assertThat(read.without(name).get(name)).isNull();
            assertThat(read("{" + written(read.with(name, new byte[] {'7'})) + "}")
                            .get(name))
                    .extracting(Slice::length)
                    .isEqualTo(1);
        }
    }

    @Property
    void the_order_does_not_matter_but_any_other_difference_does(
            @ForAll("steps") List<Step> steps, @ForAll("steps") List<Step> others) {
        Map<String, String> one = map(steps);
        Map<String, String> two = map(others);
        JsonMembers members = members(one);
        List<String> backwards = new ArrayList<>(one.keySet());
        Collections.reverse(backwards);
        Map<String, String> turned = new LinkedHashMap<>();
        backwards.forEach(name -> turned.put(name, one.getOrDefault(name, "")));

        assertThat(members.sameAs(members(turned))).isTrue();
        assertThat(members.sameAs(members(two))).isEqualTo(one.equals(two));
        assertThat(members(two).sameAs(members)).isEqualTo(one.equals(two));
    }

    @Property
    void a_draft_becomes_what_the_same_changes_one_by_one_make(
            @ForAll("steps") List<Step> some, @ForAll("manySteps") List<Step> many) {
        for (List<Step> beginning : List.of(some, many)) {
            JsonMembers start = members(map(beginning));
            JsonMembers.Draft draft = start.draft();
            JsonMembers members = start;
            for (Step step : many) {
                byte[] value = step.value() == null ? null : step.value().getBytes(StandardCharsets.UTF_8);
                String mark = step.name().startsWith("1") ? "typed" : null;
                if (value == null) {
                    draft.remove(step.name());
                    members = members.without(step.name());
                } else {
                    draft.set(step.name(), value, mark);
                    members = members.with(step.name(), value, mark);
                }
                assertThat(draft.get(step.name()) == null).isEqualTo(value == null);
                assertThat(draft.mark(step.name())).isEqualTo(value == null ? null : mark);
            }

            assertThat(draft.members().sameAs(members)).isTrue();
            assertThat(written(draft.members())).isEqualTo(written(members));
            assertThat(draft.members().names()).isEqualTo(members.names());
            assertThat(draft.members().marks()).isEqualTo(members.marks());
            assertThat(draft.hasMoreThan(members.names().size())).isFalse();
            assertThat(draft.hasMoreThan(members.names().size() - 1)).isTrue();
            assertThat(draft.members()).isSameAs(draft.members());
        }
    }

    @Property
    void many_members_compare_as_few_do(@ForAll("manySteps") List<Step> steps, @ForAll("steps") List<Step> others) {
        Map<String, String> map = map(steps);
        JsonMembers members = members(map);
        Map<String, String> changed = new LinkedHashMap<>(map);
        changed.putAll(map(others));
        List<String> backwards = new ArrayList<>(map.keySet());
        Collections.reverse(backwards);
        Map<String, String> turned = new LinkedHashMap<>();
        backwards.forEach(name -> turned.put(name, map.getOrDefault(name, "")));

        assertThat(members.sameAs(members(map))).isTrue();
        assertThat(members.sameAs(members(turned))).isTrue();
        assertThat(members.sameAs(members(changed))).isEqualTo(map.equals(changed));
        assertThat(members(changed).sameAs(members)).isEqualTo(map.equals(changed));
        assertThat(RecordOracle.texts(members)).isEqualTo(map);
    }

    @Example
    void it_shows_neither_names_nor_values() {
        JsonMembers members = read("{\"topsecret\":\"topsecret\"}");

        assertThat(members.toString() + members.get("topsecret")).doesNotContain("topsecret");
    }

    private static Map<String, String> map(List<Step> steps) {
        Map<String, String> map = new LinkedHashMap<>();
        for (Step step : steps) {
            if (step.value() != null) {
                map.put(step.name(), step.value());
            }
        }
        return map;
    }

    private static JsonMembers members(Map<String, String> map) {
        JsonMembers members = JsonMembers.EMPTY;
        for (Map.Entry<String, String> entry : map.entrySet()) {
            members = applied(members, new Step(entry.getKey(), entry.getValue()));
        }
        return members;
    }

    private static JsonMembers applied(JsonMembers members, Step step) {
        return step.value() == null
                ? members.without(step.name())
                : members.with(step.name(), step.value().getBytes(StandardCharsets.UTF_8));
    }

    private static JsonMembers read(String json) {
        byte[] source = json.getBytes(StandardCharsets.UTF_8);
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), source)) {
            parser.nextToken();
            JsonMembers members = JsonMembers.read(parser, source);
            assertThat(parser.nextToken()).isNull();
            return members;
        }
    }

    private static String written(JsonMembers members) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        members.writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.oneOf(Arbitraries.of("a", "b", "c"), Json.names()),
                        Arbitraries.oneOf(Arbitraries.of("1", "2"), Json.values())
                                .injectNull(0.3))
                .as(Step::new)
                .list()
                .ofMaxSize(8);
    }

    /** More than are looked through one by one. */
    @Provide
    Arbitrary<List<Step>> manySteps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 60).map(String::valueOf),
                        Arbitraries.of("1", "2", "\"x\"").injectNull(0.2))
                .as(Step::new)
                .list()
                .ofMinSize(40)
                .ofMaxSize(120);
    }

    @Provide
    Arbitrary<List<Json.Member>> members() {
        return Json.members().list().ofMaxSize(5);
    }
}
