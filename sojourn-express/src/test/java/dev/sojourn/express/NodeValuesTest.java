package dev.sojourn.express;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.Key;
import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.testing.TestClient;
import dev.sojourn.tools.values.Sample;
import dev.sojourn.tools.values.ValueComparison;
import dev.sojourn.tools.values.ValueGenerators;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Tests that a value that Java stores in an Express record is the same after Express has rewritten the record. */
class NodeValuesTest {
    private static final String SECRET = "zK3v8Qm1Yt6Rw0Xc5Bn2Hs7Lp4Jd9Gf-aEuIo";

    private final TestClient client = new TestClient(Sessions.create(
            Express.compatible(new MemoryStore(), e -> e.secret(SECRET)).andThen(c -> c.maxSessionBytes(1 << 20))));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "17 | 17",
                "1.50 | 1.5",
                "1.0 | 1",
                "-0.0 | 0",
                "9007199254740993 | 9007199254740992",
                "0.1 | 0.1",
                "1e400 | null",
                "[1.0,\"1.0\",null,true] | [1,\"1.0\",null,true]",
                "{\"b\":1,\"10\":2,\"9\":3,\"01\":4} | {\"9\":3,\"10\":2,\"b\":1,\"01\":4}",
                "\"1.50\" | \"1.50\"",
                "100000000000000000000 | 100000000000000000000"
            })
    void node_keeps_doubles_and_orders_indexes(String json, String kept) {
        assertThat(new String(NodeValues.roundTrip(json.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8))
                .isEqualTo(kept);
    }

    static Stream<Object> refusedValues() {
        Map<String, Integer> indexes = new LinkedHashMap<>();
        indexes.put("b", 1);
        indexes.put("7", 2);
        return Stream.of(
                (1L << 53) + 1,
                Long.MAX_VALUE,
                new BigDecimal("1.50"),
                new BigDecimal("0.12345678901234567890"),
                new BigInteger("12345678901234567890123"),
                -0.0,
                List.of(1.0),
                indexes);
    }

    @ParameterizedTest
    @MethodSource("refusedValues")
    void a_value_that_node_would_change_is_refused(Object value) {
        client.request(session -> assertThatIllegalArgumentException()
                .isThrownBy(() -> session.set("v", value))
                .withMessageContaining("'v'")
                .withMessageContaining("another program"));
    }

    static Stream<Object> keptValues() {
        return Stream.of(
                17,
                1L << 53,
                1.0,
                0.1,
                Double.NaN,
                Double.MIN_VALUE,
                0.1f,
                new BigDecimal("1.5"),
                List.of(1, 2.5, "a"));
    }

    @ParameterizedTest
    @MethodSource("keptValues")
    void a_value_that_node_keeps_is_accepted(Object value) {
        Class<?> type = value instanceof List ? List.class : value.getClass();
        client.request(session -> session.set("v", value));
        client.request(session -> assertThat((Object) session.get("v", type)).isEqualTo(value));
    }

    private static Key<Object> key(Type type) {
        return Key.of("v", new TypeReference<Object>() {
            @Override
            public Type getType() {
                return type;
            }
        });
    }

    @Test
    void every_accepted_value_is_the_same_after_node_has_rewritten_it() {
        JsonMapper mapper = JsonMapper.builder().build();
        ValueGenerators generators = new ValueGenerators();
        List<Sample> samples = new ArrayList<>(ValueGenerators.each());
        for (int seed = 0; seed < 1_000; seed++) {
            Random random = new Random(seed);
            Sample sample = generators.next(random, 1).sample(random);
            samples.add(sample);
        }
        List<String> wrong = new ArrayList<>();
        int[] count = new int[1];
        for (Sample sample : samples) {
            Key<Object> key = key(sample.type());
            client.request(session -> {
                session.remove("v");
                try {
                    session.set(key, sample.value());
                } catch (IllegalArgumentException e) {
                    return;
                }
                // The JSON as Node rewrites it. The attribute is then read with its type.
                byte[] json = mapper.writeValueAsBytes(session.get("v", tools.jackson.databind.JsonNode.class));
                session.set("v", mapper.readTree(NodeValues.roundTrip(json)));
                @Nullable Object back = session.get(key);
                ValueComparison.difference(sample.value(), back)
                        .ifPresent(problem -> wrong.add(sample + ": " + problem));
                count[0]++;
            });
        }
        assertThat(wrong).isEmpty();
        assertThat(count[0]).isGreaterThan(500);
    }
}
