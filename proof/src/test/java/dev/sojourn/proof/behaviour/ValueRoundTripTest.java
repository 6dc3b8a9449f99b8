package dev.sojourn.proof.behaviour;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sojourn.Key;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.Site;
import dev.sojourn.testing.TestClient;
import dev.sojourn.tools.values.PlatformClasses;
import dev.sojourn.tools.values.PlatformValues;
import dev.sojourn.tools.values.Sample;
import dev.sojourn.tools.values.ValueComparison;
import dev.sojourn.tools.values.ValueGenerators;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

/** A value that is set is returned unchanged by later requests, or {@code set} refuses it. */
class ValueRoundTripTest {
    private static final int SEEDS = 4_000;
    private static final int LEVELS = 3;

    private final Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET).maxSessionBytes(1 << 20));
    private final TestClient client = new TestClient(sessions);

    static Key<Object> key(Type type) {
        return Key.of("v", new TypeReference<Object>() {
            @Override
            public Type getType() {
                return type;
            }
        });
    }

    /** Sets a value and reads it in the next request. Empty if it was refused or is equal; otherwise the problem. */
    private Optional<String> violation(Sample sample, boolean[] kept) {
        Key<Object> key = key(sample.type());
        String[] refused = new String[1];
        client.request(session -> {
            try {
                session.set(key, sample.value());
            } catch (IllegalArgumentException e) {
                refused[0] = String.valueOf(e.getMessage());
            }
        });
        if (refused[0] != null) {
            return refused[0].contains("'v'") && refused[0].contains(": ")
                    ? Optional.empty()
                    : Optional.of("the refusal does not name the attribute: " + refused[0]);
        }
        kept[0] = true;
        @Nullable Object[] back = new Object[1];
        client.request(session -> back[0] = session.get(key));
        return ValueComparison.difference(sample.value(), back[0]);
    }

    private void check(List<Sample> samples, int leastKept) {
        List<String> wrong = new ArrayList<>();
        int count = 0;
        for (Sample sample : samples) {
            boolean[] kept = new boolean[1];
            violation(sample, kept).ifPresent(problem -> wrong.add(sample + ": " + problem));
            count += kept[0] ? 1 : 0;
        }
        assertThat(wrong).isEmpty();
        assertThat(count).as("kept, of %s", samples.size()).isGreaterThan(leastKept);
    }

    @Test
    void every_value_of_every_public_type_is_returned_or_refused() {
        check(ValueGenerators.each(), 500);
    }

    @Test
    void a_type_that_has_been_set_before_is_still_returned_or_refused() {
        List<Sample> fourTimes = new ArrayList<>();
        List<Sample> small = ValueGenerators.each().stream()
                .filter(sample -> !(sample.value() instanceof Enum))
                .toList();
        for (int i = 0; i < 4; i++) {
            fourTimes.addAll(small);
        }
        check(fourTimes, 1_000);
    }

    @Test
    void nested_values_are_returned_or_refused() {
        check(nested(SEEDS), 1_000);
    }

    /** Returns nested values, one for each seed. */
    static List<Sample> nested(int seeds) {
        ValueGenerators generators = new ValueGenerators();
        List<Sample> samples = new ArrayList<>();
        for (int seed = 0; seed < seeds; seed++) {
            Random random = new Random(seed);
            try {
                samples.add(generators.next(random, LEVELS).sample(random));
            } catch (RuntimeException e) {
                // Skips maps and sets whose keys cannot be hashed.
                assertThat(e.getStackTrace()).isNotEmpty();
            }
        }
        return samples;
    }

    /** Returns the types of which every value is refused, in the layout of the page. */
    private String refusedTypes() {
        StringBuilder list = new StringBuilder();
        for (String pack : PlatformClasses.PACKAGES) {
            List<String> names = new ArrayList<>();
            for (Class<?> type : PlatformClasses.all()) {
                if (type.getPackageName().equals(pack) && !Throwable.class.isAssignableFrom(type) && isRefused(type)) {
                    names.add("`" + type.getName().substring(pack.length() + 1).replace('$', '.') + "`");
                }
            }
            if (!names.isEmpty()) {
                list.append(String.format(
                        Locale.ROOT, "| `%s` | %s |%n", pack, names.stream().collect(joining(", "))));
            }
        }
        return list.toString();
    }

    private boolean isRefused(Class<?> type) {
        List<Object> values = PlatformValues.of(type);
        return !values.isEmpty()
                && values.stream().noneMatch(value -> {
                    boolean[] kept = new boolean[1];
                    Optional<String> unused = violation(new Sample(value, type), kept);
                    return kept[0];
                });
    }

    @Test
    @Tag("jdk17")
    void the_page_lists_the_types_that_are_refused() throws IOException {
        assumeThat(Runtime.version().feature())
                .as("the JDK that the page was written for")
                .isEqualTo(17);
        String page = Files.readString(Path.of("../docs/guide/values.md"));

        assertThat(page)
                .as("docs/guide/values.md must contain:%n%s", refusedTypes())
                .contains(refusedTypes());
    }
}
