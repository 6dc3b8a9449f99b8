package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.CookieLifetime;
import dev.sojourn.CookiePriority;
import dev.sojourn.SameSite;
import dev.sojourn.engine.EngineFactory.CookieFlag;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

class CookieRulesProperties {
    private static final String TOKEN = "4PpkQw-3nB_".repeat(10);

    /** What an application may ask for, sensible or not. */
    private record Asked(
            @Nullable String name,
            String path,
            @Nullable String domain,
            SameSite sameSite,
            boolean partitioned,
            boolean secure,
            @Nullable CookiePriority priority) {
        CookieRules rules() {
            Set<CookieFlag> flags = EnumSet.noneOf(CookieFlag.class);
            if (partitioned) {
                flags.add(CookieFlag.PARTITIONED);
            }
            if (secure) {
                flags.add(CookieFlag.SECURE);
            }
            return CookieRules.of(name, path, domain, sameSite, flags, priority, CookieLifetime.browserSession());
        }
    }

    @Property
    void what_is_accepted_is_kept_by_a_browser_with_the_same_attributes(
            @ForAll("asked") Asked asked, @ForAll @LongRange(min = 0, max = 40_000_000) long millis) {
        CookieRules rules = accepted(asked);
        Statistics.label("accepted").collect(rules != null).coverage(coverage -> {
            coverage.check(true).percentage(share -> share > 5);
            coverage.check(false).percentage(share -> share > 5);
        });
        if (rules == null) {
            return;
        }

        BrowserCookie kept = BrowserCookie.of(rules.setting(TOKEN, Duration.ofMillis(millis), asked.sameSite()))
                .orElseThrow();

        assertThat(kept)
                .isEqualTo(new BrowserCookie(
                        rules.name(),
                        TOKEN,
                        asked.path(),
                        asked.domain(),
                        Math.max(1, millis / 1000),
                        asked.sameSite().attribute(),
                        asked.priority() == null ? null : asked.priority().attribute(),
                        asked.secure(),
                        true,
                        asked.partitioned()));
    }

    @Property
    void a_cleared_cookie_is_the_very_one_that_was_set(@ForAll("asked") Asked asked) {
        CookieRules rules = accepted(asked);
        if (rules == null) {
            return;
        }

        BrowserCookie set =
                BrowserCookie.of(rules.setting(TOKEN, null, asked.sameSite())).orElseThrow();
        BrowserCookie cleared =
                BrowserCookie.of(rules.clearing(asked.sameSite())).orElseThrow();

        assertThat(set.maxAge()).isNull();
        assertThat(cleared)
                .isEqualTo(new BrowserCookie(
                        set.name(),
                        "",
                        set.path(),
                        set.domain(),
                        0L,
                        set.sameSite(),
                        set.priority(),
                        set.secure(),
                        set.httpOnly(),
                        set.partitioned()));
    }

    @Property
    void a_character_that_ends_or_breaks_an_attribute_is_refused_anywhere(
            @ForAll("breaking") char breaking, @ForAll @IntRange(max = 5) int at) {
        String text = new StringBuilder("abcde").insert(at, breaking).toString();

        refused(new Asked(text, "/", null, SameSite.LAX, false, true, null));
        refused(new Asked(null, "/" + text, null, SameSite.LAX, false, true, null));
        refused(new Asked(null, "/", text + ".example", SameSite.LAX, false, true, null));
    }

    @Example
    void blanks_and_separators_are_refused_where_a_browser_would_read_something_else() {
        for (String name : new String[] {"", " id", "id ", "i=d", "i,d", "\"id\"", "(id)", "id/1", "i@d"}) {
            refused(new Asked(name, "/", null, SameSite.LAX, false, true, null));
        }
        for (String path : new String[] {"", "a", " /", "/a ", "/ ", "*"}) {
            refused(new Asked(null, path, null, SameSite.LAX, false, true, null));
        }
        for (String domain : new String[] {
            "",
            "localhost",
            ".example.com",
            "example.com.",
            "Example.com",
            "a..b",
            "-a.com",
            "10.0.0.1",
            "[::1]",
            "a.b ",
            "b\u00fccher.example",
            "a".repeat(64) + ".com",
            "a.".repeat(126) + "com"
        }) {
            refused(new Asked(null, "/", domain, SameSite.LAX, false, true, null));
        }
    }

    @Example
    void the_name_chosen_by_default_is_the_safest_that_the_rest_allows() {
        assertThat(new Asked(null, "/", null, SameSite.LAX, false, true, null)
                        .rules()
                        .name())
                .isEqualTo("__Host-id");
        assertThat(new Asked(null, "/a", null, SameSite.LAX, false, true, null)
                        .rules()
                        .name())
                .isEqualTo("__Secure-id");
        assertThat(new Asked(null, "/", "a.example", SameSite.LAX, false, true, null)
                        .rules()
                        .name())
                .isEqualTo("__Secure-id");
        assertThat(new Asked(null, "/", null, SameSite.LAX, false, false, null)
                        .rules()
                        .name())
                .isEqualTo("id");
    }

    /** RFC 6265bis §5.1.4, as three sentences. */
    @Property
    void a_path_covers_what_a_browser_would_send_the_cookie_to(
            @ForAll("paths") String path, @ForAll("paths") String tail, @ForAll boolean below) {
        String request = below ? path + tail : tail;
        boolean identical = request.equals(path);
        boolean prefixWithSlash = request.startsWith(path) && path.endsWith("/");
        boolean prefixBeforeSlash = request.startsWith(path + "/");

        CookieRules rules = new Asked("id", path, null, SameSite.LAX, false, true, null).rules();

        assertThat(rules.covers(request)).isEqualTo(identical || prefixWithSlash || prefixBeforeSlash);
    }

    private static @Nullable CookieRules accepted(Asked asked) {
        try {
            return asked.rules();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static void refused(Asked asked) {
        assertThatIllegalArgumentException().as(asked.toString()).isThrownBy(asked::rules);
    }

    @Provide
    Arbitrary<Asked> asked() {
        Arbitrary<String> anyName = Combinators.combine(
                        Arbitraries.of("", "", "__Host-", "__Secure-", "__Http-", "__host-", "__SECURE-", "__HTTP-"),
                        Arbitraries.of("id", "a.b", "!#$%&'*+.^_`|~-9", "__Host-", "i d", "i;d", "", "x".repeat(512)))
                .as((prefix, rest) -> prefix + rest);
        Arbitrary<String> anyPath = Arbitraries.oneOf(
                Arbitraries.just("/"), paths(), Arbitraries.of("", "a", "/a;b", "/\u00e9", "/\r", "/a "));
        Arbitrary<String> anyDomain = Arbitraries.of("example.com", "a.b-c.example", "com", ".a.b", "a..b", "A.b");
        return Combinators.combine(
                        anyName.injectNull(0.3),
                        anyPath,
                        anyDomain.injectNull(0.6),
                        Arbitraries.of(SameSite.class),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, true, false),
                        Arbitraries.of(CookiePriority.class).injectNull(0.4))
                .as(Asked::new);
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.strings().withChars("/ab=, %\"").ofMaxLength(5).map(text -> "/" + text.stripTrailing());
    }

    @Provide
    Arbitrary<Character> breaking() {
        return Arbitraries.oneOf(
                Arbitraries.chars().range('\0', '\u001f'),
                Arbitraries.of(';', '\u007f'),
                Arbitraries.chars().range('\u0080', '\uffff'));
    }
}
