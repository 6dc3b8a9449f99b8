package dev.sojourn.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Checks that a compiled source file contains each block of Java code in the README, the guide and the reference,
 * except for white space and comments. That file's own tests run the code.
 */
class PageCodeTest {
    private static final int MAX_README_BYTES = 9_000;

    private final Pages pages = Pages.ofThisBuild();

    @Test
    void every_block_of_java_is_compiled() throws IOException {
        List<String> sources = new ArrayList<>();
        for (Path source : pages.files(".java")) {
            sources.add(withoutSpace(Files.readString(source)));
        }
        int blocks = 0;
        List<String> foreign = new ArrayList<>();
        for (Path page : pages.files(".md")) {
            if (isForUsers(page)) {
                for (String block : Pages.javaIn(Files.readString(page))) {
                    blocks++;
                    String code = withoutSpace(block);
                    if (sources.stream().noneMatch(source -> source.contains(code))) {
                        foreign.add(pages.root().relativize(page) + ":\n" + block);
                    }
                }
            }
        }

        assertThat(blocks).isGreaterThan(25);
        assertThat(foreign).as("code that no source file contains").isEmpty();
    }

    private boolean isForUsers(Path page) {
        Path relative = pages.root().relativize(page);
        return relative.equals(Path.of("README.md"))
                || relative.startsWith("docs/guide")
                || relative.startsWith("docs/reference");
    }

    /** Removes white space and comments. A page may have other comments than the source. */
    private static String withoutSpace(String code) {
        return code.replaceAll("(?m)(^|\\s)//.*$", "").replaceAll("\\s+", "");
    }

    @Test
    void the_readme_is_a_first_page() throws IOException {
        assertThat(Files.size(pages.root().resolve("README.md"))).isLessThanOrEqualTo(MAX_README_BYTES);
    }
}
