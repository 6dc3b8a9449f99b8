package dev.sojourn.benchmarks.lab;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** Starts the lab on one HTTP framework. */
interface LabAdapter {
    /** All adapters. Add a new one here; {@code --help} lists them. */
    List<LabAdapter> ALL = all(
            new JdkLab(),
            new TomcatLab(),
            new JettyLab(),
            new JavalinLab(),
            new UndertowLab(),
            new VertxLab(),
            new SpringLab());

    /** Returns these adapters and those that are built on newer JDKs only. */
    private static List<LabAdapter> all(LabAdapter... anyJdk) {
        return Stream.concat(
                        Stream.of(anyJdk),
                        ServiceLoader.load(LabAdapter.class, LabAdapter.class.getClassLoader()).stream()
                                .map(ServiceLoader.Provider::get))
                .toList();
    }

    /** Returns the name for {@code --adapter}. */
    String name();

    /**
     * Starts a server on {@link LabServer#HOST}. Mounts {@link LabEndpoints#BARE} outside the session middleware and
     * all other paths inside. A framework whose threads must not block calls {@link LabEndpoints#workOf} first.
     *
     * @param port the port; 0 for any free one
     */
    LabServer start(int port, LabContent content) throws IOException;

    /** The adapters' names, for the command line's help. */
    final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return ALL.stream().map(LabAdapter::name).iterator();
        }
    }

    /** Returns the adapter with a name. */
    static LabAdapter byName(String name) {
        return ALL.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown adapter '" + name + "'; use one of: " + String.join(", ", new Names())));
    }
}
