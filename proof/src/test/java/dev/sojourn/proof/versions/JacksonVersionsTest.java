package dev.sojourn.proof.versions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jackson 2 and 3 share their annotations, so another library may bring in an older version of that jar. */
class JacksonVersionsTest {
    private static String start(String classPath) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        CreateSessions.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static String[] classPath() {
        return System.getProperty("java.class.path").split(File.pathSeparator);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.19.2", "2.21"})
    void older_annotations_fail_at_start_up_with_a_message_that_names_both_versions(String version) throws Exception {
        String others = Arrays.stream(classPath())
                .filter(entry -> !entry.contains("jackson-annotations"))
                .collect(Collectors.joining(File.pathSeparator));
        Path older = Path.of(
                System.getProperty("sojourn.build", "target"),
                "annotations",
                "jackson-annotations-" + version + ".jar");
        assertThat(older).exists();

        String output = start(older + File.pathSeparator + others);

        assertThat(output)
                .contains("jackson-annotations is " + version, "must be 2.22", "sojourn-bom", "dependencyManagement");
    }

    @Test
    void the_required_annotations_start() throws Exception {
        assertThat(start(String.join(File.pathSeparator, classPath()))).contains("created");
    }
}
