package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;

class ApplicationNameProperties {
    @Property
    void different_paths_have_different_names(
            @ForAll @Chars({'/', '.', '%', 'a', '2', 'F', 'E', '-'}) @StringLength(max = 4) String one,
            @ForAll @Chars({'/', '.', '%', 'a', '2', 'F', 'E', '-'}) @StringLength(max = 4) String other) {
        assertThat(ApplicationName.of(one).equals(ApplicationName.of(other))).isEqualTo(one.equals(other));
    }

    @Property
    void a_name_has_only_characters_that_a_cookie_name_may_have(
            @ForAll @CharRange(from = 1, to = '\ud7ff') String path) {
        assertThat(ApplicationName.of(path)).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]*");
    }

    @Example
    void slashes_become_dots_and_special_characters_are_percent_encoded() {
        assertThat(ApplicationName.of("")).isEmpty();
        assertThat(ApplicationName.of("/shop")).isEqualTo(".shop");
        assertThat(ApplicationName.of("/shop/v1.2")).isEqualTo(".shop.v1%2E2");
        assertThat(ApplicationName.of("/caf\u00e9")).isEqualTo(".caf%C3%A9");
    }
}
