package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

class CookieHeaderProperties {
    @Property
    void a_header_is_read_like_the_reference(
            @ForAll("headers") List<String> lines, @ForAll("cookieNames") String name) {
        List<String> values = CookieHeader.values(lines, name);

        assertThat(values).isEqualTo(CookieHeaderReference.values(lines, name));
        Statistics.label("found")
                .collect(!values.isEmpty())
                .coverage(coverage -> coverage.check(true).percentage(share -> share > 5));
    }

    @Property
    void any_latin_1_text_is_read_like_the_reference(
            @ForAll("latin1") List<String> lines, @ForAll("latin1Name") String name) {
        assertThat(CookieHeader.values(lines, name)).isEqualTo(CookieHeaderReference.values(lines, name));
    }

    @Property
    void a_value_is_found_among_any_other_cookies(
            @ForAll("values") String value,
            @ForAll("headers") List<String> before,
            @ForAll("headers") List<String> after) {
        String line = String.join(";", before) + "; \t__Host-id =\t" + value + " ;" + String.join(";", after);

        assertThat(CookieHeader.values(List.of(line), "__Host-id")).contains(value);
    }

    @Property
    void several_header_lines_count_as_one(@ForAll("headers") List<String> lines, @ForAll("cookieNames") String name) {
        assertThat(CookieHeader.values(List.of(String.join("; ", lines)), name))
                .isEqualTo(CookieHeader.values(lines, name));
    }

    @Provide
    Arbitrary<List<String>> headers() {
        Arbitrary<String> blank = Arbitraries.of("", " ", "\t", " \t ", "\u00a0", "\r", "\u0000");
        Arbitrary<String> value =
                Arbitraries.strings().withChars(" \t=,\"ab%$\\.\u00e9\u0085").ofMaxLength(6);
        Arbitrary<String> piece = Arbitraries.frequencyOf(
                Tuple.of(
                        4,
                        Combinators.combine(blank, cookieNames(), blank, value)
                                .as((a, name, b, text) -> a + name + b + "=" + text)),
                Tuple.of(1, value),
                Tuple.of(1, Arbitraries.of("$Version=1", "id", "=", "==", "id=\"a;id=b\"", "")));
        return piece.list()
                .ofMaxSize(6)
                .map(pieces -> String.join(";", pieces))
                .list()
                .ofMaxSize(3);
    }

    @Provide
    Arbitrary<String> cookieNames() {
        return Arbitraries.of("id", "ID", "i", "idd", "__Host-id", "__host-id", "", "i d", "\u00efd");
    }

    @Provide
    Arbitrary<List<String>> latin1() {
        Arbitrary<String> odd = Arbitraries.strings().withCharRange('\0', '\u00ff');
        Arbitrary<String> dense = Arbitraries.strings().withChars(";= \t\"a").ofMaxLength(40);
        return Arbitraries.oneOf(odd, dense).list().ofMaxSize(3);
    }

    @Provide
    Arbitrary<String> latin1Name() {
        return Arbitraries.of("a", "", "aa", "\"a\"", "\u00e9");
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.strings()
                .withCharRange('!', '\u00ff')
                .excludeChars(';', '"')
                .ofMaxLength(80);
    }
}
