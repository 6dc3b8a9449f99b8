package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.Sessions;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class A20ProxyHeadersTest {
    private static final String HOST = "app.example.com";

    private static void assertRefused(Site site, String... headers) {
        site.store().clearCalls();
        RawResponse response = site.request("GET", "/set?x", HOST, headers);
        assertThat(response.status()).isEqualTo(500);
        assertThat(response.cookies()).isEmpty();
        assertThat(response.body()).doesNotContain("trustedProxies");
        assertThat(site.store().calls()).isEmpty();
    }

    private static void assertServed(Site site, String... headers) {
        RawResponse response = site.request("GET", "/set?x", HOST, headers);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Set-Cookie").orElseThrow())
                .startsWith("__Host-id=")
                .contains("; Secure");
    }

    @Test
    void plain_http_from_a_remote_host_is_a_500_and_the_log_names_both_solutions() {
        try (LogCapture logged = new LogCapture();
                Site site = new Site()) {
            assertRefused(site);
            assertThat(logged.sojournMessages())
                    .anyMatch(line -> line.contains("trustedProxies") && line.contains("insecureHttp"));
        }
    }

    @Test
    void a_plain_http_read_from_a_remote_host_is_served() {
        try (Site site = new Site()) {
            assertThat(site.request("GET", "/read", HOST).status()).isEqualTo(200);
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
                assertThat(site.request("GET", "/set?x", host).status())
                        .as(host)
                        .isEqualTo(200);
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
    void a_host_that_only_resembles_localhost_is_not_local(String host) {
        try (Site site = new Site()) {
            RawResponse response = site.request("GET", "/set?x", host);
            assertThat(response.status()).isGreaterThanOrEqualTo(400);
            assertThat(response.cookies()).isEmpty();
        }
    }

    @Test
    void forwarded_headers_are_ignored_without_a_trusted_proxy() {
        for (Site untrusting : List.of(
                new Site(),
                new Site(c -> c.trustedProxies("10.0.0.0/8")),
                new Site(c -> c.trustedProxies("127.0.0.2", "::1")))) {
            try (Site site = untrusting) {
                assertRefused(site, "X-Forwarded-Proto: https");
                assertRefused(site, "Forwarded: for=1;proto=https;host=localhost");
                assertRefused(site, "X-Forwarded-Host: localhost", "X-Forwarded-For: 127.0.0.1");
                assertRefused(site, "X-Forwarded-Proto: https", "X-Forwarded-Proto: https");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.0/8", "0.0.0.0/0", "127.0.0.1/32"})
    void forwarded_headers_of_a_trusted_proxy_are_used(String network) {
        try (Site site = new Site(c -> c.trustedProxies("10.0.0.0/8", network))) {
            assertServed(site, "X-Forwarded-Proto: https");
            assertServed(site, "x-forwarded-proto: HTTPS");
            assertServed(site, "X-Forwarded-Proto:   https  ");
            assertServed(site, "X-Forwarded-Proto: wss");
            assertServed(site, "Forwarded: proto=wss");
            assertServed(site, "Forwarded: for=192.0.2.60;proto=https;by=203.0.113.43");
            assertServed(site, "Forwarded: for=192.0.2.60; Proto=\"HTTPS\"");
            assertRefused(site);
            assertRefused(site, "X-Forwarded-Proto: http");
        }
    }

    @Test
    void only_the_last_value_of_a_forwarded_header_is_used() {
        try (Site site = new Site(c -> c.trustedProxies("127.0.0.1"))) {
            assertServed(site, "X-Forwarded-Proto: http, https");
            assertRefused(site, "X-Forwarded-Proto: https, http");
            assertRefused(site, "X-Forwarded-Proto: https,http");
            assertRefused(site, "X-Forwarded-Proto: https", "X-Forwarded-Proto: http");
            assertServed(site, "X-Forwarded-Proto: http", "X-Forwarded-Proto: https");
            assertRefused(site, "Forwarded: proto=https, proto=http");
            assertServed(site, "Forwarded: proto=http, proto=https");
            assertRefused(site, "X-Forwarded-Proto: http", "Forwarded: proto=https");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"httpss", "https;", "on", "1", "", ",", "https,", "h\u00FFttps", "ws", "wsss"})
    void any_other_value_of_a_forwarded_header_is_not_https(String value) {
        try (Site site = new Site(c -> c.trustedProxies("127.0.0.1"))) {
            assertRefused(site, "X-Forwarded-Proto: " + value);
        }
    }

    @Test
    void a_quoted_string_in_forwarded_cannot_imitate_the_protocol() {
        try (Site site = new Site(c -> c.trustedProxies("127.0.0.1"))) {
            assertRefused(site, "Forwarded: for=\"x;proto=https\";proto=http");
            assertRefused(site, "Forwarded: for=\"_x,proto=https\"");
            assertRefused(site, "Forwarded: for=\"_x,proto=https");
            assertRefused(site, "Forwarded: host=\"a\\\";proto=https\";proto=http");
            assertRefused(site, "Forwarded: host=\"" + "\\".repeat(20_000) + "\";proto=http");
            assertServed(site, "Forwarded: host=\"a;proto=http\";proto=\"https\"");
        }
    }

    @Test
    void the_secure_attribute_never_depends_on_the_request() {
        try (Site direct = new Site();
                Site site = new Site(c -> c.trustedProxies("127.0.0.1"))) {
            assertThat(direct.get("/set?x").header("Set-Cookie").orElseThrow()).contains("; Secure");
            assertServed(site, "X-Forwarded-Proto: https");
        }
    }

    @Test
    void a_request_forwarded_by_a_proxy_is_never_local_whatever_its_host() {
        try (Site direct = new Site();
                Site site = new Site(c -> c.trustedProxies("127.0.0.1"))) {
            for (String host : List.of("localhost", "LOCALHOST.:80", "127.0.0.1", "[::1]", "app.localhost")) {
                assertThat(direct.request("GET", "/set?x", host).status())
                        .as(host)
                        .isEqualTo(200);
                assertError(site.request("GET", "/login?alice", host, "X-Forwarded-Proto: http"));
                assertError(site.request("GET", "/login?alice", host));
                for (String header : List.of(
                        "X-Forwarded-Proto: http", "X-Forwarded-For: 192.0.2.1", "Forwarded: for=_x", "Via: 1.1 x")) {
                    assertError(direct.request("GET", "/login?alice", host, header));
                }
            }
        }
    }

    private static void assertError(RawResponse response) {
        assertThat(response.status()).isEqualTo(500);
        assertThat(response.cookies()).isEmpty();
    }

    @Test
    void a_refused_token_is_reported_with_the_address_from_trusted_proxies() {
        try (Site site = new Site(c -> c.trustedProxies("127.0.0.1", "10.0.0.0/8"))) {
            site.get("/read", "X-Forwarded-For: 198.51.100.9, 192.0.2.7, 10.0.0.3", "Cookie: __Host-id=forged");
            assertThat(site.listener().single("tokenRefused").details()).contains("192.0.2.7");
        }
        try (Site site = new Site()) {
            site.get("/read", "X-Forwarded-For: 192.0.2.7", "Cookie: __Host-id=forged");
            assertThat(site.listener().single("tokenRefused").details()).contains("127.0.0.1");
        }
    }

    @Test
    void only_insecure_http_allows_a_cookie_without_secure() {
        try (Site site = new Site(c -> c.cookie(k -> k.insecureHttp()))) {
            RawResponse response = site.request("GET", "/set?x", HOST);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("Set-Cookie").orElseThrow())
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
    void an_invalid_address_or_network_is_refused_at_start_up(String network) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.create(c -> c.secret(Site.SECRET).trustedProxies(network)));
    }
}
