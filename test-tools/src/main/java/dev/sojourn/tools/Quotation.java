package dev.sojourn.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Code in a page, and the code that it quotes: what a reader copies has to be what was compiled and run. */
public final class Quotation {
    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

    private Quotation() {}

    /**
     * The Java code that a page shows.
     *
     * @param page a file in Markdown
     * @return each block, in order
     * @throws IOException if it cannot be read
     */
    public static List<String> javaIn(Path page) throws IOException {
        return JAVA.matcher(Files.readString(page))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /**
     * The lines between two that say nothing but a mark.
     *
     * @param source a file
     * @param begin the mark before them
     * @param end the next mark after them
     * @return the lines, without the indentation that they share
     * @throws IOException if it cannot be read
     */
    public static String between(Path source, String begin, String end) throws IOException {
        List<String> lines = Files.readAllLines(source);
        int from = indexOf(lines, begin) + 1;
        int to = from + indexOf(lines.subList(from, lines.size()), end);
        return String.join("\n", lines.subList(from, to)).stripIndent();
    }

    private static int indexOf(List<String> lines, String mark) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().equals(mark)) {
                return i;
            }
        }
        throw new AssertionError("no line says " + mark);
    }

    /**
     * Code without its white space: how lines are broken is the formatter's business.
     *
     * @param code any code
     * @return the rest
     */
    public static String withoutSpace(String code) {
        return code.replaceAll("\\s+", "");
    }
}
