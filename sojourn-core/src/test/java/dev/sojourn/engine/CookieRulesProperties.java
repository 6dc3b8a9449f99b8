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

    /** The cookie that an application requests, which may be invalid. */
    private record RequestedCookie(
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
            return CookieRules.of("id", name, path, domain, sameSite, flags, priority, CookieLifetime.browserSession());
        }
    }

    @Property
    void an_accepted_cookie_is_kept_by_a_browser_with_the_same_attributes(
            @ForAll("requested") RequestedCookie requested, @ForAll @LongRange(min = 0, max = 40_000_000) long millis) {
        CookieRules rules = rulesOrNull(requested);
        Statistics.label("accepted").collect(rules != null).coverage(coverage -> {
            coverage.check(true).percentage(share -> share > 5);
            coverage.check(false).percentage(share -> share > 5);
        });
        if (rules == null) {
            return;
        }

        BrowserCookie kept = BrowserCookie.of(rules.setting(TOKEN, Duration.ofMillis(millis), requested.sameSite()))
                .orElseThrow();

        assertThat(kept)
                .isEqualTo(new BrowserCookie(
                        rules.name(),
                        TOKEN,
                        requested.path(),
                        requested.domain(),
                        Math.max(1, millis / 1000),
                        requested.sameSite().attribute(),
                        requested.priority() == null
                                ? null
                                : requested.priority().attribute(),
                        requested.secure(),
                        true,
                        requested.partitioned()));
    }

    @Property
    void clearing_addresses_the_same_cookie_as_setting(@ForAll("requested") RequestedCookie requested) {
        CookieRules rules = rulesOrNull(requested);
        if (rules == null) {
            return;
        }

        BrowserCookie set = BrowserCookie.of(rules.setting(TOKEN, null, requested.sameSite()))
                .orElseThrow();
        BrowserCookie cleared =
                BrowserCookie.of(rules.clearing(requested.sameSite())).orElseThrow();

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

        assertRefused(new RequestedCookie(text, "/", null, SameSite.LAX, false, true, null));
        assertRefused(new RequestedCookie(null, "/" + text, null, SameSite.LAX, false, true, null));
        assertRefused(new RequestedCookie(null, "/", text + ".example", SameSite.LAX, false, true, null));
    }

    @Example
    void blanks_and_separators_are_refused_where_a_browser_would_misread_them() {
        for (String name : new String[] {"", " id", "id ", "i=d", "i,d", "\"id\"", "(id)", "id/1", "i@d"}) {
            assertRefused(new RequestedCookie(name, "/", null, SameSite.LAX, false, true, null));
        }
        for (String path : new String[] {"", "a", " /", "/a ", "/ ", "*"}) {
            assertRefused(new RequestedCookie(null, path, null, SameSite.LAX, false, true, null));
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
            assertRefused(new RequestedCookie(null, "/", domain, SameSite.LAX, false, true, null));
        }
    }

    @Example
    void the_default_name_is_the_safest_one_that_the_other_options_allow() {
        assertThat(new RequestedCookie(null, "/", null, SameSite.LAX, false, true, null)
                        .rules()
                        .name())
                .isEqualTo("__Host-id");
        assertThat(new RequestedCookie(null, "/a", null, SameSite.LAX, false, true, null)
                        .rules()
                        .name())
                .isEqualTo("__Secure-id");
        assertThat(new RequestedCookie(null, "/", "a.example", SameSite.LAX, false, true, null)
                        .rules()
                        .name())
                .isEqualTo("__Secure-id");
        assertThat(new RequestedCookie(null, "/", null, SameSite.LAX, false, false, null)
                        .rules()
                        .name())
                .isEqualTo("id");
    }

    /** The three conditions of RFC 6265bis §5.1.4. */
    @Property
    void a_path_covers_the_requests_to_which_a_browser_would_send_the_cookie(
            @ForAll("paths") String path, @ForAll("paths") String tail, @ForAll boolean below) {
        String request = below ? path + tail : tail;
        boolean identical = request.equals(path);
        boolean prefixWithSlash = request.startsWith(path) && path.endsWith("/");
        boolean prefixBeforeSlash = request.startsWith(path + "/");

        CookieRules rules = new RequestedCookie("id", path, null, SameSite.LAX, false, true, null).rules();

        assertThat(rules.covers(request)).isEqualTo(identical || prefixWithSlash || prefixBeforeSlash);
    }

    private static @Nullable CookieRules rulesOrNull(RequestedCookie requested) {
        try {
            return requested.rules();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static void assertRefused(RequestedCookie requested) {
        assertThatIllegalArgumentException().as(requested.toString()).isThrownBy(requested::rules);
    }

    @Provide
    Arbitrary<RequestedCookie> requested() {
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
                .as(RequestedCookie::new);
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
