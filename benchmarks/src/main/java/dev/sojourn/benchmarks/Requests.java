package dev.sojourn.benchmarks;

import dev.sojourn.EditableSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.Sessions;
import dev.sojourn.spi.SessionScope;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs whole requests as an adapter does: open, handle, commit before the response headers, close. */
final class Requests {
    /** A secret of 32 bytes that protects nothing. */
    static final String SECRET = "d3Qw9Zt6Xk1Rb8Ny5Vf2Jm7Hc4Lg0PsA";

    private Requests() {}

    /** Runs one request and returns the handler's result. */
    static <T> T serve(Sessions sessions, InMemoryExchange exchange, Function<Session, T> handler) {
        try (SessionScope scope = sessions.open(exchange)) {
            T result = handler.apply(scope.session());
            scope.commit();
            return result;
        }
    }

    /** Creates a session and returns the {@code Cookie} header that its client sends afterwards. */
    static List<String> startSession(Sessions sessions, Consumer<Session> handler) {
        InMemoryExchange exchange = InMemoryExchange.withoutCookie();
        serve(sessions, exchange, session -> {
            handler.accept(session);
            return session;
        });
        return exchange.nextCookieHeader();
    }

    /** Sets the four attributes of the lab's {@code /seed}: three short texts and a number. */
    static void setFourAttributes(EditableSession session) {
        session.set("user", "alice");
        session.set("theme", "dark");
        session.set("locale", "en_GB");
        session.set("cart", 17);
    }

    /** Reads the number among the attributes. */
    static int cart(SessionView session) {
        return require(session.get("cart", Integer.class));
    }

    static int require(@Nullable Integer value) {
        if (value == null) {
            throw new IllegalStateException("the session was not found, so the result would be wrong");
        }
        return value;
    }

    /** Sets 50 attributes, with the number that the benchmark reads in the middle. */
    static void setFiftyAttributes(Session session) {
        setTexts(session, 1, 24);
        session.set("cart", 17);
        setTexts(session, 26, 50);
    }

    private static void setTexts(Session session, int from, int to) {
        for (int i = from; i <= to; i++) {
            session.set("attribute" + i, "a text, number " + i);
        }
    }
}
