package dev.sojourn.benchmarks;

import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.spi.SessionScope;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What whole requests cost: the engine from the open scope to the closed one, over the memory store, without a socket.
 * Each request brings its cookie header, and each has its headers set.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SessionBenchmarks {
    private final Sessions sessions =
            Sessions.create(c -> c.secret(Requests.SECRET).store(new MemoryStore()));
    private final Sessions renewed =
            Sessions.create(c -> c.secret(Requests.SECRET).store(new RenewedStore()));
    private final List<String> four = Requests.started(sessions, Requests::setFour);
    private final List<String> fifty = Requests.started(sessions, Requests::setFifty);
    private final List<String> written = Requests.started(sessions, Requests::setFour);
    private final List<String> forged = List.of(forgery(four.get(0)));

    /** For JMH. */
    public SessionBenchmarks() {}

    /** The same token with one character of its signature changed. */
    private static String forgery(String cookie) {
        char last = cookie.charAt(cookie.length() - 2);
        return cookie.substring(0, cookie.length() - 2)
                + (last == 'A' ? 'B' : 'A')
                + cookie.substring(cookie.length() - 1);
    }

    /** A request that never asks for its session. */
    @Benchmark
    public boolean untouched() {
        try (SessionScope scope = sessions.open(InMemoryExchange.withCookie(four))) {
            scope.commit();
        }
        return true;
    }

    /** A handler that is given its session and does nothing with it. */
    @Benchmark
    public Session unused() {
        return Requests.serve(sessions, InMemoryExchange.withCookie(four), session -> session);
    }

    /** Cookie, signature, one load; nothing is asked of the session but whether there is one. */
    @Benchmark
    public boolean found() {
        return Requests.serve(sessions, InMemoryExchange.withCookie(four), Session::isNew);
    }

    /** A forged cookie: no store call. */
    @Benchmark
    public boolean forged() {
        return Requests.serve(sessions, InMemoryExchange.withCookie(forged), Session::isNew);
    }

    /** One number of four attributes is read. */
    @Benchmark
    public int readOneOf4() {
        return Requests.serve(sessions, InMemoryExchange.withCookie(four), SessionBenchmarks::cart);
    }

    /** One number of fifty attributes is read. */
    @Benchmark
    public int readOneOf50() {
        return Requests.serve(sessions, InMemoryExchange.withCookie(fifty), SessionBenchmarks::cart);
    }

    private static int cart(Session session) {
        return there(session.get("cart", Integer.class));
    }

    private static int there(@Nullable Integer value) {
        if (value == null) {
            throw new IllegalStateException("the session was not found, so something else would be measured");
        }
        return value;
    }

    /** One number of four attributes is read, set, and saved with the commit. */
    @Benchmark
    public int readSetStore() {
        return Requests.serve(sessions, InMemoryExchange.withCookie(written), session -> {
            int after = cart(session) + 1;
            session.set("cart", after);
            return after;
        });
    }

    /** One number of four attributes is changed by a function, and saved at once. */
    @Benchmark
    public int update() {
        return Requests.serve(
                sessions,
                InMemoryExchange.withCookie(written),
                session -> there(session.update("cart", Integer.class, count -> there(count) + 1)));
    }

    /** A client without a cookie gets a session of one attribute. */
    @Benchmark
    public Session create() {
        return Requests.serve(renewed, InMemoryExchange.withoutCookie(), session -> {
            session.set("cart", 17);
            return session;
        });
    }
}
