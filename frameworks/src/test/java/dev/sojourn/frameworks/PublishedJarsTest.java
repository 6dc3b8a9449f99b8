package dev.sojourn.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checks every jar that this build publishes. */
class PublishedJarsTest {
    private static final int JAVA_17 = 61;
    private static final int JAVA_21 = 65;

    private final PublishedModules published = PublishedModules.ofThisBuild();
    private final Map<String, List<Path>> jars = new TreeMap<>();

    @BeforeEach
    void findJars() throws IOException {
        for (String module : published.modules()) {
            jars.put(module, published.jarsOf(module));
        }
        Assumptions.assumeFalse(
                jars.values().stream().allMatch(List::isEmpty),
                "no jar was built: run mvn verify for the whole project");
        assertThat(jars)
                .as("each published module and its jars")
                .allSatisfy((module, found) -> assertThat(found).isNotEmpty());
    }

    @Test
    void every_jar_contains_the_license_and_the_notice() throws IOException {
        for (List<Path> ofOneModule : jars.values()) {
            for (Path jar : ofOneModule) {
                assertThat(containsRootFile(jar, "LICENSE"))
                        .as("LICENSE in %s", jar)
                        .isTrue();
                assertThat(containsRootFile(jar, "NOTICE"))
                        .as("NOTICE in %s", jar)
                        .isTrue();
            }
        }
    }

    /** A module name that is derived from the file name would change with the version. */
    @Test
    void every_jar_declares_a_unique_module_name() throws IOException {
        Map<String, @Nullable String> names = new TreeMap<>();
        for (String module : jars.keySet()) {
            names.put(module, moduleNameOf(classesOf(module)));
        }

        assertThat(names.values())
                .as("module names %s", names)
                .doesNotContainNull()
                .allMatch(name -> name.matches("dev\\.sojourn(\\.\\w+)?"))
                .doesNotHaveDuplicates();
    }

    @Test
    void every_class_runs_on_the_oldest_supported_jdk() throws IOException {
        for (String module : jars.keySet()) {
            int newest = module.equals(PublishedModules.HELIDON) ? JAVA_21 : JAVA_17;
            assertThat(classFileVersions(classesOf(module)))
                    .as("class file versions in %s", module)
                    .isNotEmpty()
                    .allMatch(version -> version <= newest);
        }
    }

    private Path classesOf(String module) {
        return jars.getOrDefault(module, List.of()).stream()
                .filter(jar -> !jar.toString().matches(".*-(sources|javadoc)\\.jar"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no jar of classes in " + module));
    }

    private boolean containsRootFile(Path jar, String name) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            JarEntry entry = file.getJarEntry("META-INF/" + name);
            return entry != null
                    && Arrays.equals(
                            file.getInputStream(entry).readAllBytes(),
                            Files.readAllBytes(published.root().resolve(name)));
        }
    }

    private static @Nullable String moduleNameOf(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            JarEntry declaration = file.getJarEntry("module-info.class");
            return declaration == null
                    ? file.getManifest().getMainAttributes().getValue("Automatic-Module-Name")
                    : ModuleDescriptor.read(file.getInputStream(declaration)).name();
        }
    }

    private static Set<Integer> classFileVersions(Path jar) throws IOException {
        Set<Integer> versions = new TreeSet<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : Collections.list(file.entries())) {
                if (entry.getName().endsWith(".class")) {
                    // magic number (4 bytes), minor version (2), major version (2)
                    versions.add(ByteBuffer.wrap(file.getInputStream(entry).readNBytes(8))
                            .getInt(4));
                }
            }
        }
        return versions;
    }
}
