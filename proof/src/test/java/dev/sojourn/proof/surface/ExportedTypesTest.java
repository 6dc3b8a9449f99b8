package dev.sojourn.proof.surface;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Pins the public types of every published module: a new one needs a line in {@code exported-types.txt}.
 */
class ExportedTypesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern EXPORTS = Pattern.compile("(?m)^\\s*exports\\s+([\\w.]+)\\s*;");
    private static final Set<Tree.Kind> TYPES =
            Set.of(Tree.Kind.CLASS, Tree.Kind.INTERFACE, Tree.Kind.ENUM, Tree.Kind.RECORD, Tree.Kind.ANNOTATION_TYPE);

    @Test
    void published_modules_export_exactly_the_listed_types() throws IOException {
        List<String> exported = new ArrayList<>();
        for (Path module : publishedModules()) {
            for (String type : exportedTypes(module.resolve("src/main/java"))) {
                exported.add(module.getFileName() + " " + type);
            }
        }
        Files.createDirectories(Path.of("target"));
        Files.write(Path.of("target/exported-types.txt"), exported);

        assertThat(exported)
                .as("if the change is intended, copy proof/target/exported-types.txt over the list")
                .isEqualTo(listedTypes());
    }

    @Test
    void the_engine_package_has_no_more_public_types_than_the_api_needs() {
        Path sources = ROOT.resolve("sojourn-core/src/main/java");

        assertThat(topLevel(publicTypes(sources, "dev.sojourn.engine")))
                .containsExactly(
                        "CommonSettings",
                        "CrossSiteSettings",
                        "Engine",
                        "EngineFactory",
                        "EngineSettings",
                        "FamilyOptions",
                        "RememberRules",
                        "RetryPacer",
                        "RevocationList",
                        "RevocationSettings",
                        "ScopeSettings",
                        "SealedEngine",
                        "SealedSettings",
                        "TokenEngine",
                        "TokenViewSettings");
    }

    private static List<String> topLevel(Set<String> types) {
        return types.stream()
                .map(type -> type.substring("dev.sojourn.engine.".length()))
                .filter(type -> type.indexOf('.') < 0)
                .toList();
    }

    private static List<String> listedTypes() throws IOException {
        try (InputStream list = ExportedTypesTest.class.getResourceAsStream("exported-types.txt")) {
            return new String(Objects.requireNonNull(list).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private static List<Path> publishedModules() throws IOException {
        try (Stream<Path> all = Files.list(ROOT)) {
            return all.filter(each -> each.getFileName().toString().startsWith("sojourn-"))
                    .filter(each -> Files.isDirectory(each.resolve("src/main/java")))
                    .sorted()
                    .toList();
        }
    }

    private static Set<String> exportedTypes(Path sources) throws IOException {
        Set<String> types = new TreeSet<>();
        for (String name : exportedPackages(sources)) {
            types.addAll(publicTypes(sources, name));
        }
        return types;
    }

    /** A module without a descriptor is an automatic module and exports all of its packages. */
    private static List<String> exportedPackages(Path sources) throws IOException {
        Path descriptor = sources.resolve("module-info.java");
        if (Files.exists(descriptor)) {
            Matcher matcher = EXPORTS.matcher(Files.readString(descriptor));
            return matcher.results().map(found -> found.group(1)).toList();
        }
        try (Stream<Path> all = Files.walk(sources)) {
            return all.filter(Files::isDirectory)
                    .map(folder -> sources.relativize(folder).toString().replace('/', '.'))
                    .filter(name -> !name.isEmpty())
                    .toList();
        }
    }

    private static Set<String> publicTypes(Path sources, String packageName) {
        Set<String> types = new TreeSet<>();
        for (CompilationUnitTree unit : parse(sources.resolve(packageName.replace('.', '/')))) {
            for (Tree declared : unit.getTypeDecls()) {
                collect(declared, packageName, false, types);
            }
        }
        return types;
    }

    private static List<CompilationUnitTree> parse(Path folder) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (Stream<Path> all = Files.list(folder);
                StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<Path> sources =
                    all.filter(each -> each.toString().endsWith(".java")).toList();
            if (sources.isEmpty()) {
                return List.of();
            }
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            List<CompilationUnitTree> units = new ArrayList<>();
            task.parse().forEach(units::add);
            return units;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Members of interfaces are public implicitly. */
    private static void collect(Tree declared, String outer, boolean inInterface, Set<String> types) {
        if (!TYPES.contains(declared.getKind())) {
            return;
        }
        ClassTree type = (ClassTree) declared;
        if (!inInterface && !type.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
            return;
        }
        String name = outer + "." + type.getSimpleName();
        types.add(name);
        boolean isInterface = type.getKind() == Tree.Kind.INTERFACE || type.getKind() == Tree.Kind.ANNOTATION_TYPE;
        type.getMembers().forEach(member -> collect(member, name, isInterface, types));
    }
}
