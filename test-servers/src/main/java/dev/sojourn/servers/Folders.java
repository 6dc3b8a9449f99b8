package dev.sojourn.servers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folders below java.io.tmpdir: {@code cache} keeps unpacked binaries permanently, and {@code run} has one folder per JVM
 * with the data of its servers. A JVM holds a lock on its folder while it runs. A folder whose lock is free belonged to a
 * killed JVM; the next JVM removes it.
 */
final class Folders {

    private static final Set<PosixFilePermission> FOR_ALL = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Path ROOT = Path.of(System.getProperty("java.io.tmpdir"))
            .toAbsolutePath()
            .resolve("sojourn-test-servers-" + System.getProperty("user.name"));

    private static @Nullable Path runFolder;
    private static @Nullable FileChannel runLock;
    private static int created;

    private Folders() {}

    /** Creates an empty folder, which is removed when the JVM ends, if not before. */
    static synchronized Path create(String name) {
        try {
            Path run = runFolder;
            if (run == null) {
                run = claimRun();
                runFolder = run;
            }
            return createForAll(run.resolve(name + "-" + ++created));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path cache() throws IOException {
        return createForAll(createForAll(ROOT).resolve("cache"));
    }

    /** Runs the work under a lock of this name, which excludes other threads and other JVMs. */
    static synchronized void exclusively(String name, Work work) throws IOException {
        createForAll(ROOT);
        try (FileChannel file = FileChannel.open(
                        ROOT.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            if (lock.isValid()) {
                work.run();
            }
        }
    }

    interface Work {
        void run() throws IOException;
    }

    /** Removes a folder with its contents; does nothing if it does not exist. */
    static void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    // a server that is ending may delete its files concurrently
                    if (failure instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path emptied, @Nullable IOException failure)
                        throws IOException {
                    Files.deleteIfExists(emptied);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the contents of all files below a folder, concatenated. */
    static byte[] readAll(Path folder) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.writeBytes(Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toByteArray();
    }

    /** Returns whether a process of another user can reach this folder. */
    static boolean isAccessibleToAll(Path folder) {
        try {
            for (Path at = folder; at != null; at = at.getParent()) {
                if (!Files.getPosixFilePermissions(at).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Creates a folder that every user can read, whatever the umask: servers may run as another user than the JVM. */
    static Path createForAll(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, FOR_ALL);
        }
        return folder;
    }

    private static Path claimRun() throws IOException {
        Path runs = createForAll(createForAll(ROOT).resolve("run"));
        Path run = runs.resolve(ProcessHandle.current().pid() + "-" + Long.toString(System.nanoTime(), 36));
        exclusively("run", () -> {
            removeFoldersOfKilledJvms(runs);
            createForAll(run);
            runLock = FileChannel.open(lockFile(run), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            runLock.lock();
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endAndRemove(run), "test-servers-folders"));
        return run;
    }

    private static void endAndRemove(Path run) {
        ServerProcess.endAll();
        remove(run);
    }

    private static void removeFoldersOfKilledJvms(Path runs) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(runs)) {
            for (Path run : all) {
                if (isAbandoned(run)) {
                    remove(run);
                }
            }
        }
    }

    private static boolean isAbandoned(Path run) throws IOException {
        try (FileChannel file = FileChannel.open(lockFile(run), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            return lock != null;
        }
    }

    private static Path lockFile(Path run) {
        return run.resolve("jvm.lock");
    }
}
