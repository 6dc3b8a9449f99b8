package dev.sojourn.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A local Maven repository that contains the artifacts of this build. Everything else in it links to the repository that
 * this build uses, so examples find their dependencies there, and Sojourn is installed nowhere else.
 */
final class LocalRepository {
    private static final Path ROOT = Path.of("..");
    private static final String BUILD = System.getProperty("sojourn.build", "target");
    private static final List<String> GROUP = List.of("dev", "sojourn");

    private LocalRepository() {}

    /** Creates the repository, or brings it up to date. */
    static Path create() throws IOException {
        Path created = Path.of(BUILD, "repository").toAbsolutePath();
        link(Path.of(System.getProperty("maven.repo.local")), created, GROUP);
        install(created, "sojourn-parent", ROOT.resolve("pom.xml"));
        try (Stream<Path> folders = Files.list(ROOT)) {
            for (Path module : folders.filter(LocalRepository::isPublished).toList()) {
                install(created, module.getFileName().toString(), module.resolve("pom.xml"));
            }
        }
        return created;
    }

    /** Links to each child of a folder. Recreates the folders along a path, whose last one has no links. */
    private static void link(Path from, Path to, List<String> except) throws IOException {
        Files.createDirectories(to);
        if (except.isEmpty()) {
            return;
        }
        try (Stream<Path> children = Files.list(from)) {
            for (Path child : children.filter(Files::isDirectory).toList()) {
                Path linked = to.resolve(child.getFileName());
                if (!child.endsWith(except.get(0)) && Files.notExists(linked)) {
                    Files.createSymbolicLink(linked, child);
                }
            }
        }
        link(from.resolve(except.get(0)), to.resolve(except.get(0)), except.subList(1, except.size()));
    }

    private static boolean isPublished(Path module) {
        return module.getFileName().toString().startsWith("sojourn-") && Files.exists(module.resolve("pom.xml"));
    }

    private static void install(Path repository, String artifact, Path pom) throws IOException {
        String version = Poms.versionOf(ROOT.resolve("pom.xml"));
        Path folder = Files.createDirectories(
                repository.resolve(String.join("/", GROUP)).resolve(artifact).resolve(version));
        String name = artifact + "-" + version;
        Files.copy(pom, folder.resolve(name + ".pom"), StandardCopyOption.REPLACE_EXISTING);
        Path jar = ROOT.resolve(artifact).resolve(BUILD).resolve(name + ".jar");
        if (Files.exists(jar)) {
            Files.copy(jar, folder.resolve(name + ".jar"), StandardCopyOption.REPLACE_EXISTING);
        } else {
            assertThat(Files.isDirectory(ROOT.resolve(artifact).resolve(BUILD).resolve("classes")))
                    .as("%s is compiled but not packaged: run mvn verify -Pall -pl examples -am", artifact)
                    .isFalse();
        }
    }
}
