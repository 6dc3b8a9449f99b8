package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExemptPathsTest {
    private static final ExemptPaths RULES = ExemptPaths.of("an exempt", List.of("/hooks", "/login/oidc/"));

    private static boolean isExempt(String path) {
        return RULES.cover(path, "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/hooks", "/hooks/", "/hooks/stripe", "/hooks/a%20b", "/login/oidc", "/login/oidc/callback"})
    void a_path_and_everything_below_it_is_exempt(String path) {
        assertThat(isExempt(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/login",
                "/hookstore",
                "/admin/hooks",
                "/hooks/../account",
                "/hooks/..%2faccount",
                "/hooks/%2e%2e/account",
                "/hooks/%252e%252e/account",
                "/hooks/..;/account",
                "/hooks;v=1",
                "/hooks;v=1/x",
                "/hooks/x;v=1",
                "/hooks/x%3bv=1",
                "/hooks\\..\\account",
                "/hooks/%5c..%5caccount",
                "/hooks//x",
                "/hooks/./x",
                "/hooks/x%2fy",
                "//hooks",
                "/%68ooks",
                "/HOOKS",
                "/hooks?x",
                "/hooks%3fx",
                "/hooks/%c0%ae%c0%ae/account",
                "hooks"
            })
    void a_path_that_a_router_may_read_in_another_way_is_checked(String path) {
        assertThat(isExempt(path)).isFalse();
    }

    @Test
    void a_path_is_below_the_one_at_which_the_application_is_mounted() {
        assertThat(RULES.cover("/shop/hooks/stripe", "/shop")).isTrue();
        assertThat(RULES.cover("/hooks/stripe", "/shop")).isTrue();
        assertThat(RULES.cover("/shop/hooks/../account", "/shop")).isFalse();
        assertThat(RULES.cover("/shop/hooks/stripe", "")).isFalse();
        assertThat(RULES.cover("/shop/admin/hooks", "/shop")).isFalse();
    }

    @Test
    void only_plain_paths_can_be_exempt() {
        for (String path : List.of("hooks", "/hooks/*", "/hooks/../x", "/a;b")) {
            assertThatIllegalArgumentException().isThrownBy(() -> ExemptPaths.of("an exempt", List.of(path)));
        }
    }
}
