package dev.sojourn.benchmarks.lab;

import dev.sojourn.Sessions;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** The lab's endpoints in one HTTP framework. */
interface LabAdapter {
    /** All there are. A new one is added here. */
    List<LabAdapter> ALL = List.of(new JdkLab());

    /** What {@code --adapter} calls it. */
    String name();

    /**
     * Starts a server on 127.0.0.1. {@link LabEndpoints#BARE} is mounted outside of the sessions, everything else
     * inside of them.
     *
     * @param port the port; 0 for any free one
     */
    LabServer start(int port, Sessions sessions) throws IOException;

    /** The adapter of this name. */
    static LabAdapter named(String name) {
        return ALL.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no adapter '" + name
                        + "'; what there is: "
                        + ALL.stream().map(LabAdapter::name).collect(Collectors.joining(", "))));
    }
}
