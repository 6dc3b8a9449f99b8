package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.spring.readme.Counter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Checks the programs and tables of the README. */
class ReadmeTest {
    private static final Path MODULE = Path.of(System.getProperty("starter.folder", ""));

    @TempDir
    private Path folder;

    private static String readme() throws IOException {
        return Files.readString(MODULE.resolve("README.md"));
    }

    @Test
    void the_readme_quotes_the_program_that_is_run_here() throws Exception {
        String source = Files.readString(MODULE.resolve("src/test/java/dev/sojourn/spring/readme/Counter.java"));
        String program = source.substring(source.indexOf("@SpringBootApplication\n"));

        assertThat(readme()).contains("```java\n" + program + "```");
    }

    @Test
    void the_readme_quotes_the_test_that_is_run_here() throws Exception {
        String source = Files.readString(MODULE.resolve("src/test/java/dev/sojourn/spring/readme/CounterTests.java"));
        String test = source.substring(source.indexOf("@WebMvcTest(Counter.class)\n"));

        assertThat(readme()).contains("```java\n" + test + "```");
    }

    @Test
    void the_program_counts_and_continues_after_a_restart() {
        String[] properties = {
            "sojourn.sqlite.file=" + folder.resolve("sessions.db"),
            // Spring Security is on the class path of these tests, but the program does not use it.
            "spring.autoconfigure.exclude=org.springframework.boot.security.autoconfigure.web.servlet"
                    + ".ServletWebSecurityAutoConfiguration,org.springframework.boot.security.autoconfigure.actuate"
                    + ".web.servlet.ManagementWebSecurityAutoConfiguration"
        };
        Browser browser;
        try (Application before = Application.start(Counter.class, properties)) {
            browser = before.browser();
            assertThat(browser.get("/").text()).isEqualTo("views: 1\n");
        }
        try (Application after = Application.start(Counter.class, properties)) {
            assertThat(browser.moveTo(after.port()).get("/").text()).isEqualTo("views: 2\n");
        }
    }

    @Test
    void the_readme_lists_every_property() throws Exception {
        for (String property : properties("sojourn.", SojournProperties.class)) {
            assertThat(readme()).contains("`" + property + "`");
        }
    }

    @Test
    void every_property_has_a_description_for_editors() throws Exception {
        JsonNode described;
        try (InputStream metadata =
                SojournProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            described = JsonMapper.shared().readTree(metadata).get("properties");
        }
        List<String> names = new ArrayList<>();
        for (JsonNode each : described) {
            names.add(each.get("name").stringValue());
            assertThat(each.path("description").asString(""))
                    .as(each.toString())
                    .hasSizeGreaterThan(10);
        }

        assertThat(names).containsExactlyInAnyOrderElementsOf(properties("sojourn.", SojournProperties.class));
    }

    private static List<String> properties(String prefix, Class<?> type) {
        List<String> names = new ArrayList<>();
        for (RecordComponent each : type.getRecordComponents()) {
            String name = prefix + each.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            if (each.getType().isRecord()) {
                names.addAll(properties(name + ".", each.getType()));
            } else {
                names.add(name);
            }
        }
        return names;
    }
}
