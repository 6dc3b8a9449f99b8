package dev.sojourn.demo.servers;

import java.util.List;
import java.util.stream.Collectors;

/** The adapters that {@code ADAPTER} can name. */
public final class Adapters {
    /** All adapters, the default first. Add a new one here. */
    private static final List<Adapter> ALL = List.of(
            new JdkServer(),
            new TomcatServer(),
            new JettyServer(),
            new JavalinServer(),
            new UndertowServer(),
            new VertxServer(),
            new SpringServer());

    private Adapters() {}

    /**
     * Returns all adapters.
     *
     * @return the adapters, the default first
     */
    public static List<Adapter> all() {
        return ALL;
    }

    /**
     * Returns the adapter with a name.
     *
     * @param name the value of {@code ADAPTER}; blank for the default
     * @return the adapter
     * @throws IllegalArgumentException if there is none; the message lists the valid names
     */
    public static Adapter byName(String name) {
        if (name.isBlank()) {
            return ALL.get(0);
        }
        return ALL.stream()
                .filter(each -> each.name().equals(name.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown ADAPTER '" + name.strip()
                        + "'; use one of: "
                        + ALL.stream().map(Adapter::name).collect(Collectors.joining(", "))));
    }
}
