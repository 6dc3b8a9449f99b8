package dev.sojourn.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks that every published module is in the lists for users and for the build. */
class ModuleListsTest {
    private final PublishedModules published = PublishedModules.ofThisBuild();

    @ParameterizedTest
    @CsvSource({
        "pom.xml, <module>%s</module>",
        "pom.xml, <artifactId>%s</artifactId>",
        "sojourn-bom/pom.xml, <artifactId>%s</artifactId>",
        "frameworks/pom.xml, <artifactId>%s</artifactId>",
        "README.md, [`%1$s`](%1$s)"
    })
    void every_published_module_is_listed(String file, String entry) throws IOException {
        List<String> modules = published.modules();
        String text = Files.readString(published.root().resolve(file));
        List<String> missing = new ArrayList<>(modules);
        missing.removeIf(module -> text.contains(entry.formatted(module)));

        assertThat(modules).contains("sojourn-core", "sojourn-redis");
        assertThat(missing).as("published modules that %s does not list", file).isEmpty();
    }
}
