package dev.sojourn.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Checks that every link between pages leads to an existing file and heading. */
class PageLinksTest {
    private static final Pattern EXTERNAL = Pattern.compile("[a-z]+:.*");
    private static final Pattern PAGE_NAMED_IN_CODE = Pattern.compile("docs/[\\w./-]+\\.md");

    private final Pages pages = Pages.ofThisBuild();

    @Test
    void every_link_between_pages_resolves() throws IOException {
        List<Path> all = pages.files(".md");
        List<String> broken = new ArrayList<>();
        for (Path page : all) {
            for (String link : Pages.linksIn(Files.readString(page))) {
                String problem = EXTERNAL.matcher(link).matches() ? null : problemOf(page, link);
                if (problem != null) {
                    broken.add(pages.root().relativize(page) + ": (" + link + ") " + problem);
                }
            }
        }

        assertThat(all).hasSizeGreaterThan(60);
        assertThat(broken).as("broken links").isEmpty();
    }

    private static @Nullable String problemOf(Path page, String link) throws IOException {
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target = path.isEmpty() ? page : page.resolveSibling(path).normalize();
        if (!Files.exists(target)) {
            return "no such file";
        }
        if (hash < 0) {
            return null;
        }
        Path shown = Files.isDirectory(target) ? target.resolve("README.md") : target;
        if (!shown.toString().endsWith(".md") || !Files.exists(shown)) {
            return "only pages have anchors";
        }
        Set<String> anchors = Pages.anchorsIn(Files.readString(shown));
        return anchors.contains(link.substring(hash + 1)) ? null : "no such heading among " + anchors;
    }

    /** Checks pages that log messages and comments name. */
    @Test
    void every_page_that_code_names_exists() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Path file : pages.files(".java", ".xml", ".sql", ".mjs", ".yml", ".properties")) {
            Matcher named = PAGE_NAMED_IN_CODE.matcher(Files.readString(file));
            while (named.find()) {
                if (!Files.exists(pages.root().resolve(named.group()))) {
                    missing.add(pages.root().relativize(file) + ": " + named.group());
                }
            }
        }

        assertThat(missing).as("pages that do not exist").isEmpty();
    }

    @Test
    void anchors_are_those_of_a_forge() {
        assertThat(Pages.anchorsIn(
                        "# A `b()`, C\n\n## Is it?\n\n## Is it?\n\n```sh\n# no heading\n```\n## [X](y.md) — z\n"))
                .containsExactly("a-b-c", "is-it", "is-it-1", "x--z");
        assertThat(Pages.linksIn("[a](b.md) `[c](d.md)` ``e`[f](g.md)`` [h](i.md#j)\n```\n[k](l.md)\n```\n"))
                .containsExactly("b.md", "i.md#j");
    }
}
