package dev.sojourn.benchmarks;

import dev.sojourn.Sessions;
import dev.sojourn.redis.RedisStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Measures the same request as {@link SessionBenchmarks#readOneOf4} with a session in Redis, to compare others with it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RedisBenchmarks {
    /** The system property with the URI of the server. */
    static final String URI = "sojourn.benchmarks.redis";

    private final RedisStore store = RedisStore.connect(uri(System.getProperty(URI)));
    private final Sessions sessions =
            Sessions.create(c -> c.secret(Requests.SECRET).store(store));
    private final List<String> four = Requests.startSession(sessions, Requests::setFourAttributes);

    /** For JMH. */
    public RedisBenchmarks() {}

    private static String uri(@Nullable String configured) {
        if (configured == null) {
            throw new IllegalStateException(
                    "set -D" + URI + "=redis://HOST:PORT to a server that keeps nothing of value");
        }
        return configured;
    }

    /** Disconnects. */
    @TearDown
    public void close() {
        store.close();
    }

    /** Reads one of four attributes, a number. */
    @Benchmark
    public int readOneOf4() {
        return Requests.serve(sessions, InMemoryExchange.withCookie(four), Requests::cart);
    }
}
