package dev.sojourn.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.Sessions;
import dev.sojourn.servers.ReverseProxy;
import io.undertow.Handlers;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the configurations of docs/guide/proxies.md exactly as the page shows them. */
class ProxiesTest {
    private static final Path PAGE = Path.of("../docs/guide/proxies.md");
    private static final String HOST = "app.example.com";

    @TempDir
    static Path folder;

    enum Proxy {
        NGINX,
        HAPROXY;

        String program() {
            return name().toLowerCase(Locale.ROOT);
        }

        ReverseProxy start(int port, String configuration) {
            return this == NGINX ? ReverseProxy.nginx(port, configuration) : ReverseProxy.haproxy(port, configuration);
        }
    }

    static Stream<Arguments> pairs() {
        return Stream.of(Proxy.values())
                .flatMap(proxy -> Stream.of(AppServer.Kind.values()).map(kind -> Arguments.of(proxy, kind)));
    }

    static Stream<Arguments> pairsWithSocket() {
        return pairs().filter(pair -> ((AppServer.Kind) pair.get()[1]).hasSocket());
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void sessions_work_where_tls_ends_at_the_proxy(Proxy proxy, AppServer.Kind kind) throws Exception {
        try (Site site = site(proxy, kind, "TLS ends at the proxy", "127.0.0.1", c -> c.trustedProxies("127.0.0.1"));
                Client client = site.curl()) {
            ClientsTest.assertVisits(client, site.base());
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void a_plain_http_request_from_an_untrusted_proxy_gets_no_session(Proxy proxy, AppServer.Kind kind)
            throws Exception {
        try (Site site = site(proxy, kind, "TLS ends at the proxy", "127.0.0.1", c -> {});
                Client client = site.curl()) {
            assertThatThrownBy(() -> client.get(site.base() + "/views")).hasMessageContaining("status 500");
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void sessions_work_where_the_proxy_strips_a_prefix(Proxy proxy, AppServer.Kind kind) throws Exception {
        Consumer<Sessions.Config> options = c -> c.trustedProxies("127.0.0.1").cookie(k -> k.publicPath("/shop"));
        try (Site site = site(proxy, kind, "The proxy strips a prefix", "127.0.0.1", options);
                Client client = site.curl()) {
            ClientsTest.assertVisits(client, site.base() + "/shop");
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void sessions_work_where_the_application_listens_on_ipv6(Proxy proxy, AppServer.Kind kind) throws Exception {
        try (Site site = site(proxy, kind, "The application listens on IPv6", "::1", c -> c.trustedProxies("::1"));
                Client client = site.curl()) {
            ClientsTest.assertVisits(client, site.base());
        }
    }

    @ParameterizedTest
    @MethodSource("pairsWithSocket")
    void a_web_socket_has_the_session_of_its_handshake(Proxy proxy, AppServer.Kind kind) throws Exception {
        try (Site site = site(proxy, kind, "WebSockets", "127.0.0.1", c -> c.trustedProxies("127.0.0.1"))) {
            HttpClient http = clientWithCookies();
            try (Client client = JavaNetClients.over(http)) {
                String base = "https://localhost:" + site.proxy().port();
                assertThat(client.get(base + "/views")).isEqualTo("1");
                assertThat(sendText(http, site, "hello")).isEqualTo("hello 2");
                assertThat(client.get(base + "/views")).isEqualTo("3");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_web_socket_handshake_can_start_the_session(Proxy proxy) throws Exception {
        try (Site site =
                site(proxy, AppServer.Kind.VERTX, "WebSockets", "127.0.0.1", c -> c.trustedProxies("127.0.0.1"))) {
            HttpClient http = clientWithCookies();
            try (Client client = JavaNetClients.over(http)) {
                assertThat(sendText(http, site, "hello")).isEqualTo("hello 1");
                assertThat(client.get("https://localhost:" + site.proxy().port() + "/views"))
                        .isEqualTo("2");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_adapter_trusts_the_proxy_handler_of_undertow(Proxy proxy) throws Exception {
        RequiredPrograms.assumeInstalledFor(proxy.program());
        Sessions sessions = Sessions.create(c -> c.secret(ClientsTest.SECRET));
        AppServer server = UndertowAppServer.start("127.0.0.1", sessions, null, Handlers::proxyPeerAddress);
        try (Site site = site(proxy, server, "TLS ends at the proxy");
                Client client = site.curl()) {
            ClientsTest.assertVisits(client, site.base());
        }
    }

    // ---- a proxy and a server behind it

    private static Site site(
            Proxy proxy, AppServer.Kind kind, String section, String address, Consumer<Sessions.Config> options)
            throws Exception {
        RequiredPrograms.assumeInstalledFor(proxy.program());
        Sessions sessions = Sessions.create(c -> options.accept(c.secret(ClientsTest.SECRET)));
        return site(proxy, kind.start(address, sessions, null), section);
    }

    private static Site site(Proxy proxy, AppServer server, String section) throws Exception {
        int port = ReverseProxy.freePort();
        String configuration = block(section, proxy.program())
                .replace("443", Integer.toString(port))
                .replace(":8080", ":" + server.port())
                .replace("/etc/ssl/app.pem", pem(proxy).toString())
                .replace("/etc/ssl/app.key", Tls.FILES.key().toString());
        try {
            return new Site(server, proxy.start(port, configuration));
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Writes the certificate files; HAProxy reads the certificate and its key from one file. */
    private static Path pem(Proxy proxy) throws IOException {
        if (proxy == Proxy.NGINX) {
            return Tls.FILES.certificate();
        }
        return Files.writeString(
                folder.resolve("both.pem"),
                Files.readString(Tls.FILES.certificate()) + Files.readString(Tls.FILES.key()));
    }

    /** Returns the code block in the given language within a section of the page. */
    private static String block(String section, String language) throws IOException {
        Pattern pattern = Pattern.compile(
                "### " + Pattern.quote(section) + "\\n(?:(?!\\n### ).)*?```" + language + "\\n(.*?)```",
                Pattern.DOTALL);
        Matcher found = pattern.matcher(Files.readString(PAGE));
        assertThat(found.find()).as(section + ", " + language).isTrue();
        return found.group(1);
    }

    private record Site(AppServer server, ReverseProxy proxy) implements AutoCloseable {
        String base() {
            return "https://" + HOST + ":" + proxy.port();
        }

        /** Starts a client that uses a host name that is not a name of this machine. */
        Client curl() throws IOException {
            return CurlClient.with("--insecure", "--resolve", HOST + ":" + proxy.port() + ":127.0.0.1");
        }

        @Override
        public void close() throws IOException {
            proxy.close();
            server.close();
        }
    }

    // ---- a client with WebSockets

    private static HttpClient clientWithCookies() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .cookieHandler(new CookieManager())
                .sslContext(Tls.context(Tls.FILES))
                .build();
    }

    private static @Nullable String sendText(HttpClient http, Site site, String text) throws Exception {
        TextCollector collector = new TextCollector(new LinkedBlockingQueue<>());
        WebSocket socket = http.newWebSocketBuilder()
                .buildAsync(URI.create("wss://localhost:" + site.proxy().port() + "/socket"), collector)
                .get(30, TimeUnit.SECONDS);
        socket.sendText(text, true).get(30, TimeUnit.SECONDS);
        String reply = collector.texts().poll(30, TimeUnit.SECONDS);
        socket.abort();
        return reply;
    }

    private record TextCollector(BlockingQueue<String> texts) implements WebSocket.Listener {
        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            texts.add(text.toString());
            socket.request(1);
            return null;
        }
    }
}
