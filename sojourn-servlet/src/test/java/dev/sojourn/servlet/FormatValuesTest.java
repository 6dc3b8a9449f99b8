package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.tools.values.Kind;
import dev.sojourn.tools.values.Kinds;
import dev.sojourn.tools.values.Same;
import dev.sojourn.tools.values.Sample;
import dev.sojourn.tools.values.Things;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is put in comes back as it is, or is refused: for values of every type, each by itself and nested in others. */
class FormatValuesTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int NESTED = 20_000;

    private static AttributeFormat json() {
        return AttributeFormat.json(Things.class.getDeclaredClasses());
    }

    private static AttributeFormat serialized() {
        return AttributeFormat.filteredJavaSerialization(Things.class.getName() + "$*");
    }

    /** Empty if it came back as it was or was refused with a reason. */
    private static Optional<String> fault(AttributeFormat format, Object value) {
        JsonNode stored;
        try {
            stored = format.write("it", value);
        } catch (IllegalArgumentException e) {
            boolean tells = e.getMessage() != null && e.getMessage().contains("attribute 'it' of type");
            return tells ? Optional.empty() : Optional.of("a refusal that says nothing: " + e);
        }
        try {
            Object again = format.read(JSON.readTree(JSON.writeValueAsBytes(stored)));
            return Same.difference(value, again)
                    .filter(told -> !isKnown(format, told))
                    .map(told -> told + " from " + stored);
        } catch (RuntimeException e) {
            return Optional.of("accepted, and not read: " + e + " from " + stored);
        }
    }

    /**
     * Java serialization keeps what a class of Java's own has, and some say nothing of when two are the same, exceptions among them. An
     * IdentityHashMap finds its keys by themselves, which another request never has.
     */
    private static boolean isKnown(AttributeFormat format, String told) {
        return format.name().equals("java-serialization")
                && (told.matches(".*: another java\\.(?!time\\.\\w+$).*|.*: another java\\.time\\.\\w*Exception")
                        || told.contains("an element is missing")
                        || told.contains("an entry is missing")
                        || told.contains("keys that are no others' to have"));
    }

    @Test
    void every_value_comes_back_from_json_or_is_refused() {
        AttributeFormat format = json();
        List<String> faults = new ArrayList<>();
        for (Sample sample : Kinds.each()) {
            fault(format, sample.value()).ifPresent(told -> faults.add(sample + ": " + told));
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void every_value_comes_back_from_java_serialization_or_is_refused() {
        List<String> faults = new ArrayList<>();
        for (Sample sample : Kinds.each()) {
            fault(serialized(), sample.value()).ifPresent(told -> faults.add(sample + ": " + told));
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void values_nested_in_each_other_come_back_from_json_or_are_refused() {
        areKept(json());
    }

    @Test
    void values_nested_in_each_other_come_back_from_java_serialization_or_are_refused() {
        areKept(serialized());
    }

    private static void areKept(AttributeFormat format) {
        Kinds kinds = new Kinds();
        Random random = new Random(20_261_130);
        Set<String> faults = new LinkedHashSet<>();
        for (int i = 0; i < NESTED && faults.size() < 10; i++) {
            Kind kind = kinds.next(random, 3);
            fault(format, kind.next(random)).ifPresent(told -> faults.add(kind.type() + ": " + told));
        }
        assertThat(faults).isEmpty();
    }
}
