package dev.sojourn.demo;

import dev.sojourn.tools.CookieClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An HTTP client of the demo with a cookie jar. */
final class DemoClient {
    private static final Pattern SUMMARY = Pattern.compile("<summary>(.*?) · <b>(.*?)</b></summary>");

    private final CookieClient client = new CookieClient();
    final Map<String, String> cookies = client.cookies();
    private final String address;

    DemoClient(DemoServer server) {
        this(server.address());
    }

    DemoClient(String address) {
        this.address = address;
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    HttpResponse<String> post(String path, String... fields) {
        return send(form(path, fields));
    }

    /** Submits a form and follows the redirect, as a browser does. */
    HttpResponse<String> submit(String path, String... fields) {
        HttpResponse<String> response = post(path, fields);
        return response.statusCode() == 303
                ? get(response.headers().firstValue("Location").orElseThrow())
                : response;
    }

    /** Sends a request to the API with an access token. */
    HttpResponse<String> call(String method, String path, String accessToken, String... fields) {
        HttpRequest.Builder request = method.equals("GET") ? request(path) : form(path, fields);
        return send(request.header("Authorization", "Bearer " + accessToken));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + path));
    }

    HttpRequest.Builder form(String path, String... fields) {
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        for (int i = 0; i < fields.length; i += 2) {
            pairs.add(Map.entry(fields[i], fields[i + 1]));
        }
        return CookieClient.form(URI.create(address + path), pairs);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        return client.send(request);
    }

    /** Returns the cost of the latest request, as the journal shows it. */
    String newestCost() {
        return entries().get(0).replaceFirst("^.* · ", "");
    }

    /** Returns the journal's entries, newest first: {@code GET / → 200 · 1 store call}. */
    List<String> entries() {
        Matcher summaries = SUMMARY.matcher(get("/journal").body());
        return summaries
                .results()
                .map(found -> found.group(1) + " · " + found.group(2))
                .toList();
    }
}
