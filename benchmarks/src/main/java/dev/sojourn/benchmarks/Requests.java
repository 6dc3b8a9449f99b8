package dev.sojourn.benchmarks;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.spi.SessionScope;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Whole requests as an adapter drives them: open, handle, commit before the head, close. */
final class Requests {
    /** 32 bytes that protect nothing. */
    static final String SECRET = "d3Qw9Zt6Xk1Rb8Ny5Vf2Jm7Hc4Lg0PsA";

    private Requests() {}

    /** Serves one request and gives what its handler gave. */
    static <T> T serve(Sessions sessions, InMemoryExchange exchange, Function<Session, T> handler) {
        try (SessionScope scope = sessions.open(exchange)) {
            T answer = handler.apply(scope.session());
            scope.commit();
            return answer;
        }
    }

    /** Starts a session and gives the header that its client sends from then on. */
    static List<String> started(Sessions sessions, Consumer<Session> handler) {
        InMemoryExchange exchange = InMemoryExchange.withoutCookie();
        serve(sessions, exchange, session -> {
            handler.accept(session);
            return session;
        });
        return exchange.nextCookieHeader();
    }

    /** The lab's seed: three short texts and a number. */
    static void setFour(Session session) {
        session.set("user", "alice");
        session.set("theme", "dark");
        session.set("locale", "en_GB");
        session.set("cart", 17);
    }

    /** 50 attributes, with the number that is read in the middle. */
    static void setFifty(Session session) {
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
