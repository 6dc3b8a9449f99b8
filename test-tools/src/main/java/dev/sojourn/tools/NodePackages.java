package dev.sojourn.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Installs programs for Node.js next to the packages that their lock file pins. */
public final class NodePackages {
    private static final String LOCK = "package-lock.json";

    private NodePackages() {}

    /**
     * Copies the programs of a folder into the build folder and fetches their packages there: once, and again if the lock
     * file has changed. Skips the running test, with a message, if there is no Node.js or the packages cannot be fetched.
     *
     * @param sources the folder with the programs, package.json and package-lock.json
     * @param name the name of the folder in the build folder
     * @return the folder in which node can run the programs
     */
    public static Path install(Path sources, String name) throws IOException, InterruptedException {
        require("node", "install Node.js 20 or newer");
        Path folder = Files.createDirectories(Path.of(System.getProperty("sojourn.build", "target"), name));
        Path lock = folder.resolve(LOCK);
        boolean fetched = Files.isDirectory(folder.resolve("node_modules"))
                && Files.exists(lock)
                && Files.mismatch(lock, sources.resolve(LOCK)) < 0;
        for (Path file : programs(sources)) {
            Files.copy(file, folder.resolve(sources.relativize(file)), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!fetched) {
            fetch(folder);
        }
        return folder;
    }

    private static List<Path> programs(Path sources) throws IOException {
        try (Stream<Path> files = Files.list(sources)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static void fetch(Path folder) throws IOException, InterruptedException {
        require("npm", "install it next to Node.js");
        Path log = folder.resolve("npm.log");
        int exit = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (exit != 0) {
            Files.delete(folder.resolve(LOCK));
            Assumptions.abort("the packages could not be fetched: npm ci failed, see " + log);
        }
    }

    private static void require(String program, String how) throws InterruptedException {
        Assumptions.assumeTrue(runs(program), program + " was not found: " + how);
    }

    private static boolean runs(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
