package dev.sojourn.demo.servers;

import java.util.List;
import java.util.stream.Collectors;

/** The servers that {@code ADAPTER} can name. */
public final class Adapters {
    /** A new one is added here. The first one is what {@code ADAPTER} need not name. */
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
     * All there are.
     *
     * @return the one that need not be named first
     */
    public static List<Adapter> all() {
        return ALL;
    }

    /**
     * The server of this name.
     *
     * @param name what {@code ADAPTER} says; blank for the first one
     * @return the server
     * @throws IllegalArgumentException if there is none; the message says what there is
     */
    public static Adapter named(String name) {
        if (name.isBlank()) {
            return ALL.get(0);
        }
        return ALL.stream()
                .filter(each -> each.name().equals(name.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("ADAPTER names no server '" + name.strip()
                        + "'; what there is: "
                        + ALL.stream().map(Adapter::name).collect(Collectors.joining(", "))));
    }
}
