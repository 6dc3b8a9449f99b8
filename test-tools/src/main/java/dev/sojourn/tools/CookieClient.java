package dev.sojourn.tools;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Somebody with a cookie jar, who follows no redirect. It sends Secure cookies to localhost, as browsers do and the JDK's own jar
 * does not, and every cookie to every server that it is asked to go to. For one thread.
 */
public final class CookieClient {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<String, String> cookies = new LinkedHashMap<>();

    /**
     * The jar itself: what is put here is sent.
     *
     * @return the values by their names
     */
    public Map<String, String> cookies() {
        return cookies;
    }

    /**
     * Sends a request with all cookies and keeps those of the answer.
     *
     * @param request everything but the cookies
     * @return the answer
     * @throws AssertionError if there is none within a minute
     */
    public HttpResponse<String> send(HttpRequest.Builder request) {
        if (!cookies.isEmpty()) {
            request.header("Cookie", joined(cookies.entrySet(), "; "));
        }
        try {
            HttpResponse<String> answer = CLIENT.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
            answer.headers().allValues("Set-Cookie").forEach(this::keep);
            return answer;
        } catch (IOException e) {
            throw new AssertionError("there was no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private void keep(String line) {
        String[] pair = line.split(";", 2)[0].split("=", 2);
        if (line.contains("Max-Age=0")) {
            cookies.remove(pair[0]);
        } else {
            cookies.put(pair[0], pair[1]);
        }
    }

    /**
     * A request that sends a form.
     *
     * @param to where to
     * @param fields its fields, in order
     * @return the request
     */
    public static HttpRequest.Builder form(URI to, Collection<Map.Entry<String, String>> fields) {
        String body = joined(
                fields.stream()
                        .map(field -> Map.entry(encoded(field.getKey()), encoded(field.getValue())))
                        .toList(),
                "&");
        return HttpRequest.newBuilder(to)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body));
    }

    private static String joined(Collection<Map.Entry<String, String>> pairs, String between) {
        return pairs.stream().map(pair -> pair.getKey() + "=" + pair.getValue()).collect(Collectors.joining(between));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
