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
    void two_paths_never_have_one_name(
            @ForAll @Chars({'/', '.', '%', 'a', '2', 'F', 'E', '-'}) @StringLength(max = 4) String one,
            @ForAll @Chars({'/', '.', '%', 'a', '2', 'F', 'E', '-'}) @StringLength(max = 4) String other) {
        assertThat(ApplicationName.of(one).equals(ApplicationName.of(other))).isEqualTo(one.equals(other));
    }

    @Property
    void a_name_holds_what_a_cookies_name_may(@ForAll @CharRange(from = 1, to = '\ud7ff') String path) {
        assertThat(ApplicationName.of(path)).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]*");
    }

    @Example
    void slashes_become_dots_and_what_is_not_plain_becomes_bytes() {
        assertThat(ApplicationName.of("")).isEmpty();
        assertThat(ApplicationName.of("/shop")).isEqualTo(".shop");
        assertThat(ApplicationName.of("/shop/v1.2")).isEqualTo(".shop.v1%2E2");
        assertThat(ApplicationName.of("/caf\u00e9")).isEqualTo(".caf%C3%A9");
    }
}
