package dev.sojourn.clients;

import dev.sojourn.Session;

/** The application that every server serves: it counts visits and signs in. */
final class App {
    private App() {}

    /**
     * Answers a request.
     *
     * @param session the request's session
     * @param path the request's path
     * @param protocol the protocol that the request came by
     * @return a line of text
     */
    static String answer(Session session, String path, String protocol) {
        return switch (path) {
            case "/views" -> String.valueOf(session.update("views", Integer.class, n -> n == null ? 1 : n + 1));
            case "/login" -> {
                session.login("alice");
                yield "ok";
            }
            case "/whoami" -> String.valueOf(session.subject());
            case "/logout" -> {
                session.destroy();
                yield "ok";
            }
            case "/protocol" -> protocol.replace("HTTP/", "").replace("2.0", "2");
            default -> "there is nothing at " + path;
        };
    }
}
