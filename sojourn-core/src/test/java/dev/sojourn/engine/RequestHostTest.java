package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHostTest {
    private static final TrustedProxies NO_PROXIES = new TrustedProxies(List.of());

    private static PlainExchange to(String host) {
        return PlainExchange.from("127.0.0.1", "Host", host);
    }

    private static boolean isLocal(PlainExchange exchange, TrustedProxies proxies) {
        return RequestHost.isLocal(new ProxiedExchange(exchange, proxies));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost",
                "localhost.",
                "localhost:8080",
                "LOCALHOST.:8080",
                "localhost:",
                "app.localhost",
                "app.localhost.:1",
                "127.0.0.1",
                "127.0.0.1:8080",
                "[::1]",
                "[::1]:8080",
                "[0:0:0:0:0:0:0:1]",
                "[0000::0001]:80",
                "[::ffff:127.0.0.1]",
                "[::FFFF:7F00:1]:80",
                "[::1%lo]:80"
            })
    void every_form_of_the_local_host_is_local(String host) {
        assertThat(isLocal(to(host), NO_PROXIES)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "localhost..",
                ".localhost",
                "localhost.evil.example",
                "evil-localhost",
                "user@localhost",
                "localhost@evil.example",
                "evil.example:80#localhost",
                "evil.example/localhost",
                "localhost, evil.example",
                "local host",
                "127.0.0.1.evil.example",
                "127.0.0.2",
                "0.0.0.0",
                "10.0.0.1",
                "[::]",
                "[::2]",
                "[::1]x",
                "[::1",
                "::1x"
            })
    void a_host_that_only_looks_local_is_not_local(String host) {
        assertThat(isLocal(to(host), NO_PROXIES)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Forwarded",
                "X-Forwarded-For",
                "X-Forwarded-Proto",
                "X-Forwarded-Host",
                "X-Forwarded-Port",
                "X-Real-IP",
                "Via"
            })
    void a_request_with_a_header_of_a_proxy_is_never_local(String header) {
        PlainExchange forwarded = new PlainExchange(
                "127.0.0.1",
                false,
                Map.of("host", List.of("localhost"), header.toLowerCase(java.util.Locale.ROOT), List.of("")));

        assertThat(isLocal(forwarded, NO_PROXIES)).isFalse();
    }

    @Test
    void a_request_from_a_trusted_proxy_is_never_local() {
        assertThat(isLocal(to("localhost"), new TrustedProxies(List.of("127.0.0.1"))))
                .isFalse();
        assertThat(isLocal(to("localhost"), new TrustedProxies(List.of("10.0.0.0/8"))))
                .isTrue();
    }

    @Test
    void a_request_without_a_host_or_with_several_is_not_local() {
        assertThat(isLocal(PlainExchange.from("127.0.0.1", "Accept", "*/*"), NO_PROXIES))
                .isFalse();
        assertThat(isLocal(PlainExchange.from("127.0.0.1", "Host", "localhost", "localhost"), NO_PROXIES))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "Shop.Example.COM:443, shop.example.com",
        "shop.example.com., shop.example.com",
        "localhost, localhost",
        "under_score.example, under_score.example"
    })
    void a_host_name_is_normalized(String host, String name) {
        assertThat(RequestHost.name(to(host))).hasValue(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.1", "[::1]", "a;b", "a b", "-a.example", "a..b", "a\r\nb"})
    void an_address_or_an_invalid_name_is_not_a_host_name(String host) {
        assertThat(RequestHost.name(to(host))).isEmpty();
    }
}
