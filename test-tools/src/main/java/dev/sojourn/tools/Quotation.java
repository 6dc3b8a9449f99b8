package dev.sojourn.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Reads code blocks from pages, and the source lines that they quote, so that a page shows only code that is compiled and run. */
public final class Quotation {
    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

    private Quotation() {}

    /**
     * Returns the Java code blocks of a page.
     *
     * @param page a Markdown file
     * @return the blocks, in order
     * @throws IOException if the page cannot be read
     */
    public static List<String> javaBlocks(Path page) throws IOException {
        return JAVA.matcher(Files.readString(page))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /**
     * Returns the lines between two lines that contain only a marker.
     *
     * @param source a source file
     * @param begin the marker before them
     * @param end the next marker after them
     * @return the lines, without their common indentation
     * @throws IOException if the file cannot be read
     * @throws AssertionError if a marker is missing
     */
    public static String linesBetween(Path source, String begin, String end) throws IOException {
        List<String> lines = Files.readAllLines(source);
        int from = indexOf(lines, begin) + 1;
        int to = from + indexOf(lines.subList(from, lines.size()), end);
        return String.join("\n", lines.subList(from, to)).stripIndent();
    }

    private static int indexOf(List<String> lines, String marker) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().equals(marker)) {
                return i;
            }
        }
        throw new AssertionError("no line contains only " + marker);
    }

    /**
     * Returns code without white space, so that only the formatter decides how lines are broken.
     *
     * @param code any code
     * @return the code without white space
     */
    public static String withoutWhitespace(String code) {
        return code.replaceAll("\\s+", "");
    }
}
