package dev.sojourn.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sojourn.CookieLifetime;
import dev.sojourn.Sessions;
import dev.sojourn.clients.Client.Link;
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

/** Runs every client link every HTTP version that it and the server support, with TLS and without. */
class ClientsTest {
    static final String SECRET = "yV8qLm3Kt0Xw7Zc2Rb5Nh9Ps4Jd6Gf1-uEaTi";

    private static final List<AppServer> STARTED = new ArrayList<>();

    private static List<Client.Kind> clients() {
        return List.of(
                new Client.Kind(
                        "java.net.http.HttpClient",
                        Version.HTTP_1_1,
                        Link.BOTH,
                        () -> JavaNetClients.httpClient(HttpClient.Version.HTTP_1_1)),
                new Client.Kind(
                        "java.net.http.HttpClient",
                        Version.HTTP_2,
                        Link.BOTH,
                        () -> JavaNetClients.httpClient(HttpClient.Version.HTTP_2)),
                new Client.Kind("HttpURLConnection", Version.HTTP_1_1, Link.BOTH, JavaNetClients::urlConnection),
                new Client.Kind("OkHttp", Version.HTTP_1_1, Link.BOTH, () -> OkHttpClients.with(Protocol.HTTP_1_1)),
                new Client.Kind(
                        "OkHttp",
                        Version.HTTP_2,
                        Link.TLS,
                        () -> OkHttpClients.with(Protocol.HTTP_2, Protocol.HTTP_1_1)),
                new Client.Kind(
                        "OkHttp, prior knowledge",
                        Version.HTTP_2,
                        Link.PLAIN,
                        () -> OkHttpClients.with(Protocol.H2_PRIOR_KNOWLEDGE)),
                new Client.Kind("Apache HttpClient", Version.HTTP_1_1, Link.BOTH, ApacheClients::blocking),
                new Client.Kind("Apache HttpClient", Version.HTTP_2, Link.BOTH, ApacheClients::http2),
                new Client.Kind("curl", Version.HTTP_1_0, Link.BOTH, () -> CurlClient.with("--http1.0", "--no-alpn")),
                new Client.Kind("curl", Version.HTTP_1_1, Link.BOTH, () -> CurlClient.with("--http1.1")),
                new Client.Kind("curl", Version.HTTP_2, Link.TLS, () -> CurlClient.with("--http2")),
                new Client.Kind(
                        "curl, prior knowledge",
                        Version.HTTP_2,
                        Link.PLAIN,
                        () -> CurlClient.with("--http2-prior-knowledge")),
                new Client.Kind("Node.js fetch", Version.HTTP_1_1, Link.BOTH, () -> NodeClient.start("fetch")),
                new Client.Kind("Node.js http2", Version.HTTP_2, Link.BOTH, () -> NodeClient.start("http2")));
    }

    @TestFactory
    Stream<DynamicContainer> a_client_keeps_a_session_signs_in_and_signs_out() {
        return Stream.of(AppServer.Kind.values())
                .flatMap(server -> Stream.of(Link.PLAIN, Link.TLS).map(link -> testsOn(server, link)));
    }

    private static DynamicContainer testsOn(AppServer.Kind server, Link link) {
        return dynamicContainer(server + ", " + link, Stream.of(link).flatMap(one -> {
            AppServer running = start(server, link);
            String base = (link == Link.TLS ? "https" : "http") + "://localhost:" + running.port();
            return clients().stream()
                    .filter(client -> client.fits(server, link))
                    .map(client -> test(client, base));
        }));
    }

    /** Starts a server; over plain HTTP without Secure, because only browsers return Secure cookies to localhost. */
    private static AppServer start(AppServer.Kind kind, Link link) {
        Sessions sessions = Sessions.create(c -> c.secret(SECRET).cookie(k -> {
            k.lifetime(CookieLifetime.of(Duration.ofHours(1)));
            if (link == Link.PLAIN) {
                k.insecureHttp();
            }
        }));
        try {
            AppServer server = kind.start("127.0.0.1", sessions, link == Link.TLS ? Tls.FILES : null);
            STARTED.add(server);
            return server;
        } catch (Exception e) {
            throw new AssertionError(kind + " does not start", e);
        }
    }

    private static DynamicTest test(Client.Kind kind, String base) {
        return dynamicTest(kind.name() + ", HTTP/" + kind.version().number(), () -> {
            RequiredPrograms.assumeInstalledFor(kind.name());
            try (Client client = kind.starter().start()) {
                assertVisits(client, base);
                assertThat(client.get(base + "/protocol"))
                        .isEqualTo(kind.version().number());
            }
        });
    }

    /** Checks a sequence of requests that starts a session, signs in and signs out. */
    static void assertVisits(Client client, String base) throws Exception {
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
