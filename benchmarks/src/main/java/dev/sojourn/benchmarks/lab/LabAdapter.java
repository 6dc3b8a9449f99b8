package dev.sojourn.benchmarks.lab;

import dev.sojourn.Sessions;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The lab's endpoints in one HTTP framework. */
interface LabAdapter {
    /** All there are. A new one is added here, which is also what {@code --help} lists. */
    List<LabAdapter> ALL = all(
            new JdkLab(),
            new TomcatLab(),
            new JettyLab(),
            new JavalinLab(),
            new UndertowLab(),
            new VertxLab(),
            new SpringLab());

    /** These, and what was built only because the JDK was new enough. */
    private static List<LabAdapter> all(LabAdapter... anyJdk) {
        return Stream.concat(
                        Stream.of(anyJdk),
                        ServiceLoader.load(LabAdapter.class, LabAdapter.class.getClassLoader()).stream()
                                .map(ServiceLoader.Provider::get))
                .toList();
    }

    /** What {@code --adapter} calls it. */
    String name();

    /**
     * Starts a server on {@link LabServer#HOST}. {@link LabEndpoints#BARE} is mounted outside of the sessions, everything
     * else inside of them. A framework whose threads must not wait looks at {@link LabEndpoints#work} first.
     *
     * @param port the port; 0 for any free one
     */
    LabServer start(int port, Sessions sessions) throws IOException;

    /** The names, for the command line's help. */
    final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return ALL.stream().map(LabAdapter::name).iterator();
        }
    }

    /** The adapter of this name. */
    static LabAdapter named(String name) {
        return ALL.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no adapter '" + name + "'; what there is: " + String.join(", ", new Names())));
    }
}
