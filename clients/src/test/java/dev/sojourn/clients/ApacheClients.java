package dev.sojourn.clients;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.cookie.BasicCookieStore;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;

/** Creates Apache HttpClient 5 clients: blocking over HTTP/1.1 and asynchronous over HTTP/2. */
final class ApacheClients {
    private ApacheClients() {}

    static Client blocking() {
        CloseableHttpClient http = HttpClients.custom()
                .setDefaultCookieStore(new BasicCookieStore())
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setTlsSocketStrategy(ClientTlsStrategyBuilder.create()
                                .setSslContext(Tls.context(Tls.FILES))
                                .buildClassic())
                        .build())
                .build();
        return new Client() {
            @Override
            public String get(String url) throws Exception {
                return http.execute(
                        new HttpGet(url),
                        answer -> Client.body(answer.getCode(), EntityUtils.toString(answer.getEntity())));
            }

            @Override
            public void close() throws IOException {
                http.close();
            }
        };
    }

    static Client http2() {
        CloseableHttpAsyncClient http = HttpAsyncClients.customHttp2()
                .setDefaultCookieStore(new BasicCookieStore())
                .setTlsStrategy(ClientTlsStrategyBuilder.create()
                        .setSslContext(Tls.context(Tls.FILES))
                        .buildAsync())
                .build();
        http.start();
        return new Client() {
            @Override
            public String get(String url) throws Exception {
                SimpleHttpRequest request = SimpleRequestBuilder.get(url).build();
                SimpleHttpResponse answer = http.execute(request, null).get(30, TimeUnit.SECONDS);
                return Client.body(answer.getCode(), answer.getBodyText());
            }

            @Override
            public void close() {
                http.close(CloseMode.IMMEDIATE);
            }
        };
    }
}
