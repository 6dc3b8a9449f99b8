package dev.sojourn.demo.servers;

import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** What the demo's tests run on: the servers that {@code ADAPTER} can name. */
public final class EveryServer {
    private EveryServer() {}

    public static Stream<Named<Adapter>> all() {
        return Adapters.all().stream().map(each -> Named.of(each.name(), each));
    }
}
