package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Checks that the starter works in a process without its optional dependencies. */
class OptionalDependenciesTest {
    private static final Pattern OPTIONAL_JAR = Pattern.compile(
            "security|oauth2|redis|health|actuator|jdbc|h2|HikariCP|selenium|spring-test|webmvc-test|devtools");
    /** The directories of compiled classes, in addition to jars. */
    private static final Pattern OPTIONAL_MODULE = Pattern.compile("[/\\\\]sojourn-(redis|jdbc)[/\\\\]");

    private static String run(String... arguments) throws IOException, InterruptedException {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String classes = Arrays.stream(all.split(File.pathSeparator))
                .filter(each -> !isOptional(each))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classes,
                MinimalApp.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private static boolean isOptional(String entry) {
        String name = entry.endsWith(".jar") ? String.valueOf(Path.of(entry).getFileName()) : "";
        return OPTIONAL_JAR.matcher(name).find()
                || OPTIONAL_MODULE.matcher(entry).find();
    }

    @Test
    void spring_mvc_alone_is_sufficient() throws Exception {
        assertThat(run()).contains("visit 1, visit 2");
    }

    @Test
    void a_missing_store_module_is_reported_at_startup() throws Exception {
        assertThat(run("sojourn.redis.uri=redis://localhost"))
                .contains("needs the dependency dev.sojourn:sojourn-redis");
        assertThat(run("sojourn.sqlite.file=sessions.db")).contains("needs the dependency dev.sojourn:sojourn-jdbc");
    }
}
