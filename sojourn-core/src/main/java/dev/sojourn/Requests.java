package dev.sojourn;

import dev.sojourn.engine.EngineFactory;
import dev.sojourn.spi.Exchange;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** Predicates over requests, for {@link Sessions.Config#newTokensBy} and {@link SourceByRequest#when}. */
public final class Requests {
    private Requests() {}

    /**
     * Returns a predicate that matches requests for some paths and everything below them, in every spelling that a
     * router may accept for them.
     *
     * @param paths each begins with a slash
     * @return the predicate
     * @throws IllegalArgumentException if one is not a plain path
     */
    public static Predicate<Exchange> below(String... paths) {
        return EngineFactory.pathsBelow(List.of(paths));
    }

    /**
     * Returns a predicate that matches requests with a certain header, whatever its value, such as one that the
     * application's mobile clients send.
     *
     * @param name the header's name
     * @return the predicate
     */
    public static Predicate<Exchange> withHeader(String name) {
        Objects.requireNonNull(name, "name");
        return exchange -> !exchange.requestHeaders(name).isEmpty();
    }
}
