package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.Sessions;
import dev.sojourn.proof.site.Reply;
import dev.sojourn.proof.site.Site;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class A20ProxyHeadersTest {
    private static final String HOST = "app.example.com";

    private static void isRefused(Site site, String... headers) {
        site.store().forget();
        Reply reply = site.ask("GET", "/set?x", HOST, headers);
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.cookies()).isEmpty();
        assertThat(reply.body()).doesNotContain("trustedProxies");
        assertThat(site.store().calls()).isEmpty();
    }

    private static void isServed(Site site, String... headers) {
        Reply reply = site.ask("GET", "/set?x", HOST, headers);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Set-Cookie").orElseThrow())
                .startsWith("__Host-id=")
                .contains("; Secure");
    }

    @Test
    void plain_http_from_elsewhere_gets_a_500_and_a_line_in_the_log_that_names_both_ways_out() {
        try (Logged logged = new Logged();
                Site site = new Site()) {
            isRefused(site);
            assertThat(logged.ours())
                    .anyMatch(line -> line.contains("trustedProxies") && line.contains("insecureHttp"));
        }
    }

    @Test
    void a_plain_read_from_elsewhere_is_served() {
        try (Site site = new Site()) {
            assertThat(site.ask("GET", "/read", HOST).status()).isEqualTo(200);
        }
    }

    @Test
    void localhost_is_served_without_tls() {
        try (Site site = new Site()) {
            for (String host : List.of(
                    "localhost",
                    "localhost:" + site.port(),
                    "LOCALHOST:1",
                    "app.localhost:1",
                    "127.0.0.1:1",
                    "[::1]:1")) {
                assertThat(site.ask("GET", "/set?x", host).status()).as(host).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost.evil.example",
                "evil-localhost",
                "localhost@evil.example",
                "evil.example:80#localhost",
                "127.0.0.1.evil.example",
                "10.0.0.1",
                "[::2]"
            })
    void a_host_that_only_looks_local_is_not(String host) {
        try (Site site = new Site()) {
            Reply reply = site.ask("GET", "/set?x", host);
            assertThat(reply.status()).isGreaterThanOrEqualTo(400);
            assertThat(reply.cookies()).isEmpty();
        }
    }

    @Test
    void nobodys_word_counts_unless_a_proxy_is_trusted() {
        for (Site untrusting : List.of(
                new Site(),
                new Site(c -> c.trustedProxies("10.0.0.0/8")),
                new Site(c -> c.trustedProxies("127.0.0.2", "::1")))) {
            try (Site site = untrusting) {
                isRefused(site, "X-Forwarded-Proto: https");
                isRefused(site, "Forwarded: for=1;proto=https;host=localhost");
                isRefused(site, "X-Forwarded-Host: localhost", "X-Forwarded-For: 127.0.0.1");
                isRefused(site, "X-Forwarded-Proto: https", "X-Forwarded-Proto: https");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.0/8", "0.0.0.0/0", "127.0.0.1/32"})
    void a_trusted_proxys_word_counts(String network) {
        try (Site site = new Site(c -> c.trustedProxies("10.0.0.0/8", network))) {
            isServed(site, "X-Forwarded-Proto: https");
            isServed(site, "x-forwarded-proto: HTTPS");
            isServed(site, "X-Forwarded-Proto:   https  ");
            isServed(site, "X-Forwarded-Proto: wss");
            isServed(site, "Forwarded: proto=wss");
            isServed(site, "Forwarded: for=192.0.2.60;proto=https;by=203.0.113.43");
            isServed(site, "Forwarded: for=192.0.2.60; Proto=\"HTTPS\"");
            isRefused(site);
            isRefused(site, "X-Forwarded-Proto: http");
        }
    }

    @Test
    void of_a_list_only_what_the_proxy_itself_added_last_counts() {
        try (Site site = new Site(c -> c.trustedProxies("127.0.0.1"))) {
            isServed(site, "X-Forwarded-Proto: http, https");
            isRefused(site, "X-Forwarded-Proto: https, http");
            isRefused(site, "X-Forwarded-Proto: https,http");
            isRefused(site, "X-Forwarded-Proto: https", "X-Forwarded-Proto: http");
            isServed(site, "X-Forwarded-Proto: http", "X-Forwarded-Proto: https");
            isRefused(site, "Forwarded: proto=https, proto=http");
            isServed(site, "Forwarded: proto=http, proto=https");
            isRefused(site, "X-Forwarded-Proto: http", "Forwarded: proto=https");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"httpss", "https;", "on", "1", "", ",", "https,", "h\u00FFttps", "ws", "wsss"})
    void any_other_word_of_a_trusted_proxy_is_not_https(String word) {
        try (Site site = new Site(c -> c.trustedProxies("127.0.0.1"))) {
            isRefused(site, "X-Forwarded-Proto: " + word);
        }
    }

    @Test
    void a_quoted_string_within_forwarded_cannot_pose_as_the_protocol() {
        try (Site site = new Site(c -> c.trustedProxies("127.0.0.1"))) {
            isRefused(site, "Forwarded: for=\"x;proto=https\";proto=http");
            isRefused(site, "Forwarded: for=\"_x,proto=https\"");
            isRefused(site, "Forwarded: for=\"_x,proto=https");
            isRefused(site, "Forwarded: host=\"a\\\";proto=https\";proto=http");
            isRefused(site, "Forwarded: host=\"" + "\\".repeat(20_000) + "\";proto=http");
            isServed(site, "Forwarded: host=\"a;proto=http\";proto=\"https\"");
        }
    }

    @Test
    void secure_never_depends_on_how_the_request_came() {
        try (Site direct = new Site();
                Site site = new Site(c -> c.trustedProxies("127.0.0.1"))) {
            assertThat(direct.get("/set?x").header("Set-Cookie").orElseThrow()).contains("; Secure");
            isServed(site, "X-Forwarded-Proto: https");
        }
    }

    @Test
    void a_request_that_a_proxy_forwarded_is_never_local_whatever_its_host_says() {
        try (Site direct = new Site();
                Site site = new Site(c -> c.trustedProxies("127.0.0.1"))) {
            for (String host : List.of("localhost", "LOCALHOST.:80", "127.0.0.1", "[::1]", "app.localhost")) {
                assertThat(direct.ask("GET", "/set?x", host).status()).as(host).isEqualTo(200);
                isNotServed(site.ask("GET", "/login?alice", host, "X-Forwarded-Proto: http"));
                isNotServed(site.ask("GET", "/login?alice", host));
                for (String header : List.of(
                        "X-Forwarded-Proto: http", "X-Forwarded-For: 192.0.2.1", "Forwarded: for=_x", "Via: 1.1 x")) {
                    isNotServed(direct.ask("GET", "/login?alice", host, header));
                }
            }
        }
    }

    private static void isNotServed(Reply reply) {
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.cookies()).isEmpty();
    }

    @Test
    void a_refused_token_is_told_with_the_address_that_trusted_proxies_tell() {
        try (Site site = new Site(c -> c.trustedProxies("127.0.0.1", "10.0.0.0/8"))) {
            site.get("/read", "X-Forwarded-For: 198.51.100.9, 192.0.2.7, 10.0.0.3", "Cookie: __Host-id=forged");
            assertThat(site.heard().only("tokenRefused").details()).contains("192.0.2.7");
        }
        try (Site site = new Site()) {
            site.get("/read", "X-Forwarded-For: 192.0.2.7", "Cookie: __Host-id=forged");
            assertThat(site.heard().only("tokenRefused").details()).contains("127.0.0.1");
        }
    }

    @Test
    void insecure_http_is_the_one_way_to_a_cookie_without_secure() {
        try (Site site = new Site(c -> c.cookie(k -> k.insecureHttp()))) {
            Reply reply = site.ask("GET", "/set?x", HOST);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("Set-Cookie").orElseThrow())
                    .startsWith("id=")
                    .contains("; HttpOnly")
                    .doesNotContain("Secure");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "proxy.example.com",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0/8",
                "::1/129",
                "*",
                "256.0.0.1",
                "10.0.0.0/8/8"
            })
    void what_is_neither_address_nor_network_is_refused_at_start(String network) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.create(c -> c.secret(Site.SECRET).trustedProxies(network)));
    }
}
