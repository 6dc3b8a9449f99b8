package dev.sojourn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.engine.PartBenchmarks;
import dev.sojourn.engine.SealedPartBenchmarks;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;

/** Checks that the table of results has a row for each benchmark. */
class MeasureTest {
    @Test
    void every_benchmark_has_a_label() {
        List<String> benchmarks = Stream.of(
                        SessionBenchmarks.class,
                        PartBenchmarks.class,
                        RedisBenchmarks.class,
                        SealedBenchmarks.class,
                        SealedPartBenchmarks.class,
                        TokenBenchmarks.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods())
                        .filter(method -> method.isAnnotationPresent(Benchmark.class))
                        .map(method -> type.getSimpleName() + "." + method.getName()))
                .toList();

        assertThat(Measure.LABELS).extracting(Map.Entry::getKey).containsExactlyInAnyOrderElementsOf(benchmarks);
    }
}
