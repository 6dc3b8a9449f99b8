package dev.sojourn.benchmarks.lab;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/**
 * An HTTP client with a cookie jar. Cookies ignore ports, so a cookie of one lab is sent to every lab on this machine.
 */
final class LabClient {
    final CookieManager cookies = new CookieManager();
    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(cookies).build();

    HttpResponse<String> get(URI server, String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(server.resolve(path)).build(), body());
    }

    HttpResponse<String> post(URI server, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve(path))
                .POST(BodyPublishers.noBody())
                .build();
        return client.send(request, body());
    }

    private static HttpResponse.BodyHandler<String> body() {
        return BodyHandlers.ofString(StandardCharsets.UTF_8);
    }
}
