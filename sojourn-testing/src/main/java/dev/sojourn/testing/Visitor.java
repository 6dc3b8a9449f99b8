package dev.sojourn.testing;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** A client with a cookie, and no socket between it and the engine. It remembers every token that it was given. */
final class Visitor {
    private static final String NAME = "__Host-id=";

    private final Sessions sessions;
    private final List<String> tokens = new ArrayList<>();
    private String cookie = "";

    Visitor(Sessions sessions) {
        this.sessions = sessions;
    }

    /** One request, with the newest token. */
    void request(Consumer<Session> handler) {
        Request request = new Request(cookie);
        try (SessionScope scope = sessions.open(request)) {
            handler.accept(scope.session());
            scope.commit();
        }
        for (String line : request.responseHeaders("Set-Cookie")) {
            cookie = line.substring(0, line.indexOf(';'));
            if (cookie.length() > NAME.length()) {
                tokens.add(cookie.substring(NAME.length()));
            }
        }
    }

    /** A request with the first token of all, as one that is late. */
    void lateRequest(Consumer<Session> handler) {
        try (SessionScope scope = sessions.open(new Request(NAME + tokens.get(0)))) {
            handler.accept(scope.session());
            scope.commit();
        }
    }

    List<String> tokens() {
        return tokens;
    }

    private static final class Request implements Exchange {
        private final String cookie;
        private final Map<String, List<String>> answer = new HashMap<>();

        Request(String cookie) {
            this.cookie = cookie;
        }

        @Override
        public String method() {
            return "POST";
        }

        @Override
        public String path() {
            return "/";
        }

        @Override
        public List<String> requestHeaders(String name) {
            return name.equalsIgnoreCase("Cookie") && !cookie.isEmpty() ? List.of(cookie) : List.of();
        }

        @Override
        public String remoteAddress() {
            return "127.0.0.1";
        }

        @Override
        public boolean isSecure() {
            return true;
        }

        @Override
        public boolean isCommitted() {
            return false;
        }

        @Override
        public List<String> responseHeaders(String name) {
            return answer.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        }

        @Override
        public void setResponseHeaders(String name, List<String> values) {
            answer.put(name.toLowerCase(Locale.ROOT), values);
        }
    }
}
