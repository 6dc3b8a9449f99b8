package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/** Tests random paths with many kinds of routers: if a router reads a path as the path of a rule, the rule covers it. */
class NormalizedPathProperties {
    private static final List<String> RULE_SEGMENTS = List.of("a", "b");
    private static final NormalizedPath RULE = NormalizedPath.of("/a/b");

    /**
     * A router, described by the way in which it reads a path.
     *
     * @param decodings the number of times that it decodes
     * @param splitsFirst whether it processes slashes and dots before it decodes
     * @param cutsParameters whether it drops the rest of a segment after a semicolon
     * @param collapses whether it drops empty segments
     * @param resolves whether it resolves a segment of two dots
     * @param backslashes whether it treats a backslash as a slash
     * @param ignoresCase whether it ignores case
     */
    record Router(
            int decodings,
            boolean splitsFirst,
            boolean cutsParameters,
            boolean collapses,
            boolean resolves,
            boolean backslashes,
            boolean ignoresCase) {
        boolean matchesRule(String path) {
            String text = splitsFirst ? path : decode(path);
            List<String> segments = new ArrayList<>();
            String slashed = backslashes ? text.replace('\\', '/') : text;
            for (String raw : slashed.substring(slashed.startsWith("/") ? 1 : 0).split("/", -1)) {
                String cut = cutsParameters && raw.indexOf(';') >= 0 ? raw.substring(0, raw.indexOf(';')) : raw;
                String segment = splitsFirst ? decode(cut) : cut;
                if (resolves && segment.equals("..")) {
                    if (!segments.isEmpty()) {
                        segments.remove(segments.size() - 1);
                    }
                } else if (!segment.equals(".") && !(collapses && segment.isEmpty())) {
                    segments.add(ignoresCase ? segment.toLowerCase(Locale.ROOT) : segment);
                }
            }
            return segments.size() >= 2 && segments.subList(0, 2).equals(RULE_SEGMENTS);
        }

        private String decode(String text) {
            String result = text;
            for (int i = 0; i < decodings; i++) {
                result = decodeOnce(result);
            }
            return result;
        }

        private static String decodeOnce(String text) {
            StringBuilder plain = new StringBuilder();
            for (int i = 0; i < text.length(); i++) {
                Integer code =
                        text.charAt(i) == '%' && i + 2 < text.length() ? parseHex(text.substring(i + 1, i + 3)) : null;
                plain.append(code == null ? text.charAt(i) : (char) (int) code);
                i += code == null ? 0 : 2;
            }
            return plain.toString();
        }

        private static @Nullable Integer parseHex(String two) {
            return two.matches("[0-9a-fA-F]{2}") ? Integer.valueOf(two, 16) : null;
        }
    }

    @Provide
    Arbitrary<Router> routers() {
        Arbitrary<Boolean> option = Arbitraries.of(true, false);
        return Arbitraries.integers()
                .between(0, 3)
                .flatMap(decodings -> option.list()
                        .ofSize(6)
                        .map(o -> new Router(decodings, o.get(0), o.get(1), o.get(2), o.get(3), o.get(4), o.get(5))));
    }

    @Provide
    Arbitrary<String> paths() {
        Arbitrary<String> first = Arbitraries.of("a", "%61", "%2561", "A");
        Arbitrary<String> second = Arbitraries.of("b", "%62", "%2562", "B");
        Arbitrary<String> slash = Arbitraries.of("/", "%2f", "%252F", "\\", "%5c", "//", "/./", "/x/../");
        return Combinators.combine(noise(), slash, first, noise(), slash, second, noise())
                .as((before, one, a, between, two, b, after) -> "/" + before + one + a + between + two + b + after);
    }

    private static Arbitrary<String> noise() {
        return Arbitraries.of(
                        ";", ";x", ";x%2fy", "%3b", "..", ".", "/..", "/x", "/x/..", "/%2e%2e", "/%252e.", "//..",
                        "/..;", "%", "%25", "/b", "/a")
                .list()
                .ofMaxSize(2)
                .map(pieces -> String.join("", pieces));
    }

    @Property(tries = 200_000)
    void a_path_that_a_router_reads_as_the_path_of_a_rule_is_covered(
            @ForAll("routers") Router router, @ForAll("paths") String path) {
        boolean matches = router.matchesRule(path);
        Statistics.label("matches")
                .collect(matches)
                .coverage(coverage -> coverage.check(true).percentage(share -> share > 1));
        if (matches) {
            assertThat(NormalizedPath.of(path).isBelow(RULE))
                    .as("%s by %s", path, router)
                    .isTrue();
        }
    }

    @Property
    void any_path_can_be_read(@ForAll String path, @ForAll byte[] bytes) {
        assertThat(NormalizedPath.of(path).isBelow(NormalizedPath.of("/"))).isTrue();
        assertThat(NormalizedPath.of(new String(bytes, StandardCharsets.ISO_8859_1))
                        .toString())
                .startsWith("/");
    }
}
