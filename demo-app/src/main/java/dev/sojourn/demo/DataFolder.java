package dev.sojourn.demo;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where the demo keeps what outlives it: the folder {@code data} of its module, wherever it was started from, or the one
 * that {@code DATA} names.
 */
final class DataFolder {
    private DataFolder() {}

    static Path of(String named) {
        return named.isBlank() ? ofTheModule() : Path.of(named.strip()).toAbsolutePath();
    }

    private static Path ofTheModule() {
        Path code = code();
        for (Path folder = code; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("pom.xml"))) {
                return folder.resolve("data");
            }
        }
        // The jar was carried away from its project.
        return code.resolveSibling("data");
    }

    private static Path code() {
        try {
            return Path.of(DataFolder.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes it if it is missing. Nobody else may look into it: it holds sessions, and the secret that signs them. */
    static void make(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        try {
            Files.createDirectories(folder.toAbsolutePath().getParent());
            Files.createDirectories(folder, owners("rwx------", folder));
        } catch (IOException e) {
            throw new IOException(
                    "the folder " + folder + " cannot be made; DATA=… names another one, where the demo may write", e);
        }
    }

    /** Attributes of a new file or folder, where the file system knows such rights. */
    static FileAttribute<?>[] owners(String rights, Path near) {
        return near.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))}
                : new FileAttribute<?>[0];
    }
}
