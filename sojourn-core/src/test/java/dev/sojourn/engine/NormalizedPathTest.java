package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizedPathTest {
    private static boolean isBelow(String path, String rule) {
        return NormalizedPath.of(path).isBelow(NormalizedPath.of(rule));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/pay/out",
                "/pay/out/",
                "/pay/out/more",
                "/%70ay/out",
                "/pay/ou%74",
                "/pay%2fout",
                "/pay%2Fout",
                "/pay%252fout",
                "/pay%25252525252fout",
                "/pay%5cout",
                "/pay\\out",
                "\\pay\\out",
                "/pay%5C%5Cout",
                "//pay///out",
                "/./pay/./out",
                "/%2e/pay/%2E/out",
                "/x/../pay/out",
                "/x/%2e%2e/pay/out",
                "/x/%252e%252e/pay/out",
                "/pay/x/../out",
                "/pay/x/..%2fout",
                "/pay/x/..;a=b/out",
                "/pay/x/y/../../out",
                "/pay/%252e%252e/../out",
                "/pay//../out",
                "/pay;x=1/out",
                "/pay;x%2fy/out",
                "/pay%3bx/out;y",
                "/pay/out;jsessionid=1",
                "/;/pay/;a/out",
                "/PAY/Out",
                "/pay/out%3fx",
                "/pay/out#x",
                "/shop/pay/out",
                "/shop/v1/pay/out/more",
                "http://shop.example.com/pay/out",
                "/pay%c0%afout",
                "/pay%e0%80%afout",
                "/pay%f0%80%80%afout",
                "/x/%c0%ae%c0%ae/pay/out",
                "/pay/%c0%a56fut",
                "/pay/%u006fut",
                "/pay/%U006fut",
                "/pay/%%36fut",
                "/pay/%256fut",
                "/pay/%6%66ut",
                "/pay/%6%6%3%3%3%36ut"
            })
    void a_path_that_a_router_may_read_as_the_path_of_a_rule_is_below_it(String path) {
        assertThat(isBelow(path, "/pay/out")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "",
                "*",
                "/pay",
                "/out",
                "/out/pay",
                "/pay/x/out",
                "/payout",
                "/pay/outer",
                "/pay/ou",
                "/pay%20/out",
                "/pay/out%20",
                "/pay/%zzout",
                "/%",
                "/%u",
                "/%u00",
                "/pay/%ff%feout"
            })
    void a_path_that_no_router_reads_as_the_path_of_a_rule_is_not_below_it(String path) {
        assertThat(isBelow(path, "/pay/out")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "/caf%C3%A9, /café",
        "/caf%c3%a9/x, /caf%C3%A9",
        "/CAF%C3%89, /café",
        "/%D1%87%D0%B0%D0%B9, /чай",
        "/%F0%9F%8D%B5, /🍵",
        "/a%20b, /a b",
        "/ﬁ, /ﬁ"
    })
    void a_non_ascii_path_equals_its_escaped_form(String path, String rule) {
        assertThat(isBelow(path, rule)).isTrue();
    }

    @Test
    void every_path_is_below_the_root() {
        for (String path : List.of("", "/", "*", "/x", "/%", "/../..")) {
            assertThat(isBelow(path, "/")).as(path).isTrue();
            assertThat(isBelow(path, "//")).as(path).isTrue();
        }
    }

    @Test
    void an_ambiguous_rule_is_refused() {
        for (String path : List.of("pay", "", "/pay/*", "/pay?x", "/pay/../out", "/pay/%2e%2e/out", "/pay;x")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PathRules.of("an exclusive", List.of("/fine", path)))
                    .withMessageContaining("'" + path + "'");
        }
    }

    @Test
    void long_paths_of_nested_escapes_are_read_in_one_pass() {
        String nested = "/pay%" + "25".repeat(100_000) + "2fout";

        assertThat(isBelow(nested, "/pay/out")).isTrue();
        assertThat(isBelow("/%c0%ae".repeat(50_000) + "/pay/out", "/pay/out")).isTrue();
        assertThat(isBelow("/pay".repeat(50_000), "/pay/out")).isFalse();
    }
}
