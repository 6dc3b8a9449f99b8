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
 * An HTTP client with a cookie jar. It follows no redirect. It sends Secure cookies to localhost, as browsers do and the
 * JDK's own cookie manager does not, and sends every cookie to every server. Not thread-safe.
 */
public final class CookieClient {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Map<String, String> cookies = new LinkedHashMap<>();

    /**
     * Returns the cookie jar. A cookie that is added to it is sent.
     *
     * @return the values by name
     */
    public Map<String, String> cookies() {
        return cookies;
    }

    /**
     * Sends a request with all cookies and keeps the cookies of the response.
     *
     * @param request the request without cookies
     * @return the response
     * @throws AssertionError if there is no response within a minute
     */
    public HttpResponse<String> send(HttpRequest.Builder request) {
        if (!cookies.isEmpty()) {
            request.header("Cookie", join(cookies.entrySet(), "; "));
        }
        try {
            HttpResponse<String> response = CLIENT.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
            response.headers().allValues("Set-Cookie").forEach(this::keep);
            return response;
        } catch (IOException e) {
            throw new AssertionError("no response arrived", e);
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
     * Creates a POST request with a form.
     *
     * @param target the URI to send it to
     * @param fields the fields, in order
     * @return the request
     */
    public static HttpRequest.Builder form(URI target, Collection<Map.Entry<String, String>> fields) {
        String body = join(
                fields.stream()
                        .map(field -> Map.entry(encode(field.getKey()), encode(field.getValue())))
                        .toList(),
                "&");
        return HttpRequest.newBuilder(target)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body));
    }

    private static String join(Collection<Map.Entry<String, String>> pairs, String separator) {
        return pairs.stream().map(pair -> pair.getKey() + "=" + pair.getValue()).collect(Collectors.joining(separator));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
