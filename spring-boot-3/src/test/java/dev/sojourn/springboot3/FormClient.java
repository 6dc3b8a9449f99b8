package dev.sojourn.springboot3;

import dev.sojourn.tools.CookieClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An HTTP client with a cookie jar that submits forms as a browser does. */
final class FormClient {
    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" type=\"hidden\" value=\"([^\"]+)\"");

    private final CookieClient client = new CookieClient();
    private final String root;
    private final Set<String> tokens = new LinkedHashSet<>();
    private final List<String> heads = new ArrayList<>();

    FormClient(Application application) {
        root = "http://localhost:" + application.port();
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(URI.create(root + path)));
    }

    HttpResponse<String> signIn(String name, String password) {
        return post("/login", List.of(Map.entry("username", name), Map.entry("password", password), csrf("/login")));
    }

    /** Submits an empty form with the CSRF token of Spring Security's logout page. */
    HttpResponse<String> post(String path) {
        return post(path, List.of(csrf("/logout")));
    }

    private HttpResponse<String> post(String path, List<Map.Entry<String, String>> fields) {
        return send(CookieClient.form(URI.create(root + path), fields));
    }

    private Map.Entry<String, String> csrf(String page) {
        Matcher field = CSRF.matcher(get(page).body());
        if (!field.find()) {
            throw new AssertionError("no CSRF token in " + page);
        }
        return Map.entry("_csrf", field.group(1));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        HttpResponse<String> response = client.send(request);
        heads.add(response.headers().map().toString());
        String token = client.cookies().get("__Host-id");
        if (token != null) {
            tokens.add(token);
        }
        return response;
    }

    String token() {
        return client.cookies().getOrDefault("__Host-id", "");
    }

    /** Returns every token that this client has received. */
    Set<String> tokens() {
        return tokens;
    }

    Set<String> cookies() {
        return client.cookies().keySet();
    }

    /** Returns the headers of all responses. */
    String responseHeaders() {
        return String.join("\n", heads);
    }
}
