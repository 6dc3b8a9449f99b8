package dev.sojourn.redis;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionScope;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A client of the engine without a server in between: it keeps its cookie from one request to the next. */
final class Browser {
    private final Sessions sessions;
    private String cookie = "";

    Browser(Sessions sessions) {
        this.sessions = sessions;
    }

    /** One request, whose handler does this with the session. */
    void request(Consumer<Session> handler) {
        Request request = new Request(cookie);
        SessionScope scope = sessions.open(request);
        try {
            handler.accept(scope.session());
            scope.commit();
        } finally {
            scope.close();
        }
        request.responseHeaders("Set-Cookie").stream()
                .filter(line -> line.startsWith("__Host-") || line.contains("="))
                .forEach(line -> cookie = line.substring(0, line.indexOf(';')));
    }

    private static final class Request implements Exchange {
        private final String cookie;
        private final Map<String, List<String>> answer = new ConcurrentHashMap<>();

        Request(String cookie) {
            this.cookie = cookie;
        }

        @Override
        public String method() {
            return "POST";
        }

        @Override
        public String path() {
            return "/seed";
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
