package dev.sojourn.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs the JMH benchmarks with their CPU times and allocations, and prints a Markdown table for each JDK. JMH's own report
 * goes to a file.
 */
@Command(
        name = "Measure",
        mixinStandardHelpOptions = true,
        description = "Runs the JMH benchmarks and prints a Markdown table for each JDK.")
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
            Map.entry("PartBenchmarks.encryptRecordOf4", "part: record of 4 encrypted"),
            Map.entry("PartBenchmarks.decryptRecordOf4", "part: record of 4 decrypted"),
            Map.entry("PartBenchmarks.readRecordOf50", "part: record of 50 read"),
            Map.entry("PartBenchmarks.writeRecordOf4", "part: record of 4 written"),
            Map.entry("PartBenchmarks.writeRecordOf50", "part: record of 50 written"),
            Map.entry("PartBenchmarks.setNumber", "part: attribute set to a number"),
            Map.entry("PartBenchmarks.setText", "part: attribute set to a text"),
            Map.entry("PartBenchmarks.setRecord", "part: attribute set to a record"),
            Map.entry("PartBenchmarks.setTexts", "part: attribute set to a list of texts"),
            Map.entry("RedisBenchmarks.readOneOf4", "Redis request: read one of 4 attributes"),
            Map.entry("SealedBenchmarks.readOneOf4", "sealed request: read one of 4 attributes"),
            Map.entry("SealedBenchmarks.readAndSetOneOf4", "sealed request: read one of 4, set it"),
            Map.entry("SealedPartBenchmarks.open", "sealed part: text opened"),
            Map.entry("SealedPartBenchmarks.seal", "sealed part: text sealed"),
            Map.entry("SealedPartBenchmarks.readRecord", "sealed part: record of 4 read"),
            Map.entry("SealedPartBenchmarks.writeRecord", "sealed part: record of 4 written"),
            Map.entry("SealedPartBenchmarks.checkRevocations", "sealed part: revocations checked"),
            Map.entry("TokenBenchmarks.readClaim", "token request: read one claim of a sealed token"),
            Map.entry("TokenBenchmarks.checkSealed", "access token: sealed, checked"),
            Map.entry("TokenBenchmarks.checkRs256First", "access token: RS256, checked for the first time"),
            Map.entry("TokenBenchmarks.checkRs256Again", "access token: RS256, checked again"),
            Map.entry("TokenBenchmarks.checkEs256First", "access token: ES256, checked for the first time"),
            Map.entry("TokenBenchmarks.checkEs256Again", "access token: ES256, checked again"),
            Map.entry("TokenBenchmarks.issueSealed", "access token: sealed, issued"),
            Map.entry("TokenBenchmarks.issueRs256", "access token: RS256, issued"),
            Map.entry("TokenBenchmarks.issueEs256", "access token: ES256, issued"),
            Map.entry("TokenBenchmarks.refresh", "refresh: the next token and a sealed access token"));

    /** What the CPU times are compared with. */
    private static final String YARDSTICK = "RedisBenchmarks.readOneOf4";

    @Option(names = "--forks", paramLabel = "N", description = "JVMs for each benchmark (default 3)")
    private int forks = 3;

    @Option(names = "--warmup", paramLabel = "N", description = "iterations before measuring (default 5)")
    private int warmup = 5;

    @Option(names = "--iterations", paramLabel = "N", description = "measured iterations (default 5)")
    private int iterations = 5;

    @Option(names = "--millis", paramLabel = "N", description = "duration of an iteration (default 1000)")
    private int millis = 1000;

    @Option(names = "--include", paramLabel = "REGEX", description = "which benchmarks (default all)")
    private String include = ".*";

    @Option(names = "--redis", paramLabel = "URI", description = "a Redis server (default: without its benchmark)")
    private @Nullable String redis;

    @Option(
            names = "--jdk",
            paramLabel = "HOME",
            description = "the JDK to run in, can be repeated (default: this one)")
    private List<Path> jdks = List.of(Path.of(System.getProperty("java.home")));

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
        // JMH overwrites its report at each run.
        List<Collection<RunResult>> results = new ArrayList<>();
        for (int i = 0; i < jdks.size(); i++) {
            results.add(run(jdks.get(i), i == 0 ? log : log + "." + (i + 1)));
        }
        String separator = "";
        for (Collection<RunResult> each : results) {
            System.out.print(separator);
            print(each);
            separator = System.lineSeparator();
        }
        return 0;
    }

    private Collection<RunResult> run(Path jdk, String report) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(include)
                .jvm(jdk.resolve("bin").resolve("java").toString())
                .forks(forks)
                .warmupIterations(warmup)
                .measurementIterations(iterations)
                .warmupTime(TimeValue.milliseconds(millis))
                .measurementTime(TimeValue.milliseconds(millis))
                .addProfiler(GCProfiler.class)
                .addProfiler(CpuProfiler.class)
                .shouldFailOnError(true)
                .output(report);
        if (redis == null) {
            options.exclude(RedisBenchmarks.class.getSimpleName());
        } else {
            options.jvmArgsAppend("-D" + RedisBenchmarks.URI + "=" + redis);
        }
        return new Runner(options.build()).run();
    }

    private static void print(Collection<RunResult> results) {
        double yardstick = results.stream()
                .filter(each -> nameOf(each).equals(YARDSTICK))
                .mapToDouble(Measure::cpuOf)
                .findFirst()
                .orElse(Double.NaN);
        results.stream()
                .findFirst()
                .ifPresent(each ->
                        System.out.println("JDK " + each.getParams().getVmVersion() + ":" + System.lineSeparator()));
        System.out.println("| what | ns | ± (99.9 %) | ns of CPU | of a Redis read | bytes allocated |");
        System.out.println("|---|---|---|---|---|---|");
        results.stream()
                .sorted((one, other) -> rank(one) - rank(other))
                .forEach(each -> System.out.println(row(each, yardstick)));
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

    private static String row(RunResult result, double yardstick) {
        Result<?> time = result.getPrimaryResult();
        return String.format(
                "| %s | %s | %s | %s | %s | %s |",
                LABELS.get(rank(result)).getValue(),
                formatInteger(time.getScore()),
                formatInteger(time.getScoreError()),
                formatInteger(cpuOf(result)),
                formatRatio(cpuOf(result) / yardstick),
                formatInteger(secondary(result, "gc.alloc.rate.norm")));
    }

    private static double cpuOf(RunResult result) {
        return secondary(result, CpuProfiler.RESULT);
    }

    private static double secondary(RunResult result, String name) {
        Result<?> found = result.getSecondaryResults().get(name);
        return found == null ? Double.NaN : found.getScore();
    }

    private static String formatInteger(double value) {
        return Double.isNaN(value) ? "?" : String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String formatRatio(double value) {
        return Double.isNaN(value) ? "?" : String.format(Locale.ROOT, value < 0.1 ? "%.3f" : "%.2f", value);
    }
}
