package dev.sojourn.spring;

import dev.sojourn.tools.CookieClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An HTTP client with a cookie jar that follows no redirects and finds the CSRF token of a form. */
final class Browser {
    static final String COOKIE = "__Host-id";
    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

    private final CookieClient client = new CookieClient();
    private Consumer<Response> responseConsumer = response -> {};
    private List<String> defaultHeaders = List.of();
    private int port;

    Browser(int port) {
        this.port = port;
    }

    /** A response. */
    record Response(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String text() {
            return response.body();
        }

        /** Returns the redirect's target without the host. */
        String location() {
            URI to = URI.create(header("Location"));
            return to.getRawPath() + (to.getRawQuery() == null ? "" : "?" + to.getRawQuery());
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String setCookie() {
            return response.headers().allValues("Set-Cookie").stream()
                    .filter(each -> each.startsWith(COOKIE + "="))
                    .findFirst()
                    .orElse("");
        }

        String csrf() {
            Matcher found = CSRF.matcher(text());
            return found.find() ? found.group(1) : "";
        }
    }

    /** Sends subsequent requests to another node, or to a restarted one. */
    Browser moveTo(int other) {
        port = other;
        return this;
    }

    /** Sets a consumer of all responses. */
    Browser onResponse(Consumer<Response> everyResponse) {
        responseConsumer = everyResponse;
        return this;
    }

    /** Sends these headers, names and values, with every subsequent request. */
    void addDefaultHeaders(String... headers) {
        defaultHeaders = List.of(headers);
    }

    Response get(String path, String... headers) {
        return send(HttpRequest.newBuilder(uri(path)).GET(), headers);
    }

    Response post(String path, Map<String, String> form) {
        return send(CookieClient.form(uri(path), form.entrySet()));
    }

    /** Signs in through Spring Security's login form. */
    Response signIn(String user, String password, String... more) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("_csrf", get("/login").csrf());
        form.put("username", user);
        form.put("password", password);
        for (int i = 0; i < more.length; i += 2) {
            form.put(more[i], more[i + 1]);
        }
        return post("/login", form);
    }

    @Nullable
    String cookie(String name) {
        return client.cookies().get(name);
    }

    void removeCookie(String name) {
        client.cookies().remove(name);
    }

    void setCookie(String name, String value) {
        client.cookies().put(name, value);
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private Response send(HttpRequest.Builder request, String... headers) {
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (!defaultHeaders.isEmpty()) {
            request.headers(defaultHeaders.toArray(String[]::new));
        }
        Response response = new Response(client.send(request));
        responseConsumer.accept(response);
        return response;
    }
}
