package dev.sojourn.frameworks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The published modules and their jars.
 *
 * @param root the folder of the whole project
 * @param build the name of each module's build folder
 */
record PublishedModules(Path root, String build) {
    /** The module for Helidon 4, which requires a newer JDK. Older JDKs do not build it. */
    static final String HELIDON = "sojourn-helidon";

    private static final int JDK_OF_HELIDON = 21;

    static PublishedModules ofThisBuild() {
        return new PublishedModules(
                Path.of(System.getProperty("sojourn.root", "..")).normalize(),
                System.getProperty("sojourn.build", "target"));
    }

    /** Returns the folders that start with {@code sojourn-} and contain code, so not the BOM. */
    List<String> modules() throws IOException {
        try (Stream<Path> folders = Files.list(root)) {
            return folders.filter(folder -> Files.isDirectory(folder.resolve("src/main/java")))
                    .map(folder -> folder.getFileName().toString())
                    .filter(name -> name.startsWith("sojourn-"))
                    .filter(name -> !name.equals(HELIDON) || Runtime.version().feature() >= JDK_OF_HELIDON)
                    .sorted()
                    .toList();
        }
    }

    Path folderOf(String module) {
        return root.resolve(module).resolve(build);
    }

    List<Path> jarsOf(String module) throws IOException {
        if (!Files.isDirectory(folderOf(module))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folderOf(module))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }
}
