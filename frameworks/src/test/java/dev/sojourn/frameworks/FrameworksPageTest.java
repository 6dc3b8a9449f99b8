package dev.sojourn.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Compares the table in {@code docs/reference/frameworks.md} with the reports of the adapters' tests in this build. */
class FrameworksPageTest {
    private static final String BEGIN = "<!-- generated from test reports: mvn verify -Pall -Dframeworks.write -->\n";
    private static final String END = "<!-- end of the generated part -->\n";

    /** The oldest JDK that builds the Helidon adapter. */
    private static final int JDK_OF_HELIDON = 21;

    private static final String HELIDON = "Helidon";

    /** The runs with older servers, which need {@code -Pall}. */
    private static final Pattern OLDER =
            Pattern.compile(" (lowest|tomcat-10\\.1|jetty-12\\.0-ee9|jetty-12\\.0-ee10|jetty-12\\.1-ee10)$");

    /** The label of each run of the contract, in the order of the columns. */
    private static final Map<String, String> COLUMNS = columns();

    private final Path root = Path.of(System.getProperty("sojourn.root", "..")).normalize();
    private final Path page = root.resolve("docs/reference/frameworks.md");

    private static Map<String, String> columns() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("JdkHttpAdapterTest", "JDK");
        columns.put("ServletAdapterTest tomcat-10.1", "Tomcat 10.1");
        columns.put("ServletAdapterTest", "Tomcat 11");
        columns.put("ServletAdapterTest jetty-12.0-ee9", "Jetty 12.0 ee9");
        columns.put("ServletAdapterTest jetty-12.0-ee10", "Jetty 12.0 ee10");
        columns.put("ServletAdapterTest jetty-12.1-ee10", "Jetty 12.1 ee10");
        columns.put("ServletAdapterTest jetty-12.1-ee11", "Jetty 12.1 ee11");
        columns.put("ServletAdapterTest undertow", "Undertow servlet");
        columns.put("JavalinAdapterTest", "Javalin 7.2");
        columns.put("JavalinAdapterTest lowest", "Javalin 7.0");
        columns.put("SpringAdapterTest", "Spring Boot 4.1");
        columns.put("SpringAdapterTest lowest", "Spring Boot 4.0");
        columns.put("UndertowAdapterTest", "Undertow 2.4");
        columns.put("UndertowAdapterTest lowest", "Undertow 2.3");
        columns.put("UndertowIoThreadAdapterTest", "Undertow 2.4 I/O thread");
        columns.put("UndertowIoThreadAdapterTest lowest", "Undertow 2.3 I/O thread");
        columns.put("VertxAdapterTest", "Vert.x 5.1");
        columns.put("VertxAdapterTest lowest", "Vert.x 5.0");
        columns.put("VertxVerticleAdapterTest", "Vert.x 5.1 verticle");
        columns.put("VertxVerticleAdapterTest lowest", "Vert.x 5.0 verticle");
        columns.put("HelidonAdapterTest", HELIDON + " 4.5");
        columns.put("HelidonAdapterTest lowest", HELIDON + " 4.4");
        return columns;
    }

    @Test
    void the_table_matches_the_test_reports_of_this_build() throws IOException {
        Map<String, Map<String, Boolean>> runs =
                AdapterReports.readAll(root, System.getProperty("sojourn.build", "target"));
        Assumptions.assumeFalse(
                runs.isEmpty(), "no adapter was tested in this build: run mvn verify for the whole project");
        assertThat(COLUMNS.keySet()).as("every run has a column").containsAll(runs.keySet());
        if (System.getProperty("frameworks.write") != null) {
            write(table(runs));
        }

        List<String> missing = COLUMNS.keySet().stream()
                .filter(FrameworksPageTest::isTestedHere)
                .filter(run -> !runs.containsKey(run))
                .toList();
        Assumptions.assumeTrue(missing.isEmpty(), "not tested in this build: " + missing);
        assertThat(columnsOf(runs.keySet(), tableOfPage())).isEqualTo(columnsOf(runs.keySet(), table(runs)));
    }

    private static boolean isTestedHere(String run) {
        if (COLUMNS.getOrDefault(run, "").startsWith(HELIDON)) {
            return Runtime.version().feature() >= JDK_OF_HELIDON;
        }
        return !Boolean.getBoolean("sojourn.older.skip") || !OLDER.matcher(run).find();
    }

    /** Returns the rows of a table, reduced to the columns of these runs. */
    private static List<List<String>> columnsOf(Set<String> runs, String table) {
        List<String> all = List.copyOf(COLUMNS.keySet());
        return table.lines()
                .map(line -> List.of(line.substring(2, line.length() - 2).split(" \\| ", -1)))
                .map(cells -> IntStream.range(0, cells.size())
                        .filter(i -> i == 0 || runs.contains(all.get(i - 1)))
                        .mapToObj(cells::get)
                        .toList())
                .toList();
    }

    private static String table(Map<String, Map<String, Boolean>> runs) {
        Set<String> rules = new TreeSet<>();
        runs.values().forEach(each -> rules.addAll(each.keySet()));
        List<String> lines = new ArrayList<>();
        lines.add(row("rule", List.copyOf(COLUMNS.values())));
        lines.add(row("---", COLUMNS.keySet().stream().map(run -> ":-:").toList()));
        for (String rule : rules) {
            lines.add(row(
                    rule.replace('_', ' ').replaceAll("\\(\\)$", ""),
                    COLUMNS.keySet().stream()
                            .map(run -> mark(runs.getOrDefault(run, Map.of()).get(rule)))
                            .toList()));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String mark(@org.jspecify.annotations.Nullable Boolean passed) {
        return passed == null ? "" : passed ? "✓" : "**no**";
    }

    private static String row(String head, List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| " + head + " | ", " |"));
    }

    private String tableOfPage() throws IOException {
        String text = Files.readString(page);
        return text.substring(text.indexOf(BEGIN) + BEGIN.length(), text.indexOf(END));
    }

    private void write(String table) throws IOException {
        String text = Files.readString(page);
        Files.writeString(
                page, text.substring(0, text.indexOf(BEGIN)) + BEGIN + table + text.substring(text.indexOf(END)));
    }
}
