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
 * Where things lie below java.io.tmpdir: {@code cache} holds unpacked binaries for good, {@code run} one folder a JVM with
 * the data of its servers. A JVM holds a lock on its folder as long as it lives; a folder whose lock is free belonged to a
 * JVM that was killed, and the next one removes it.
 */
final class Folders {

    private static final Set<PosixFilePermission> FOR_ALL = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Path ROOT = Path.of(System.getProperty("java.io.tmpdir"))
            .toAbsolutePath()
            .resolve("sojourn-test-servers-" + System.getProperty("user.name"));

    private static @Nullable Path own;
    private static @Nullable FileChannel ownLock;
    private static int made;

    private Folders() {}

    /** A new empty folder; it goes with the JVM at the latest. */
    static synchronized Path fresh(String name) {
        try {
            Path run = own;
            if (run == null) {
                run = claimRun();
                own = run;
            }
            return createForAll(run.resolve(name + "-" + ++made));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path cache() throws IOException {
        return createForAll(createForAll(ROOT).resolve("cache"));
    }

    /** Runs the work while no other thread and no other JVM does any of this name. */
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

    /** Removes a folder with all that is in it; what is not there needs no removing. */
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
                    // a dying server takes its files away meanwhile
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

    /** All that the files below a folder hold, one after the other. */
    static byte[] bytes(Path folder) {
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

    /** Whether a process of another user gets to this folder. */
    static boolean openToAll(Path folder) {
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

    /** Servers may run as another user than the JVM, so the umask has no say. */
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
            removeAbandoned(runs);
            createForAll(run);
            ownLock = FileChannel.open(lockOf(run), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            ownLock.lock();
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> removeOwn(run), "test-servers-folders"));
        return run;
    }

    private static void removeOwn(Path run) {
        ServerProcess.endAll();
        remove(run);
    }

    private static void removeAbandoned(Path runs) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(runs)) {
            for (Path run : all) {
                if (abandoned(run)) {
                    remove(run);
                }
            }
        }
    }

    private static boolean abandoned(Path run) throws IOException {
        try (FileChannel file = FileChannel.open(lockOf(run), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            return lock != null;
        }
    }

    private static Path lockOf(Path run) {
        return run.resolve("jvm.lock");
    }
}
