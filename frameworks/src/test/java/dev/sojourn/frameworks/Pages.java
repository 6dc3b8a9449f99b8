package dev.sojourn.frameworks;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The files of the project that people read or write.
 *
 * @param root the folder of the whole project
 */
record Pages(Path root) {
    private static final Set<String> SKIPPED_FOLDERS = Set.of("target", "node_modules", ".git", ".idea", ".m2");
    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^ *```.*?^ *``` *$");
    private static final Pattern JAVA_BLOCK = Pattern.compile("(?ms)^( *)```java\\n(.*?)^ *```");
    private static final Pattern CODE_SPAN = Pattern.compile("(`+)(?:.*?[^`])\\1(?!`)");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^()\\s]+(?:\\([^()\\s]*\\)[^()\\s]*)*)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *#*$");
    private static final Pattern LINK_IN_HEADING = Pattern.compile("\\[([^\\]]*)\\]\\([^)]*\\)");
    private static final Pattern NOT_IN_ANCHOR = Pattern.compile("[^\\p{L}\\p{N}\\p{M}_ -]");

    static Pages ofThisBuild() {
        return new Pages(PublishedModules.ofThisBuild().root().toAbsolutePath().normalize());
    }

    /** Returns every file with one of these endings, outside of build folders. */
    List<Path> files(String... endings) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return SKIPPED_FOLDERS.contains(String.valueOf(folder.getFileName()))
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.toString();
                for (String ending : endings) {
                    if (name.endsWith(ending)) {
                        found.add(file);
                        break;
                    }
                }
                return FileVisitResult.CONTINUE;
            }
        });
        found.sort(null);
        return found;
    }

    /** Returns the targets of a page's links, in order. Code has none. */
    static List<String> linksIn(String page) {
        String text = CODE_SPAN.matcher(CODE_BLOCK.matcher(page).replaceAll("")).replaceAll("");
        return LINK.matcher(text).results().map(link -> link.group(1)).toList();
    }

    /** Returns the anchors that a forge gives a page's headings. */
    static Set<String> anchorsIn(String page) {
        Map<String, Integer> seen = new HashMap<>();
        Set<String> anchors = new LinkedHashSet<>();
        HEADING.matcher(CODE_BLOCK.matcher(page).replaceAll("")).results().forEach(heading -> {
            String anchor = anchorOf(heading.group(1));
            int before = seen.merge(anchor, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? anchor : anchor + "-" + before);
        });
        return anchors;
    }

    private static String anchorOf(String heading) {
        String text = LINK_IN_HEADING.matcher(heading).replaceAll("$1").toLowerCase(Locale.ROOT);
        return NOT_IN_ANCHOR.matcher(text).replaceAll("").replace(' ', '-');
    }

    /** Returns the Java code that a page shows, block by block. */
    static List<String> javaIn(String page) {
        return JAVA_BLOCK
                .matcher(page)
                .results()
                .map((MatchResult block) -> block.group(2))
                .toList();
    }
}
