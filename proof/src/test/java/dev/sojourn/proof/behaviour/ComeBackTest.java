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

/** The one rule of values: what is put in is what comes back, or it is refused when it is set. */
class ComeBackTest {
    private static final int SEEDS = 4_000;
    private static final int LEVELS = 3;

    private final Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET).maxSessionBytes(1 << 20));
    private final TestClient visitor = new TestClient(sessions);

    static Key<Object> key(Type type) {
        return Key.of("v", new TypeReference<Object>() {
            @Override
            public Type getType() {
                return type;
            }
        });
    }

    /** Puts a value in, and gets it in the next request. Empty if it was refused or is the same; else what went wrong. */
    private Optional<String> broken(Sample sample, boolean[] kept) {
        Key<Object> key = key(sample.type());
        String[] refused = new String[1];
        visitor.request(session -> {
            try {
                session.set(key, sample.value());
            } catch (IllegalArgumentException e) {
                refused[0] = String.valueOf(e.getMessage());
            }
        });
        if (refused[0] != null) {
            return refused[0].contains("'v'") && refused[0].contains(": ")
                    ? Optional.empty()
                    : Optional.of("a refusal that names nothing: " + refused[0]);
        }
        kept[0] = true;
        @Nullable Object[] back = new Object[1];
        visitor.request(session -> back[0] = session.get(key));
        return ValueComparison.difference(sample.value(), back[0]);
    }

    private void check(List<Sample> samples, int leastKept) {
        List<String> wrong = new ArrayList<>();
        int count = 0;
        for (Sample sample : samples) {
            boolean[] kept = new boolean[1];
            broken(sample, kept).ifPresent(problem -> wrong.add(sample + ": " + problem));
            count += kept[0] ? 1 : 0;
        }
        assertThat(wrong).isEmpty();
        assertThat(count).as("kept, of %s", samples.size()).isGreaterThan(leastKept);
    }

    @Test
    void every_value_of_every_public_type_comes_back_or_is_refused() {
        check(ValueGenerators.each(), 500);
    }

    @Test
    void a_type_that_is_known_by_now_keeps_the_rule() {
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
    void values_nested_in_each_other_come_back_or_are_refused() {
        check(nested(SEEDS), 1_000);
    }

    /** Values of types nested in each other, one for each seed. */
    static List<Sample> nested(int seeds) {
        ValueGenerators kinds = new ValueGenerators();
        List<Sample> samples = new ArrayList<>();
        for (int seed = 0; seed < seeds; seed++) {
            Random random = new Random(seed);
            try {
                samples.add(kinds.next(random, LEVELS).sample(random));
            } catch (RuntimeException e) {
                // A map or set whose keys cannot be hashed is nothing to put into a session.
                assertThat(e.getStackTrace()).isNotEmpty();
            }
        }
        return samples;
    }

    /** What no value of comes back, as the page lists it. */
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
                    Optional<String> unused = broken(new Sample(value, type), kept);
                    return kept[0];
                });
    }

    @Test
    @Tag("jdk17")
    void the_page_lists_the_types_that_are_refused() throws IOException {
        assumeThat(Runtime.version().feature())
                .as("the JDK that the page is of")
                .isEqualTo(17);
        String page = Files.readString(Path.of("../docs/guide/values.md"));

        assertThat(page)
                .as("docs/guide/values.md, to hold:%n%s", refusedTypes())
                .contains(refusedTypes());
    }
}
