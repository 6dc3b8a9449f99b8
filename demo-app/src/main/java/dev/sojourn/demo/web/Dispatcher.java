package dev.sojourn.demo.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.sojourn.SessionException;
import dev.sojourn.jdkhttp.Sojourn;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Brings requests of the JDK's server to the pages, and their answers back. */
public final class Dispatcher implements HttpHandler {
    private static final int LARGEST_FORM = 16_384;
    private static final System.Logger LOG = System.getLogger("dev.sojourn.demo");

    private final WebSite site;

    /**
     * A dispatcher.
     *
     * @param site the pages
     */
    public Dispatcher(WebSite site) {
        this.site = site;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        // Not closed here: should this fail, the session's filter still has an answer to give.
        send(exchange, answer(exchange));
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        Request request = request(exchange, Map.of(), Map.of());
        try {
            Page page = site.routes().find(request.method(), request.path());
            SameOrigin.check(request.method(), exchange.getRequestHeaders());
            return page.answer(
                    request(exchange, UrlEncoded.parse(exchange.getRequestURI().getRawQuery()), form(exchange)));
        } catch (Refusal e) {
            return site.refused(e, request);
        } catch (SessionException e) {
            // The library says what the client may be told, and with which status.
            LOG.log(Level.WARNING, "answered " + e.status(), e);
            return site.refused(told(e), request);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "answered 500", e);
            return site.refused(
                    new Refusal(500, "Something broke", "That was the demo's fault, not yours. Its log says more."),
                    request);
        }
    }

    private static Refusal told(SessionException problem) {
        Refusal refusal = new Refusal(problem.status(), "The session cannot be had", problem.answer());
        problem.retryAfter()
                .ifPresent(time -> refusal.with("Retry-After", Long.toString(Math.max(1, time.toSeconds()))));
        return refusal;
    }

    private static Request request(HttpExchange exchange, Map<String, String> query, Map<String, String> form) {
        List<String> cookies = exchange.getRequestHeaders().getOrDefault("Cookie", List.of());
        return new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                query,
                form,
                cookies,
                Sojourn.session(exchange));
    }

    private static Map<String, String> form(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            return Map.of();
        }
        byte[] bytes = exchange.getRequestBody().readNBytes(LARGEST_FORM + 1);
        if (bytes.length > LARGEST_FORM) {
            throw new Refusal(413, "Too much", "A form may hold 16 kB here. Nothing was changed.");
        }
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (bytes.length > 0 && (type == null || !type.startsWith("application/x-www-form-urlencoded"))) {
            throw new Refusal(415, "Not a form", "Only a form's fields are understood here. Nothing was changed.");
        }
        return UrlEncoded.parse(new String(bytes, StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        var headers = exchange.getResponseHeaders();
        headers.set("Cache-Control", "private, no-cache");
        headers.set(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none';"
                        + " frame-ancestors 'none'");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "same-origin");
        answer.headers().forEach(headers::set);
        byte[] body = answer.body();
        boolean bodiless = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), bodiless ? -1 : body.length);
        if (!bodiless) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }
}
