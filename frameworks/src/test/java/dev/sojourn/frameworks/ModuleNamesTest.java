package dev.sojourn.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each published jar says what it is called as a module: a name that is made from a file name would change with the version. */
class ModuleNamesTest {
    private static final Pattern DECLARED = Pattern.compile("\\bmodule ([\\w.]+) \\{");
    private static final Pattern AUTOMATIC =
            Pattern.compile("<Automatic-Module-Name>([\\w.]+)</Automatic-Module-Name>");

    private final Path root = Path.of(System.getProperty("sojourn.root", "..")).normalize();

    @Test
    void every_published_jar_has_a_module_name_of_its_own() throws IOException {
        Map<String, String> names = new TreeMap<>();
        try (Stream<Path> folders = Files.list(root)) {
            for (Path folder : folders.filter(ModuleNamesTest::isPublishedJar).toList()) {
                names.put(folder.getFileName().toString(), name(folder));
            }
        }

        assertThat(names).containsKeys("sojourn-core", "sojourn-javalin", "sojourn-spring-boot-starter");
        assertThat(names.values()).allMatch(name -> name.matches("dev\\.sojourn(\\.\\w+)?"), "is dev.sojourn or below");
        assertThat(names.values()).doesNotHaveDuplicates();
    }

    private static boolean isPublishedJar(Path folder) {
        return folder.getFileName().toString().startsWith("sojourn-")
                && Files.isDirectory(folder.resolve("src/main/java"));
    }

    private static String name(Path module) throws IOException {
        Path declaration = module.resolve("src/main/java/module-info.java");
        Matcher found = Files.exists(declaration)
                ? DECLARED.matcher(Files.readString(declaration))
                : AUTOMATIC.matcher(Files.readString(module.resolve("pom.xml")));
        return found.find() ? found.group(1) : "none in " + module.getFileName();
    }
}
