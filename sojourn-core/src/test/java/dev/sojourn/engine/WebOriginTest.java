package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebOriginTest {
    @Test
    void a_missing_port_is_that_of_the_scheme() {
        assertThat(WebOrigin.of("http://a.example")).isEqualTo(new WebOrigin("http", "a.example", 80));
        assertThat(WebOrigin.of("https://a.example")).isEqualTo(new WebOrigin("https", "a.example", 443));
        assertThat(WebOrigin.of("https://a.example:8443")).isEqualTo(new WebOrigin("https", "a.example", 8443));
        assertThat(WebOrigin.of("capacitor://localhost")).isEqualTo(new WebOrigin("capacitor", "localhost", -1));
    }

    @Test
    void an_ipv6_address_has_one_spelling() {
        assertThat(WebOrigin.of("http://[::1]:8080")).isEqualTo(WebOrigin.of("http://[0:0:0:0:0:0:0:1]:8080"));
        assertThat(WebOrigin.of("http://[::1")).isNull();
        assertThat(WebOrigin.of("http://[:::]")).isNull();
        assertThat(WebOrigin.of("http://127.0.0.1:8080")).isNotNull();
    }

    @Test
    void a_host_header_is_read_in_any_case() {
        assertThat(WebOrigin.ofHost("https", "Shop.Example")).isEqualTo(WebOrigin.of("https://shop.example"));
        assertThat(WebOrigin.ofHost("https", "shop.example:443")).isEqualTo(WebOrigin.of("https://shop.example"));
        assertThat(WebOrigin.ofHost("https", "shop.example/evil")).isNull();
        assertThat(WebOrigin.ofHost("https", "")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "null",
                "",
                "shop.example",
                "https://*.shop.example",
                "https://shop.example/",
                "https://shop.example.",
                "https://u@shop.example",
                "https://münchen.example",
                "https://a.example,https://b.example"
            })
    void an_option_takes_only_what_browsers_send(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebOrigin.configured("trustedOrigin", text))
                .withMessageContaining("https://app.example.com");
        assertThat(WebOrigin.configured("trustedOrigin", "HTTPS://Shop.Example"))
                .isEqualTo(WebOrigin.of("https://shop.example"));
    }

    @Test
    void no_text_takes_long_to_parse() {
        for (String piece : List.of("a", "a-", "a.", "-", "a:", "https://", "[")) {
            String text = "https://" + piece.repeat(100_000);
            Assertions.assertTimeout(Duration.ofSeconds(2), () -> Optional.ofNullable(WebOrigin.of(text)));
            Assertions.assertTimeout(Duration.ofSeconds(2), () -> Optional.ofNullable(WebOrigin.ofUrl(text + "/")));
            String shorter = "https://" + piece.repeat(290 / piece.length() - 4) + "!";
            Assertions.assertTimeout(Duration.ofSeconds(2), () -> Optional.ofNullable(WebOrigin.of(shorter)));
        }
    }
}
