package dev.sojourn.testing;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sends an audit's requests with one cookie of the audit's choice, and follows no redirect. Thread-safe. */
final class AuditClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final HttpClient http = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(TIMEOUT)
            .build();
    private final String cookie;

    AuditClient(String cookie) {
        this.cookie = Objects.requireNonNull(cookie, "cookie");
    }

    /** Sends a request; the value is the cookie's, null for none. */
    HttpResponse<String> send(HttpRequest request, @Nullable String value) throws IOException, InterruptedException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(request, (name, each) -> !name.equalsIgnoreCase("Cookie"));
        if (request.timeout().isEmpty()) {
            builder.timeout(TIMEOUT);
        }
        String others = String.join("; ", request.headers().allValues("Cookie"));
        String ours = value == null ? "" : cookie + "=" + value;
        String both = others.isEmpty() || ours.isEmpty() ? others + ours : others + "; " + ours;
        if (!both.isEmpty()) {
            builder.header("Cookie", both);
        }
        return http.send(builder.build(), BodyHandlers.ofString());
    }

    /** Returns the last line of a response that sets the cookie, which is the one that browsers keep. */
    Optional<SetCookie> cookie(HttpResponse<?> response) {
        List<SetCookie> all = response.headers().allValues("Set-Cookie").stream()
                .map(SetCookie::parse)
                .filter(each -> each.name().equals(cookie))
                .toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /** Returns the value that a browser has after a response, null for none. */
    @Nullable
    String valueAfter(HttpResponse<?> response, @Nullable String before) {
        Optional<SetCookie> set = cookie(response);
        if (set.isEmpty()) {
            return before;
        }
        return set.get().isExpiry() || set.get().value().isEmpty()
                ? null
                : set.get().value();
    }

    static boolean isSuccess(HttpResponse<?> response) {
        return response.statusCode() / 100 == 2;
    }

    /** Checks whether the value is in the body or in a header that names an address. */
    static boolean shows(HttpResponse<String> response, String value) {
        String decoded = URLDecoder.decode(
                value.replace("+", "%2B").replaceAll("%(?![0-9a-fA-F]{2})", "%25"), StandardCharsets.UTF_8);
        StringBuilder text = new StringBuilder(response.body());
        for (String header : List.of("Location", "Content-Location", "Link", "Refresh")) {
            response.headers()
                    .allValues(header)
                    .forEach(each -> text.append('\n').append(each));
        }
        return text.indexOf(value) >= 0 || text.indexOf(decoded) >= 0;
    }
}
