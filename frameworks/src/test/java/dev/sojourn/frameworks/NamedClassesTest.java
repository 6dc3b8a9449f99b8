package dev.sojourn.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Checks that the classes and tests that the pages for maintainers name exist. */
class NamedClassesTest {
    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^ *```.*?^ *``` *$");
    /** A class, optionally with a member: {@code Sessions.Config}, {@code ListenerTest.a_test}. */
    private static final Pattern NAMED = Pattern.compile("`([A-Z][a-z]\\w+)(?:\\.(\\w+))?(?:\\(.*?\\))?`");

    private static final Pattern DECLARATION = Pattern.compile("\\b(?:class|interface|record|enum) ([A-Z]\\w+)");

    /** Headers of HTTP, and classes of Java and Jakarta. */
    private static final Set<String> NOT_OURS = Set.of(
            "Vary",
            "Expires",
            "Pragma",
            "Forwarded",
            "HttpSession",
            "HttpSessionListener",
            "Optional",
            "Duration",
            "Instant");

    private final Pages pages = Pages.ofThisBuild();

    @Test
    void every_class_and_member_that_a_page_for_maintainers_names_exists() throws IOException {
        Map<String, String> sources = sourcesByClass();
        Set<String> missing = new TreeSet<>();
        for (Path page : pages.files(".md")) {
            if (isForMaintainers(page)) {
                String text = CODE_BLOCK.matcher(Files.readString(page)).replaceAll("");
                NAMED.matcher(text)
                        .results()
                        .filter(name -> !NOT_OURS.contains(name.group(1)) && !exists(name, sources))
                        .forEach(name -> missing.add(pages.root().relativize(page) + ": " + name.group()));
            }
        }

        assertThat(missing).as("names that no source has").isEmpty();
    }

    private boolean isForMaintainers(Path page) {
        return page.startsWith(pages.root().resolve("docs/internals"))
                || page.equals(pages.root().resolve("CONTRIBUTING.md"));
    }

    private static boolean exists(MatchResult name, Map<String, String> sources) {
        String source = sources.get(name.group(1));
        String member = name.group(2);
        return source != null
                && (member == null
                        || Pattern.compile("\\b" + member + "\\b")
                                .matcher(source)
                                .find());
    }

    /** Returns the sources that declare a class of each name. */
    private Map<String, String> sourcesByClass() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (Path file : pages.files(".java")) {
            String source = Files.readString(file);
            Matcher declaration = DECLARATION.matcher(source);
            while (declaration.find()) {
                sources.merge(declaration.group(1), source, String::concat);
            }
        }
        return sources;
    }
}
