package dev.sojourn.benchmarks;

import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.SealedSession;
import dev.sojourn.SealedSessions;
import dev.sojourn.jwt.Jwe;
import dev.sojourn.spi.SessionScope;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Measures whole requests with a sealed session of four attributes, whose user is signed in. Each checks the revocations. The
 * session is not touched, because the clock stands still.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SealedBenchmarks {
    private final SealedSessions sessions = SealedSessions.create(c -> c.seal(Jwe.secret(Requests.SECRET))
            .revocations(Revocations.in(new MemoryStore()))
            .clock(new SteppingClock()));
    private final List<String> four = startSession();

    /** For JMH. */
    public SealedBenchmarks() {}

    private List<String> startSession() {
        InMemoryExchange exchange = InMemoryExchange.withoutCookie();
        serve(exchange, session -> {
            Requests.setFourAttributes(session);
            session.login("alice");
            return session;
        });
        return exchange.nextCookieHeader();
    }

    private <T> T serve(InMemoryExchange exchange, Function<SealedSession, T> handler) {
        try (SessionScope scope = sessions.open(exchange)) {
            T result = handler.apply(scope.sealed());
            scope.commit();
            return result;
        }
    }

    /** Reads one of four attributes, a number. */
    @Benchmark
    public int readOneOf4() {
        return serve(InMemoryExchange.withCookie(four), Requests::cart);
    }

    /** Reads and sets one of four attributes, a number; the response has the new cookie. */
    @Benchmark
    public List<String> readAndSetOneOf4() {
        InMemoryExchange exchange = InMemoryExchange.withCookie(four);
        serve(exchange, session -> {
            session.set("cart", Requests.cart(session) + 1);
            return session;
        });
        return exchange.nextCookieHeader();
    }
}
