package dev.sojourn.tools.values;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The public classes of the running JDK, read from its image so that none is missing. */
public final class PlatformClasses {
    /** The packages with types that an application may reasonably store. */
    public static final List<String> PACKAGES = List.of(
            "java.lang",
            "java.math",
            "java.time",
            "java.time.chrono",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "java.util.regex",
            "java.sql");

    private PlatformClasses() {}

    /**
     * Returns the public classes of {@link #PACKAGES}, nested ones included, ordered by name: classes, enums and
     * records that values can have, and abstract classes and interfaces that they can be declared as.
     *
     * @return the classes
     */
    public static List<Class<?>> all() {
        List<Class<?>> found = new ArrayList<>();
        FileSystem image = FileSystems.getFileSystem(URI.create("jrt:/"));
        for (String name : PACKAGES) {
            String module = name.equals("java.sql") ? "java.sql" : "java.base";
            Path folder = image.getPath("modules", module, name.replace('.', '/'));
            try (Stream<Path> files = Files.list(folder)) {
                files.map(file -> file.getFileName().toString())
                        .filter(file -> file.endsWith(".class"))
                        .map(file -> load(name + "." + file.substring(0, file.length() - ".class".length())))
                        .filter(PlatformClasses::isPublic)
                        .forEach(found::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        found.sort(Comparator.comparing(Class::getName));
        return found;
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, null);
        } catch (ClassNotFoundException e) {
            try {
                return Class.forName(name, false, ClassLoader.getPlatformClassLoader());
            } catch (ClassNotFoundException again) {
                throw new IllegalStateException("a class in the JDK's image cannot be loaded", again);
            }
        }
    }

    private static boolean isPublic(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getDeclaringClass()) {
            if (!Modifier.isPublic(each.getModifiers()) || each.isAnonymousClass() || each.isLocalClass()) {
                return false;
            }
        }
        return !type.isAnnotation();
    }
}
