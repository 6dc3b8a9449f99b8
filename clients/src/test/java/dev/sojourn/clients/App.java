package dev.sojourn.clients;

import dev.sojourn.Session;

/** The application that every server serves: it counts requests and signs users in and out. */
final class App {
    private App() {}

    /**
     * Responds to a request.
     *
     * @param session the request's session
     * @param path the request's path
     * @param protocol the protocol of the request
     * @return a line of text
     */
    static String respond(Session session, String path, String protocol) {
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
            default -> "no page at " + path;
        };
    }
}
