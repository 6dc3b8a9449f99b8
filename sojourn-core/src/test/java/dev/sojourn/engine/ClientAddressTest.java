package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {
    private static final TrustedProxies PROXIES = new TrustedProxies(List.of("10.0.0.0/8", "fd00::/8"));
    private static final String FOR = "X-Forwarded-For";

    private static String behindProxy(String header, String... lines) {
        return PROXIES.clientAddress(PlainExchange.from("10.0.0.1", header, lines));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.7 | 192.0.2.7",
                "192.0.2.7:4711 | 192.0.2.7",
                "198.51.100.9, 192.0.2.7 | 192.0.2.7",
                "127.0.0.1, 192.0.2.7, 10.2.2.2 | 192.0.2.7",
                "10.3.3.3, 10.2.2.2 | 10.3.3.3",
                "192.0.2.7, [fd00::2]:80, 10.2.2.2 | 192.0.2.7",
                "2001:DB8::1 | 2001:db8:0:0:0:0:0:1",
                "[2001:db8::1]:80 | 2001:db8:0:0:0:0:0:1",
                "::ffff:192.0.2.7 | 192.0.2.7",
                "192.0.2.7, unknown | 10.0.0.1",
                "192.0.2.7, evil\u0007, 10.2.2.2 | 10.2.2.2",
                "'' | 10.0.0.1"
            })
    void the_last_hop_that_is_not_a_trusted_proxy_is_the_client(String hops, String client) {
        assertThat(behindProxy(FOR, hops)).isEqualTo(client);
    }

    @Test
    void several_header_lines_count_as_one() {
        assertThat(behindProxy(FOR, "192.0.2.7", "10.2.2.2")).isEqualTo("192.0.2.7");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=192.0.2.7;proto=https | 192.0.2.7",
                "for=198.51.100.9, For=\"[2001:db8::1]:4711\" | 2001:db8:0:0:0:0:0:1",
                "for=192.0.2.7, for=10.2.2.2 | 192.0.2.7",
                "for=\"192.0.2.7, for=10.2.2.2\" | 10.0.0.1",
                "for=\"x\\\";for=192.0.2.7\" | 10.0.0.1",
                "for=192.0.2.7;for=192.0.2.8 | 10.0.0.1",
                "for=192.0.2.7, for=\"10.2.2.2 | 10.0.0.1",
                "for=_hidden | 10.0.0.1",
                "proto=https | 10.0.0.1"
            })
    void the_standard_header_is_read_as_well(String header, String client) {
        assertThat(behindProxy("Forwarded", header)).isEqualTo(client);
    }

    @Test
    void the_headers_of_an_untrusted_peer_are_ignored() {
        assertThat(PROXIES.clientAddress(PlainExchange.from("192.0.2.1", FOR, "198.51.100.9")))
                .isEqualTo("192.0.2.1");
        assertThat(new TrustedProxies(List.of()).clientAddress(PlainExchange.from("10.0.0.1", FOR, "198.51.100.9")))
                .isEqualTo("10.0.0.1");
    }

    @Test
    void the_address_of_a_peer_without_an_ip_address_is_unchanged() {
        assertThat(PROXIES.clientAddress(PlainExchange.from("", FOR, "198.51.100.9")))
                .isEmpty();
        assertThat(PROXIES.clientAddress(PlainExchange.from("unix:/run/app.sock", FOR, "198.51.100.9")))
                .isEqualTo("unix:/run/app.sock");
    }
}
