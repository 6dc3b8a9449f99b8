package dev.sojourn.clients;

import java.io.IOException;
import java.io.InputStream;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.HttpsURLConnection;

/** Creates the two HTTP clients of the JDK with {@link CookieManager}. */
final class JavaNetClients {
    private JavaNetClients() {}

    static Client httpClient(HttpClient.Version version) {
        HttpClient http = HttpClient.newBuilder()
                .version(version)
                .cookieHandler(new CookieManager())
                .sslContext(Tls.context(Tls.FILES))
                .connectTimeout(Duration.ofSeconds(20))
                .build();
        return over(http);
    }

    static Client over(HttpClient http) {
        return url -> {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                    .timeout(Duration.ofSeconds(30))
                    .build();
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            return Client.body(answer.statusCode(), answer.body());
        };
    }

    /** Creates a client that uses the cookie jar of the whole JVM. */
    static Client urlConnection() {
        CookieHandler before = CookieHandler.getDefault();
        CookieHandler.setDefault(new CookieManager());
        return new Client() {
            @Override
            public String get(String url) throws IOException {
                HttpURLConnection connection =
                        (HttpURLConnection) URI.create(url).toURL().openConnection();
                connection.setReadTimeout(30_000);
                if (connection instanceof HttpsURLConnection secure) {
                    secure.setSSLSocketFactory(Tls.context(Tls.FILES).getSocketFactory());
                }
                int status = connection.getResponseCode();
                if (status != 200) {
                    return Client.body(status, "an error page");
                }
                try (InputStream in = connection.getInputStream()) {
                    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
                }
            }

            @Override
            public void close() {
                CookieHandler.setDefault(before);
            }
        };
    }
}
