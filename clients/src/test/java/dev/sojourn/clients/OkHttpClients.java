package dev.sojourn.clients;

import java.net.CookieManager;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.java.net.cookiejar.JavaNetCookieJar;

/** Creates OkHttp clients with OkHttp's cookie jar for {@link CookieManager}. */
final class OkHttpClients {
    private OkHttpClients() {}

    static Client with(Protocol... protocols) {
        OkHttpClient http = new OkHttpClient.Builder()
                .protocols(List.of(protocols))
                .cookieJar(new JavaNetCookieJar(new CookieManager()))
                .sslSocketFactory(Tls.context(Tls.FILES).getSocketFactory(), Tls.trustManager())
                .build();
        return new Client() {
            @Override
            public String get(String url) throws Exception {
                try (Response answer =
                        http.newCall(new Request.Builder().url(url).build()).execute()) {
                    return Client.body(answer.code(), answer.body().string());
                }
            }

            @Override
            public void close() {
                http.dispatcher().executorService().shutdown();
                http.connectionPool().evictAll();
            }
        };
    }
}
