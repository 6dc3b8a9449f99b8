package dev.sojourn.benchmarks;

import dev.sojourn.engine.PartBenchmarks;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the JMH benchmarks with their allocation rates, and prints a Markdown table. JMH's own report goes to a file. */
@Command(
        name = "Measure",
        mixinStandardHelpOptions = true,
        description = "Runs the JMH benchmarks and prints a Markdown table.")
public final class Measure implements Callable<Integer> {
    /** The benchmarks in the order of the table, with their labels. */
    static final List<Map.Entry<String, String>> LABELS = List.of(
            Map.entry("SessionBenchmarks.ignoreSession", "request: session untouched"),
            Map.entry("SessionBenchmarks.obtainSession", "request: session requested, not used"),
            Map.entry("SessionBenchmarks.findSession", "request: cookie, session found"),
            Map.entry("SessionBenchmarks.refuseForgedCookie", "request: forged cookie refused"),
            Map.entry("SessionBenchmarks.readOneOf4", "request: read one of 4 attributes"),
            Map.entry("SessionBenchmarks.readOneOf50", "request: read one of 50 attributes"),
            Map.entry("SessionBenchmarks.readAndSetOneOf4", "request: read one of 4, set it, store"),
            Map.entry("SessionBenchmarks.updateOneOf4", "request: `update` one of 4"),
            Map.entry("SessionBenchmarks.createSession", "request: new session of one attribute"),
            Map.entry("PartBenchmarks.cookieToKey", "part: cookie header to verified store key"),
            Map.entry("PartBenchmarks.cookieToRefusal", "part: cookie header to refusal"),
            Map.entry("PartBenchmarks.readRecordOf4", "part: record of 4 read"),
            Map.entry("PartBenchmarks.readRecordOf50", "part: record of 50 read"),
            Map.entry("PartBenchmarks.writeRecordOf4", "part: record of 4 written"),
            Map.entry("PartBenchmarks.writeRecordOf50", "part: record of 50 written"),
            Map.entry("PartBenchmarks.setNumber", "part: attribute set to a number"),
            Map.entry("PartBenchmarks.setText", "part: attribute set to a text"),
            Map.entry("PartBenchmarks.setRecord", "part: attribute set to a record"),
            Map.entry("PartBenchmarks.setTexts", "part: attribute set to a list of texts"));

    @Option(names = "--forks", paramLabel = "N", description = "JVMs for each benchmark (default 3)")
    private int forks = 3;

    @Option(names = "--warmup", paramLabel = "N", description = "iterations before measuring (default 5)")
    private int warmup = 5;

    @Option(names = "--iterations", paramLabel = "N", description = "measured iterations (default 5)")
    private int iterations = 5;

    @Option(names = "--millis", paramLabel = "N", description = "duration of an iteration (default 1000)")
    private int millis = 1000;

    @Option(names = "--include", paramLabel = "REGEX", description = "which benchmarks (default all)")
    private String include = SessionBenchmarks.class.getSimpleName() + "|" + PartBenchmarks.class.getSimpleName();

    @Option(names = "--log", paramLabel = "FILE", required = true, description = "the file for JMH's own report")
    private String log = "";

    /** For the command line parser. */
    Measure() {}

    /**
     * Prints a Markdown table.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        int code = new CommandLine(new Measure()).execute(arguments);
        System.out.flush();
        System.exit(code);
    }

    @Override
    public Integer call() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(include)
                        .forks(forks)
                        .warmupIterations(warmup)
                        .measurementIterations(iterations)
                        .warmupTime(TimeValue.milliseconds(millis))
                        .measurementTime(TimeValue.milliseconds(millis))
                        .addProfiler(GCProfiler.class)
                        .shouldFailOnError(true)
                        .output(log)
                        .build())
                .run();
        System.out.println("| what | ns | ± (99.9 %) | bytes allocated |");
        System.out.println("|---|---|---|---|");
        results.stream().sorted((one, other) -> rank(one) - rank(other)).forEach(each -> System.out.println(row(each)));
        return 0;
    }

    private static String nameOf(RunResult result) {
        String[] parts = result.getParams().getBenchmark().split("\\.", -1);
        return parts[parts.length - 2] + "." + parts[parts.length - 1];
    }

    private static int rank(RunResult result) {
        for (int i = 0; i < LABELS.size(); i++) {
            if (LABELS.get(i).getKey().equals(nameOf(result))) {
                return i;
            }
        }
        throw new IllegalStateException(nameOf(result) + " has no label");
    }

    private static String row(RunResult result) {
        Result<?> time = result.getPrimaryResult();
        Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
        return String.format(
                "| %s | %s | %s | %s |",
                LABELS.get(rank(result)).getValue(),
                formatInteger(time.getScore()),
                Double.isNaN(time.getScoreError()) ? "?" : formatInteger(time.getScoreError()),
                bytes == null ? "?" : formatInteger(bytes.getScore()));
    }

    private static String formatInteger(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }
}
