package dev.sojourn.demo;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Somebody with a cookie jar. It sends Secure cookies to localhost, as browsers do and the JDK's own jar does not. */
final class Visitor {
    private static final Pattern SUMMARY = Pattern.compile("<summary>(.*?) · <b>(.*?)</b></summary>");
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    final Map<String, String> cookies = new LinkedHashMap<>();
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
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            body.append(i == 0 ? "" : "&")
                    .append(encoded(fields[i]))
                    .append('=')
                    .append(encoded(fields[i + 1]));
        }
        return request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body.toString()));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        try {
            HttpResponse<String> answer = CLIENT.send(request.build(), BodyHandlers.ofString());
            answer.headers().allValues("Set-Cookie").forEach(this::keep);
            return answer;
        } catch (IOException e) {
            throw new AssertionError("the demo gave no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private void keep(String line) {
        String pair = line.split(";", 2)[0];
        String name = pair.substring(0, pair.indexOf('='));
        if (line.contains("Max-Age=0")) {
            cookies.remove(name);
        } else {
            cookies.put(name, pair.substring(pair.indexOf('=') + 1));
        }
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

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
