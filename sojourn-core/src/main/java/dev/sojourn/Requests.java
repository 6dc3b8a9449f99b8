package dev.sojourn;

import dev.sojourn.engine.PathRules;
import dev.sojourn.spi.Exchange;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** Kinds of requests, for {@link Sessions.Config#newTokensBy}. */
public final class Requests {
    private Requests() {}

    /**
     * Requests of some paths and everything below them, in whatever spelling a router takes for them.
     *
     * @param paths each begins with a slash
     * @return the requests
     * @throws IllegalArgumentException if one is no plain path
     */
    public static Predicate<Exchange> below(String... paths) {
        return PathRules.of("such a", List.of(paths))::cover;
    }

    /**
     * Requests that carry a header, whatever its value: one that the application's mobile clients send.
     *
     * @param name the header's name
     * @return the requests
     */
    public static Predicate<Exchange> withHeader(String name) {
        Objects.requireNonNull(name, "name");
        return exchange -> !exchange.requestHeaders(name).isEmpty();
    }
}
