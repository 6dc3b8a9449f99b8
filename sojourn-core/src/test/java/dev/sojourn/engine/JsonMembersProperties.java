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

    /** Sets a member, or removes it if there is no value. */
    private record Step(String name, @Nullable String value) {}

    @Property
    void members_behave_like_a_map_that_keeps_its_order(@ForAll("steps") List<Step> steps) {
        Map<String, String> expected = new LinkedHashMap<>();
        JsonMembers members = JsonMembers.EMPTY;
        for (Step step : steps) {
            JsonMembers before = members;
            String previous = expected.get(step.name());
            members = apply(members, step);
            if (step.value() == null) {
                expected.remove(step.name());
            } else {
                expected.put(step.name(), step.value());
            }
            assertThat(members == before)
                    .as("the same instance if nothing changed")
                    .isEqualTo(previous == null ? step.value() == null : previous.equals(step.value()));
            assertThat(before).isNotNull();
        }

        assertThat(RecordOracle.texts(members)).isEqualTo(expected);
        assertThat(members.names()).containsExactlyElementsOf(expected.keySet());
        assertThat(members.isEmpty()).isEqualTo(expected.isEmpty());
    }

    @Property
    void written_members_are_read_as_the_same_and_have_the_computed_length(@ForAll("steps") List<Step> steps) {
        JsonMembers members = JsonMembers.EMPTY;
        for (Step step : steps) {
            members = apply(members, step);
        }

        String text = write(members);
        JsonMembers again = read("{" + text + "}");

        assertThat(members.length()).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
        assertThat(again.sameAs(members)).isTrue();
        assertThat(write(again)).isEqualTo(text);
    }

    @Property
    void unchanged_members_keep_every_byte(
            @ForAll("members") List<JsonTexts.Member> members, @ForAll("steps") List<Step> steps) {
        JsonMembers changed = read("{" + JsonTexts.join(members) + "}");
        for (Step step : steps) {
            changed = apply(changed, step);
        }

        String text = write(changed);

        for (int i = 0; i < members.size(); i++) {
            JsonTexts.Member member = members.get(i);
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
    void the_last_member_of_a_duplicate_name_counts_and_is_removed_with_the_others(
            @ForAll("members") List<JsonTexts.Member> members) {
        JsonMembers read = read("{" + JsonTexts.join(members) + "}");
        Map<String, String> expected = new LinkedHashMap<>();
        members.forEach(member -> expected.put(member.name(), member.value()));

        assertThat(RecordOracle.texts(read)).isEqualTo(expected);
        for (String name : expected.keySet()) {
            assertThat(read.without(name).get(name)).isNull();
            assertThat(read("{" + write(read.with(name, new byte[] {'7'})) + "}")
                            .get(name))
                    .extracting(Slice::length)
                    .isEqualTo(1);
        }
    }

    @Property
    void the_order_of_members_does_not_matter_but_every_other_difference_does(
            @ForAll("steps") List<Step> steps, @ForAll("steps") List<Step> others) {
        Map<String, String> one = map(steps);
        Map<String, String> two = map(others);
        JsonMembers members = members(one);
        List<String> backwards = new ArrayList<>(one.keySet());
        Collections.reverse(backwards);
        Map<String, String> reversed = new LinkedHashMap<>();
        backwards.forEach(name -> reversed.put(name, one.getOrDefault(name, "")));

        assertThat(members.sameAs(members(reversed))).isTrue();
        assertThat(members.sameAs(members(two))).isEqualTo(one.equals(two));
        assertThat(members(two).sameAs(members)).isEqualTo(one.equals(two));
    }

    @Property
    void a_draft_has_the_same_result_as_single_changes(
            @ForAll("steps") List<Step> some, @ForAll("manySteps") List<Step> many) {
        for (List<Step> initial : List.of(some, many)) {
            JsonMembers start = members(map(initial));
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
            assertThat(write(draft.members())).isEqualTo(write(members));
            assertThat(draft.members().names()).isEqualTo(members.names());
            assertThat(draft.members().marks()).isEqualTo(members.marks());
            assertThat(draft.hasMoreThan(members.names().size())).isFalse();
            assertThat(draft.hasMoreThan(members.names().size() - 1)).isTrue();
            assertThat(draft.members()).isSameAs(draft.members());
        }
    }

    @Property
    void many_members_compare_like_few(@ForAll("manySteps") List<Step> steps, @ForAll("steps") List<Step> others) {
        Map<String, String> map = map(steps);
        JsonMembers members = members(map);
        Map<String, String> changed = new LinkedHashMap<>(map);
        changed.putAll(map(others));
        List<String> backwards = new ArrayList<>(map.keySet());
        Collections.reverse(backwards);
        Map<String, String> reversed = new LinkedHashMap<>();
        backwards.forEach(name -> reversed.put(name, map.getOrDefault(name, "")));

        assertThat(members.sameAs(members(map))).isTrue();
        assertThat(members.sameAs(members(reversed))).isTrue();
        assertThat(members.sameAs(members(changed))).isEqualTo(map.equals(changed));
        assertThat(members(changed).sameAs(members)).isEqualTo(map.equals(changed));
        assertThat(RecordOracle.texts(members)).isEqualTo(map);
    }

    @Example
    void to_string_shows_neither_names_nor_values() {
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
            members = apply(members, new Step(entry.getKey(), entry.getValue()));
        }
        return members;
    }

    private static JsonMembers apply(JsonMembers members, Step step) {
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

    private static String write(JsonMembers members) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        members.writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.oneOf(Arbitraries.of("a", "b", "c"), JsonTexts.names()),
                        Arbitraries.oneOf(Arbitraries.of("1", "2"), JsonTexts.values())
                                .injectNull(0.3))
                .as(Step::new)
                .list()
                .ofMaxSize(8);
    }

    /** Generates more members than are searched linearly. */
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
    Arbitrary<List<JsonTexts.Member>> members() {
        return JsonTexts.members().list().ofMaxSize(5);
    }
}
