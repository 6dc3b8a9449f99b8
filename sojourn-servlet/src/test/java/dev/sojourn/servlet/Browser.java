package dev.sojourn.servlet;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A client that keeps cookies, and shows them. */
final class Browser {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(Version.HTTP_1_1).build();

    private final int port;
    private final Map<String, String> cookies = new LinkedHashMap<>();

    Browser(int port) {
        this.port = port;
    }

    record Answer(int status, String text, List<String> setCookies, String contentLength) {}

    Answer get(String path) {
        return send("GET", path);
    }

    Answer send(String method, String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, BodyPublishers.noBody());
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(each -> each.getKey() + "=" + each.getValue())
                            .collect(Collectors.joining("; ")));
        }
        try {
            HttpResponse<String> answer = CLIENT.send(request.build(), BodyHandlers.ofString());
            List<String> lines = answer.headers().allValues("Set-Cookie");
            lines.forEach(this::keep);
            return new Answer(
                    answer.statusCode(),
                    answer.body(),
                    lines,
                    answer.headers().firstValue("Content-Length").orElse(""));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void keep(String line) {
        String[] pair = line.split(";", 2)[0].split("=", 2);
        if (pair[1].isEmpty()) {
            cookies.remove(pair[0]);
        } else {
            cookies.put(pair[0], pair[1]);
        }
    }

    @Nullable
    String cookie() {
        return cookies.get("__Host-id");
    }

    void cookie(String name, String value) {
        cookies.put(name, value);
    }

    /** Another browser with the same cookies, as one that was stolen or two tabs. */
    Browser copy() {
        Browser copy = new Browser(port);
        copy.cookies.putAll(cookies);
        return copy;
    }
}
