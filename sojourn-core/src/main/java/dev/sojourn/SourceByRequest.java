package dev.sojourn;

import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.SessionSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Several sources of sessions in one application, for example cookies for browsers and tokens for mobile clients: {@code
 * SourceByRequest.of(sessions).when(Requests.below("/api"), tokens)}. Each request uses one of them, from its start to its
 * end. An adapter mounts this like any other source.
 *
 * <p>Immutable and thread-safe.
 */
public final class SourceByRequest implements SessionSource {
    private final List<Rule> rules;
    private final SessionSource otherwise;

    private record Rule(Predicate<Exchange> requests, SessionSource source) {}

    private SourceByRequest(List<Rule> rules, SessionSource otherwise) {
        this.rules = rules;
        this.otherwise = otherwise;
    }

    /**
     * Returns a source that uses the same sessions for all requests, to add rules to.
     *
     * @param otherwise the sessions of the requests that no rule matches
     * @return the source
     */
    public static SourceByRequest of(SessionSource otherwise) {
        return new SourceByRequest(List.of(), Objects.requireNonNull(otherwise, "otherwise"));
    }

    /**
     * Returns a source that uses other sessions for some requests. Of several rules, the first that matches applies.
     *
     * @param requests which requests; see {@link Requests}
     * @param source their sessions
     * @return a source with one more rule
     * @throws IllegalArgumentException if the cookie of these sessions has the same name as that of others: each would
     *     overwrite the other's
     */
    public SourceByRequest when(Predicate<Exchange> requests, SessionSource source) {
        Objects.requireNonNull(requests, "requests");
        for (SessionSource other : sources()) {
            requireOtherCookies(source, other);
        }
        List<Rule> more = new ArrayList<>(rules);
        more.add(new Rule(requests, source));
        return new SourceByRequest(List.copyOf(more), otherwise);
    }

    private static void requireOtherCookies(SessionSource source, SessionSource other) {
        for (String name : source.cookieNames()) {
            if (source != other && other.cookieNames().contains(name)) {
                throw new IllegalArgumentException("two sources of sessions use the cookie " + name
                        + ", and each would overwrite the other's: give one of them another name, with"
                        + " c.cookie(k -> k.name(\"__Host-api\"))");
            }
        }
    }

    /**
     * Returns the source that a request uses. For adapters whose features depend on the kind of the sessions; does no I/O.
     *
     * @param exchange the request
     * @return one of {@link #sources()}
     */
    public SessionSource choose(Exchange exchange) {
        for (Rule rule : rules) {
            if (rule.requests().test(exchange)) {
                return rule.source();
            }
        }
        return otherwise;
    }

    /**
     * Returns all sources.
     *
     * @return the sources of the rules in their order, then that of all other requests
     */
    public List<SessionSource> sources() {
        List<SessionSource> all = new ArrayList<>();
        rules.forEach(rule -> all.add(rule.source()));
        all.add(otherwise);
        return List.copyOf(all);
    }

    @Override
    public SessionScope open(Exchange exchange) {
        return choose(exchange).open(exchange);
    }

    @Override
    public Set<String> cookieNames() {
        return union(SessionSource::cookieNames);
    }

    @Override
    public Set<String> tokenHeaders() {
        return union(SessionSource::tokenHeaders);
    }

    private Set<String> union(Function<SessionSource, Set<String>> names) {
        return sources().stream().map(names).flatMap(Collection::stream).collect(Collectors.toUnmodifiableSet());
    }

    /** Omits the sessions' configuration. */
    @Override
    public String toString() {
        return "SourceByRequest";
    }
}
