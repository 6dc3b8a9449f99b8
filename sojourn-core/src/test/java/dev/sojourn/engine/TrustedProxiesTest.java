package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
    private static final String PROTO = "X-Forwarded-Proto";

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0, true",
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 9.255.255.255, false",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.1.2.3/8, 10.9.9.9, true",
        "192.168.0.0/23, 192.168.1.255, true",
        "192.168.0.0/23, 192.168.2.0, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.6/31, 192.0.2.7, true",
        "192.0.2.6/31, 192.0.2.8, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "192.0.2.7/32, 192.0.2.7, true",
        "192.0.2.7/32, 192.0.2.6, false",
        "0.0.0.0/0, 255.255.255.255, true",
        "0.0.0.0/0, ::1, false",
        "::/0, 127.0.0.1, false",
        "::1, ::1, true",
        "::1, 0:0:0:0:0:0:0:1, true",
        "::1, ::2, false",
        "::1, [::1], true",
        "::1, [0:0:0:0:0:0:0:1], true",
        "[::1], ::1, true",
        "2001:db8::/32, [2001:db8::7], true",
        "fe80::/10, [fe80::1%eth0], true",
        "2001:db8::/32, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, true",
        "2001:DB8::/32, 2001:db7:ffff:ffff:ffff:ffff:ffff:ffff, false",
        "2001:db8::/32, 2001:db9::, false",
        "2001:db8:8000::/33, 2001:db8:7fff::, false",
        "2001:db8::1/128, 2001:db8::1, true",
        "2001:db8::1/128, 2001:db8::, false",
        "fe80::/10, fe80::1%eth0, true",
        "fe80::/10, febf::1%1, true",
        "fe80::/10, fec0::1, false",
        "10.0.0.0/8, ::ffff:10.1.2.3, true",
        "10.0.0.0/8, ::ffff:0a01:0203, true",
        "10.0.0.0/8, ::ffff:11.0.0.0, false",
        "::ffff:10.1.2.3, 10.1.2.3, true",
        "::ffff:10.0.0.0/104, 10.255.0.1, true",
        "::ffff:10.0.0.0/104, 11.0.0.1, false",
        "::FFFF:0A00:0000/104, ::ffff:10.0.0.1, true",
        "10.0.0.0/8, 10.0.0.1:80, true",
        "::1, [::1]:80, true",
        "fe80::/10, [fe80::1%eth0]:80, true"
    })
    void a_network_contains_its_addresses_and_no_other(String network, String address, boolean contained) {
        TrustedProxies proxies = new TrustedProxies(List.of(network));

        assertThat(proxies.secure(PlainExchange.from(address, PROTO, "https"))).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "localhost",
                "proxy.example",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/8/8",
                "10.0.0.0/255.0.0.0",
                "10.0.0.0 /8",
                "10.0.0.*",
                "10.0.0",
                "10.0.0.0.0",
                "10",
                "256.0.0.1",
                "300.1.1.1/8",
                "0x0a.0.0.1",
                "1e1.0.0.1",
                "::1/129",
                "::1/",
                ":::",
                "1::2::3",
                "12345::",
                "1:2:3",
                ".:1",
                "[::1",
                "[[::1]]",
                "[10.0.0.1]:80",
                "::1%lo",
                "cafe",
                "\u0661\u0660.0.0.1"
            })
    void an_invalid_address_or_network_is_refused_at_start(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrustedProxies(List.of("10.0.0.0/8", text)))
                .withMessageContaining("'" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "unknown",
                "_hidden",
                "localhost",
                "10.0.0",
                "10.0.0.1:http",
                "300.1.1.1",
                "[::1",
                "::1]",
                "[::1]x",
                "[]",
                ".:1",
                "%",
                "%10.0.0.1",
                "unix:"
            })
    void an_invalid_address_is_not_trusted(String address) {
        TrustedProxies proxies = new TrustedProxies(List.of("0.0.0.0/0", "::/0"));

        assertThat(proxies.secure(PlainExchange.from(address, PROTO, "https"))).isFalse();
    }

    @Test
    void no_name_is_ever_looked_up(@TempDir Path folder) throws Exception {
        Path hosts = folder.resolve("hosts");
        List<String> names = List.of(
                "proxy.example",
                "localhost",
                "cafe",
                "300.1.1.1",
                "1.2.3.4.5",
                "10.0.0.1.example",
                ".:1",
                ":.",
                "1.:",
                "a:b",
                "10.0.1");
        Files.write(hosts, names.stream().map(name -> "10.0.0.1 " + name).toList(), StandardCharsets.UTF_8);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process probe = new ProcessBuilder(
                        java.toString(),
                        "-Djdk.net.hosts.file=" + hosts,
                        "-cp",
                        System.getProperty("java.class.path"),
                        NameLookupProgram.class.getName(),
                        hosts.toString())
                .redirectErrorStream(true)
                .start();

        String printed = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(probe.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(printed.lines()).containsExactly("control: true");
    }

    @Test
    void only_the_last_hop_of_a_trusted_proxy_counts() {
        assertThat(behindProxy(PROTO, "https")).isTrue();
        assertThat(behindProxy(PROTO, " HTTPS ")).isTrue();
        assertThat(behindProxy(PROTO, "http, https")).isTrue();
        assertThat(behindProxy(PROTO, "https, http")).isFalse();
        assertThat(behindProxy(PROTO, "http", "https")).isTrue();
        assertThat(behindProxy(PROTO, "https", "http")).isFalse();
        assertThat(behindProxy(PROTO, "https,")).isFalse();
        assertThat(behindProxy(PROTO, "")).isFalse();
        assertThat(behindProxy(PROTO, "httpsx")).isFalse();
        assertThat(behindProxy(PROTO, "on")).isFalse();
        assertThat(behindProxy(PROTO, "wss")).isTrue();
        assertThat(behindProxy(PROTO, "ws")).isFalse();
    }

    @Test
    void the_standard_header_is_read_as_well() {
        assertThat(behindProxy("Forwarded", "for=192.0.2.60;proto=https;by=203.0.113.43"))
                .isTrue();
        assertThat(behindProxy("Forwarded", "Proto=\"https\"")).isTrue();
        assertThat(behindProxy("Forwarded", "for=a;proto=http, for=b;proto=https"))
                .isTrue();
        assertThat(behindProxy("Forwarded", "for=a;proto=https, for=b;proto=http"))
                .isFalse();
        assertThat(behindProxy("Forwarded", "for=a;proto=https, for=b")).isFalse();
        assertThat(behindProxy("Forwarded", "xproto=https")).isFalse();
        assertThat(behindProxy("Forwarded", "for=\"proto=https\"")).isFalse();
        assertThat(behindProxy("Forwarded", "proto=https2")).isFalse();
    }

    @Test
    void no_peer_is_trusted_unless_configured_and_tls_needs_no_trust() {
        TrustedProxies noProxies = new TrustedProxies(List.of());

        assertThat(noProxies.secure(PlainExchange.from("127.0.0.1", PROTO, "https")))
                .isFalse();
        assertThat(noProxies.secure(new PlainExchange("127.0.0.1", true, Map.of())))
                .isTrue();
        assertThat(new TrustedProxies(List.of("10.0.0.0/8")).secure(PlainExchange.from("192.0.2.1", PROTO, "https")))
                .isFalse();
        assertThat(new TrustedProxies(List.of("10.0.0.0/8"))
                        .secure(new PlainExchange("192.0.2.1", true, Map.of("x-forwarded-proto", List.of("http")))))
                .isTrue();
    }

    private static boolean behindProxy(String header, String... lines) {
        return new TrustedProxies(List.of("10.0.0.0/8")).secure(PlainExchange.from("10.0.0.1", header, lines));
    }
}
