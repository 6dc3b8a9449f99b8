package dev.sojourn.benchmarks;

import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.spi.SessionScope;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Measures whole requests: the engine from the opening of the scope to its end, over the memory store, without a
 * socket. Includes parsing the cookie header and setting the response headers.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SessionBenchmarks {
    private final Sessions sessions =
            Sessions.create(c -> c.secret(Requests.SECRET).store(new MemoryStore()));
    private final Sessions renewed =
            Sessions.create(c -> c.secret(Requests.SECRET).store(new RecyclingMemoryStore()));
    private final List<String> four = Requests.startSession(sessions, Requests::setFourAttributes);
    private final List<String> fifty = Requests.startSession(sessions, Requests::setFiftyAttributes);
    private final List<String> written = Requests.startSession(sessions, Requests::setFourAttributes);
    private final List<String> forged = List.of(forge(four.get(0)));

    /** For JMH. */
    public SessionBenchmarks() {}

    /** Returns the same cookie with one character of the signature changed. */
    private static String forge(String cookie) {
        char last = cookie.charAt(cookie.length() - 2);
        return cookie.substring(0, cookie.length() - 2)
                + (last == 'A' ? 'B' : 'A')
                + cookie.substring(cookie.length() - 1);
    }

    /** A request that does not use its session. */
    @Benchmark
    public boolean ignoreSession() {
        try (SessionScope scope = sessions.open(InMemoryExchange.withCookie(four))) {
            scope.commit();
        }
        return true;
    }

    /** A handler that obtains its session and does not use it. */
    @Benchmark
    public Session obtainSession() {
        return Requests.serve(sessions, InMemoryExchange.withCookie(four), session -> session);
    }

    /** Verifies the cookie's signature and loads the session, without reading an attribute. */
    @Benchmark
    public boolean findSession() {
        return Requests.serve(sessions, InMemoryExchange.withCookie(four), Session::isNew);
    }

    /** Refuses a forged cookie, without a store call. */
    @Benchmark
    public boolean refuseForgedCookie() {
        return Requests.serve(sessions, InMemoryExchange.withCookie(forged), Session::isNew);
    }

    /** Reads one of four attributes, a number. */
    @Benchmark
    public int readOneOf4() {
        return Requests.serve(sessions, InMemoryExchange.withCookie(four), Requests::cart);
    }

    /** Reads one of fifty attributes, a number. */
    @Benchmark
    public int readOneOf50() {
        return Requests.serve(sessions, InMemoryExchange.withCookie(fifty), Requests::cart);
    }

    /** Reads and sets one of four attributes, a number, which the commit saves. */
    @Benchmark
    public int readAndSetOneOf4() {
        return Requests.serve(sessions, InMemoryExchange.withCookie(written), session -> {
            int after = Requests.cart(session) + 1;
            session.set("cart", after);
            return after;
        });
    }

    /** Updates one of four attributes, a number, which is saved at once. */
    @Benchmark
    public int updateOneOf4() {
        return Requests.serve(
                sessions,
                InMemoryExchange.withCookie(written),
                session ->
                        Requests.require(session.update("cart", Integer.class, count -> Requests.require(count) + 1)));
    }

    /** Creates a session with one attribute for a client without a cookie. */
    @Benchmark
    public Session createSession() {
        return Requests.serve(renewed, InMemoryExchange.withoutCookie(), session -> {
            session.set("cart", 17);
            return session;
        });
    }
}
