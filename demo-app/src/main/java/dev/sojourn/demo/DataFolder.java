package dev.sojourn.demo;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The folder for data that outlives the process: the folder that {@code DATA} names, or {@code data} in the demo's
 * module, whatever the working directory is.
 */
final class DataFolder {
    private DataFolder() {}

    static Path of(String configured) {
        return configured.isBlank()
                ? moduleFolder()
                : Path.of(configured.strip()).toAbsolutePath();
    }

    private static Path moduleFolder() {
        Path code = codeLocation();
        for (Path folder = code; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("pom.xml"))) {
                return folder.resolve("data");
            }
        }
        // The jar is outside its project.
        return code.resolveSibling("data");
    }

    private static Path codeLocation() {
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

    /**
     * Creates the folder if it is missing. Only its owner has access, because it contains sessions and the secret that
     * signs their cookies.
     */
    static void create(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        try {
            Files.createDirectories(folder.toAbsolutePath().getParent());
            Files.createDirectories(folder, ownerOnly("rwx------", folder));
        } catch (IOException e) {
            throw new IOException(
                    "the folder " + folder + " cannot be created; set DATA to a folder that the demo may write to", e);
        }
    }

    /**
     * Returns the attributes of a new file or folder with these POSIX permissions; none if the file system does not
     * support them.
     */
    static FileAttribute<?>[] ownerOnly(String permissions, Path near) {
        return near.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
