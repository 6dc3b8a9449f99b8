package dev.sojourn.demo.servers;

import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** The adapters that {@code ADAPTER} can name, as test arguments. */
public final class AllAdapters {
    private AllAdapters() {}

    public static Stream<Named<Adapter>> all() {
        return Adapters.all().stream().map(each -> Named.of(each.name(), each));
    }
}
