package dev.sojourn.existing;

import dev.sojourn.tools.CookieClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;

/** Keeps its cookies whichever node it goes to, follows no redirect. */
final class Browser {
    private final CookieClient client = new CookieClient();

    HttpResponse<String> get(Tomcat node, String path) {
        return client.send(HttpRequest.newBuilder(uri(node, path)));
    }

    HttpResponse<String> post(Tomcat node, String path, Map<String, String> form) {
        return client.send(CookieClient.form(uri(node, path), form.entrySet()));
    }

    HttpResponse<String> postJson(Tomcat node, String path, String json) {
        return client.send(HttpRequest.newBuilder(uri(node, path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)));
    }

    private static URI uri(Tomcat node, String path) {
        return URI.create("http://localhost:" + node.port() + path);
    }

    Map<String, String> cookies() {
        return Map.copyOf(client.cookies());
    }
}
