package dev.sojourn.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Compares {@code docs/security.md} with the tests that it names, and with their reports in this build. */
class SecurityPageTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| .* \\|$");
    private static final Pattern HEAD = Pattern.compile("\\| (Row|Attack|---) .*|\\|---.*");
    private static final Pattern NAMED_TEST = Pattern.compile("`([A-Z]\\w+Test)(?:\\.(\\w+))?`");

    private final Pages pages = Pages.ofThisBuild();
    private final String build = System.getProperty("sojourn.build", "target");
    /** The tags of tests that this build leaves out. */
    private final List<String> excluded =
            List.of(System.getProperty("sojourn.groups.excluded", "").split(",", -1));

    /**
     * A test that the page names.
     *
     * @param type the simple name of its class
     * @param method its method; empty for all of the class
     */
    private record Named(String type, String method) {
        /** Whether a report's test is this one: those with parameters have more than the method's name. */
        boolean matches(String reported) {
            return method.isEmpty()
                    || (reported.startsWith(method)
                            && (reported.length() == method.length()
                                    || !Character.isJavaIdentifierPart(reported.charAt(method.length()))));
        }

        @Override
        public String toString() {
            return method.isEmpty() ? type : type + "." + method;
        }
    }

    private List<String> rows() throws IOException {
        List<String> rows = ROW.matcher(Files.readString(pages.root().resolve("docs/security.md")))
                .results()
                .map(row -> row.group())
                .filter(row -> !HEAD.matcher(row).matches())
                .toList();
        assertThat(rows).hasSizeGreaterThan(60);
        return rows;
    }

    private static List<Named> namedIn(String row) {
        return NAMED_TEST
                .matcher(row)
                .results()
                .map(name -> new Named(name.group(1), name.group(2) == null ? "" : name.group(2)))
                .toList();
    }

    /** Returns the source files of each class of tests. */
    private Map<String, List<Path>> sources() throws IOException {
        Map<String, List<Path>> sources = new HashMap<>();
        for (Path file : pages.files("Test.java")) {
            String name = file.getFileName().toString().replaceFirst("\\.java$", "");
            sources.computeIfAbsent(name, any -> new ArrayList<>()).add(file);
        }
        return sources;
    }

    @Test
    void every_row_names_a_test_or_says_who_does_it_instead() throws IOException {
        assertThat(rows())
                .allSatisfy(row -> assertThat(!namedIn(row).isEmpty()
                                || row.contains("**Yours**")
                                || row.contains("**Yours:**")
                                || row.contains("**Not built.**"))
                        .as(row)
                        .isTrue());
    }

    @Test
    void every_test_that_the_page_names_exists() throws IOException {
        Map<String, List<Path>> sources = sources();
        Set<String> missing = new TreeSet<>();
        for (String row : rows()) {
            for (Named named : namedIn(row)) {
                boolean exists = false;
                for (Path source : sources.getOrDefault(named.type(), List.of())) {
                    exists |= Files.readString(source).contains(" " + named.method());
                }
                if (!exists) {
                    missing.add(named.toString());
                }
            }
        }

        assertThat(missing).isEmpty();
    }

    @Test
    void every_test_that_the_page_names_passed_in_this_build() throws IOException {
        Map<String, List<Path>> sources = sources();
        Set<String> failed = new TreeSet<>();
        Set<String> notRun = new TreeSet<>();
        for (String row : rows()) {
            for (Named named : namedIn(row)) {
                Map<String, Boolean> results = new TreeMap<>();
                boolean isExpected = false;
                for (Path source : sources.getOrDefault(named.type(), List.of())) {
                    Path reports = moduleOf(source).resolve(build).resolve("surefire-reports");
                    isExpected |= Files.isDirectory(reports) && !isLeftOut(named, Files.readString(source));
                    addResults(named, reports, results);
                }
                if (results.containsValue(false)) {
                    failed.add(named.toString());
                } else if (isExpected && results.isEmpty()) {
                    notRun.add(named.toString());
                }
            }
        }

        assertThat(failed).as("failed or skipped").isEmpty();
        // A build of some tests, as with -Dtest. The whole build on the build server fails if any test is skipped.
        Assumptions.assumeTrue(notRun.isEmpty(), "did not run in this build: " + notRun);
    }

    /** Whether a tag of the test, or of its class, keeps it out of this build. */
    private boolean isLeftOut(Named named, String source) {
        String declaration = named.method().isEmpty() ? "class " + named.type() : "void " + named.method() + "(";
        int end = source.indexOf(declaration);
        String annotations = end < 0 ? "" : source.substring(source.lastIndexOf("\n\n", end) + 1, end);
        return excluded.stream().anyMatch(tag -> annotations.contains("@Tag(\"" + tag + "\")"));
    }

    /** Returns the module of a source file: the folder with its first {@code src}. */
    private Path moduleOf(Path source) {
        return pages.root().resolve(pages.root().relativize(source).getName(0));
    }

    private static void addResults(Named named, Path reports, Map<String, Boolean> results) throws IOException {
        if (!Files.isDirectory(reports)) {
            return;
        }
        Pattern name = Pattern.compile("TEST-(?:.*\\.)?" + named.type() + "(?:-.+)?\\.xml");
        try (Stream<Path> files = Files.list(reports)) {
            for (Path file : files.toList()) {
                if (name.matcher(file.getFileName().toString()).matches()) {
                    Map<String, Boolean> all = new TreeMap<>();
                    AdapterReports.addRules(file, all);
                    all.forEach((test, passed) -> {
                        if (named.matches(test)) {
                            results.merge(test, passed, Boolean::logicalAnd);
                        }
                    });
                }
            }
        }
    }
}
