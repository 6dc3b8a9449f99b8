package dev.sojourn.servlet;

import dev.sojourn.tools.CookieClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client with a cookie jar that tests can inspect. */
final class Browser {
    private final int port;
    private final CookieClient client = new CookieClient();

    Browser(int port) {
        this.port = port;
    }

    record Response(int status, String text, List<String> setCookies, String contentLength) {}

    Response get(String path) {
        return send("GET", path);
    }

    Response send(String method, String path) {
        HttpResponse<String> response =
                client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .method(method, BodyPublishers.noBody()));
        return new Response(
                response.statusCode(),
                response.body(),
                response.headers().allValues("Set-Cookie"),
                response.headers().firstValue("Content-Length").orElse(""));
    }

    @Nullable
    String cookie() {
        return client.cookies().get("__Host-id");
    }

    void setCookie(String name, String value) {
        client.cookies().put(name, value);
    }

    /** Returns another browser with the same cookies, such as a thief's or a second tab. */
    Browser copy() {
        Browser copy = new Browser(port);
        copy.client.cookies().putAll(client.cookies());
        return copy;
    }
}
