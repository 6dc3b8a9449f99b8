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

/** Somebody who visits the demo, with a cookie jar. */
final class Visitor {
    private static final Pattern SUMMARY = Pattern.compile("<summary>(.*?) · <b>(.*?)</b></summary>");

    private final CookieClient client = new CookieClient();
    final Map<String, String> cookies = client.cookies();
    private final String address;

    Visitor(DemoServer server) {
        this(server.address());
    }

    Visitor(String address) {
        this.address = address;
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    HttpResponse<String> post(String path, String... fields) {
        return send(form(path, fields));
    }

    /** Sends a form and goes where the answer points, as a browser does. */
    HttpResponse<String> submit(String path, String... fields) {
        HttpResponse<String> answer = post(path, fields);
        return answer.statusCode() == 303
                ? get(answer.headers().firstValue("Location").orElseThrow())
                : answer;
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

    /** What the page says the request before it cost. */
    String newestCost() {
        return entries().get(0).replaceFirst("^.* · ", "");
    }

    /** The journal's lines, newest first: {@code GET / → 200 · 1 store call}. */
    List<String> entries() {
        Matcher summaries = SUMMARY.matcher(get("/journal").body());
        return summaries
                .results()
                .map(found -> found.group(1) + " · " + found.group(2))
                .toList();
    }
}
