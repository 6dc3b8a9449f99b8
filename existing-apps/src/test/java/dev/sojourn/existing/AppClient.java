package dev.sojourn.existing;

import dev.sojourn.tools.CookieClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;

/** An HTTP client with one cookie jar for all nodes. Does not follow redirects. */
final class AppClient {
    private final CookieClient client = new CookieClient();

    HttpResponse<String> get(TomcatProcess node, String path) {
        return client.send(HttpRequest.newBuilder(uri(node, path)));
    }

    HttpResponse<String> post(TomcatProcess node, String path, Map<String, String> form) {
        return client.send(CookieClient.form(uri(node, path), form.entrySet()));
    }

    HttpResponse<String> postJson(TomcatProcess node, String path, String json) {
        return client.send(HttpRequest.newBuilder(uri(node, path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)));
    }

    private static URI uri(TomcatProcess node, String path) {
        return URI.create("http://localhost:" + node.port() + path);
    }

    Map<String, String> cookies() {
        return Map.copyOf(client.cookies());
    }
}
