package dev.sojourn.frameworks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Reads the test reports of all adapters: for each run of the contract, whether each rule passed, for every kind of
 * session that it is about.
 */
final class AdapterReports {
    /**
     * The name of a report. Each adapter's contract test is named …AdapterTest, and its report has the rules of its
     * nested classes too; a run on another container has a suffix.
     */
    private static final Pattern FILE = Pattern.compile("TEST-(?:.*\\.)?(\\w+AdapterTest)(?:-(.+))?\\.xml");

    private AdapterReports() {}

    /** Returns the results by run, for example {@code ServletAdapterTest tomcat-10.1}. */
    static Map<String, Map<String, Boolean>> readAll(Path root, String build) throws IOException {
        Map<String, Map<String, Boolean>> runs = new TreeMap<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.sorted().toList()) {
                Path reports = module.resolve(build).resolve("surefire-reports");
                if (Files.isDirectory(reports)) {
                    addAll(reports, runs);
                }
            }
        }
        return runs;
    }

    private static void addAll(Path reports, Map<String, Map<String, Boolean>> runs) throws IOException {
        try (Stream<Path> files = Files.list(reports)) {
            for (Path file : files.toList()) {
                Matcher name = FILE.matcher(file.getFileName().toString());
                if (name.matches()) {
                    String suffix = name.group(2) == null ? "" : " " + name.group(2);
                    addRules(file, runs.computeIfAbsent(name.group(1) + suffix, run -> new TreeMap<>()));
                }
            }
        }
    }

    /** Adds each test of a report, and whether it passed every time. */
    static void addRules(Path report, Map<String, Boolean> rules) throws IOException {
        NodeList cases = parse(report).getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            Element each = (Element) cases.item(i);
            boolean passed = Stream.of("failure", "error", "skipped")
                    .allMatch(problem -> each.getElementsByTagName(problem).getLength() == 0);
            rules.merge(each.getAttribute("name"), passed, Boolean::logicalAnd);
        }
    }

    private static Document parse(Path report) throws IOException {
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("not a test report: " + report, e);
        }
    }
}
