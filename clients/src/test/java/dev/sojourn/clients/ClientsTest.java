package dev.sojourn.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sojourn.CookieLifetime;
import dev.sojourn.Sessions;
import dev.sojourn.clients.Client.Over;
import dev.sojourn.clients.Client.Version;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import okhttp3.Protocol;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every client over every version of HTTP that it and the server speak, with TLS and without. */
class ClientsTest {
    static final String SECRET = "yV8qLm3Kt0Xw7Zc2Rb5Nh9Ps4Jd6Gf1-uEaTi";

    private static final List<AppServer> STARTED = new ArrayList<>();

    private static List<Client.Kind> clients() {
        return List.of(
                new Client.Kind(
                        "java.net.http.HttpClient",
                        Version.HTTP_1_1,
                        Over.BOTH,
                        () -> JavaNetClients.httpClient(HttpClient.Version.HTTP_1_1)),
                new Client.Kind(
                        "java.net.http.HttpClient",
                        Version.HTTP_2,
                        Over.BOTH,
                        () -> JavaNetClients.httpClient(HttpClient.Version.HTTP_2)),
                new Client.Kind("HttpURLConnection", Version.HTTP_1_1, Over.BOTH, JavaNetClients::urlConnection),
                new Client.Kind("OkHttp", Version.HTTP_1_1, Over.BOTH, () -> OkHttpClients.with(Protocol.HTTP_1_1)),
                new Client.Kind(
                        "OkHttp",
                        Version.HTTP_2,
                        Over.TLS,
                        () -> OkHttpClients.with(Protocol.HTTP_2, Protocol.HTTP_1_1)),
                new Client.Kind(
                        "OkHttp, prior knowledge",
                        Version.HTTP_2,
                        Over.PLAIN,
                        () -> OkHttpClients.with(Protocol.H2_PRIOR_KNOWLEDGE)),
                new Client.Kind("Apache HttpClient", Version.HTTP_1_1, Over.BOTH, ApacheClients::blocking),
                new Client.Kind("Apache HttpClient", Version.HTTP_2, Over.BOTH, ApacheClients::http2),
                new Client.Kind("curl", Version.HTTP_1_0, Over.BOTH, () -> CurlClient.with("--http1.0", "--no-alpn")),
                new Client.Kind("curl", Version.HTTP_1_1, Over.BOTH, () -> CurlClient.with("--http1.1")),
                new Client.Kind("curl", Version.HTTP_2, Over.TLS, () -> CurlClient.with("--http2")),
                new Client.Kind(
                        "curl, prior knowledge",
                        Version.HTTP_2,
                        Over.PLAIN,
                        () -> CurlClient.with("--http2-prior-knowledge")),
                new Client.Kind("Node.js fetch", Version.HTTP_1_1, Over.BOTH, () -> NodeClient.start("fetch")),
                new Client.Kind("Node.js http2", Version.HTTP_2, Over.BOTH, () -> NodeClient.start("http2")));
    }

    @TestFactory
    Stream<DynamicContainer> a_visitor_is_counted_signed_in_and_signed_out_again() {
        return Stream.of(AppServer.Kind.values())
                .flatMap(server -> Stream.of(Over.PLAIN, Over.TLS).map(over -> on(server, over)));
    }

    private static DynamicContainer on(AppServer.Kind server, Over over) {
        return dynamicContainer(server + ", " + over, Stream.of(over).flatMap(link -> {
            AppServer running = start(server, link);
            String base = (link == Over.TLS ? "https" : "http") + "://localhost:" + running.port();
            return clients().stream()
                    .filter(client -> client.fits(server, link))
                    .map(client -> test(client, base));
        }));
    }

    /** Over plain HTTP a client other than a browser sends no Secure cookie back, to localhost neither. */
    private static AppServer start(AppServer.Kind kind, Over over) {
        Sessions sessions = Sessions.create(c -> c.secret(SECRET).cookie(k -> {
            k.lifetime(CookieLifetime.of(Duration.ofHours(1)));
            if (over == Over.PLAIN) {
                k.insecureHttp();
            }
        }));
        try {
            AppServer server = kind.start("127.0.0.1", sessions, over == Over.TLS ? Tls.FILES : null);
            STARTED.add(server);
            return server;
        } catch (Exception e) {
            throw new AssertionError(kind + " does not start", e);
        }
    }

    private static DynamicTest test(Client.Kind kind, String base) {
        return dynamicTest(kind.name() + ", HTTP/" + kind.version().number(), () -> {
            Missing.abortWithout(kind.name());
            try (Client client = kind.starter().start()) {
                visit(client, base);
                assertThat(client.get(base + "/protocol"))
                        .isEqualTo(kind.version().number());
            }
        });
    }

    /** What every client does. */
    static void visit(Client client, String base) throws Exception {
        assertThat(client.get(base + "/views")).isEqualTo("1");
        assertThat(client.get(base + "/views")).isEqualTo("2");
        assertThat(client.get(base + "/login")).isEqualTo("ok");
        assertThat(client.get(base + "/whoami")).isEqualTo("alice");
        assertThat(client.get(base + "/views")).isEqualTo("3");
        assertThat(client.get(base + "/logout")).isEqualTo("ok");
        assertThat(client.get(base + "/whoami")).isEqualTo("null");
        assertThat(client.get(base + "/views")).isEqualTo("1");
    }

    @AfterAll
    static void stop() throws Exception {
        for (AppServer server : STARTED) {
            server.close();
        }
        STARTED.clear();
    }
}
