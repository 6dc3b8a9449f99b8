package dev.sojourn.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checks the files that a release publishes in addition to each jar. Requires {@code -Pall}. */
@Tag("release")
class ReleaseFilesTest {
    private final PublishedModules published = PublishedModules.ofThisBuild();

    @BeforeEach
    void assumeFullBuild() {
        Assumptions.assumeFalse(Boolean.getBoolean("cyclonedx.skip"), "not built with -Dquick: run mvn verify -Pall");
    }

    @Test
    void every_jar_has_its_sources_and_its_javadoc() throws IOException {
        for (String module : published.modules()) {
            assertThat(published.jarsOf(module))
                    .extracting(jar -> jar.getFileName().toString())
                    .as("jars of %s", module)
                    .anyMatch(name -> name.endsWith("-sources.jar"))
                    .anyMatch(name -> name.endsWith("-javadoc.jar"));
        }
    }

    @Test
    void every_module_has_a_bill_of_materials() throws IOException {
        for (String module : published.modules()) {
            assertThat(billsOf(module)).as("bills of materials of %s", module).hasSize(1);
            assertThat(billOf(module))
                    .contains("\"bomFormat\" : \"CycloneDX\"", "pkg:maven/dev.sojourn/" + module + "@");
        }
    }

    @Test
    void a_bill_of_materials_lists_dependencies_without_those_of_tests() throws IOException {
        assertThat(billOf("sojourn-redis"))
                .contains("pkg:maven/io.lettuce/lettuce-core@", "pkg:maven/tools.jackson.core/jackson-databind@")
                .doesNotContain("pkg:maven/org.junit", "pkg:maven/org.assertj", "pkg:maven/dev.sojourn/test-servers");
    }

    private String billOf(String module) throws IOException {
        return Files.readString(billsOf(module).get(0));
    }

    private List<Path> billsOf(String module) throws IOException {
        try (Stream<Path> files = Files.list(published.folderOf(module))) {
            return files.filter(file -> file.toString().endsWith("-cyclonedx.json"))
                    .toList();
        }
    }
}
