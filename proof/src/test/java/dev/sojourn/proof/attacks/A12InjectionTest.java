package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.CookieLifetime;
import dev.sojourn.CookieOptions;
import dev.sojourn.CookiePriority;
import dev.sojourn.SameSite;
import dev.sojourn.SessionTooLargeException;
import dev.sojourn.Transports;
import dev.sojourn.proof.site.CookieJar;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.TokenTransport;
import dev.sojourn.spi.TokenTransport.Terms;
import dev.sojourn.testing.TestExchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class A12InjectionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "/;Secure",
                "/; Domain=evil.example",
                "/\r\nX: y",
                "/\n",
                "/\0",
                "/\u007F",
                "/\u00E9",
                "/a ",
                "/ ",
                "/\t"
            })
    void a_path_that_a_browser_would_read_differently_is_refused(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Transports.cookie(k -> k.path(path)))
                .withMessageContaining("path");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "com",
                "a.com; HttpOnly",
                ".co.uk",
                ".a.com",
                " a.com",
                "a.com ",
                "a..com",
                "a.com.",
                "-a.com",
                "a-.com",
                "A.com",
                "\u00E4.com",
                "a.com\r\nX: y",
                "127.0.0.1",
                "[::1]",
                "a.com:80",
                "a.com/x",
                "*.a.com"
            })
    void a_domain_that_is_not_a_plain_host_name_is_refused(String domain) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Transports.cookie(k -> k.domain(domain)))
                .withMessageContaining("domain");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "a=b",
                "a;b",
                "a,b",
                "a\"b",
                "a\\b",
                "a(b",
                "a/b",
                "a\tb",
                "a\r\nX: y",
                "\u00E4",
                "a\0",
                " a",
                "__host-id",
                "__HOST-id",
                "__secure-id",
                "__http-id"
            })
    void a_name_that_is_not_an_http_token_or_misspells_a_prefix_is_refused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> Transports.cookie(k -> k.name(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "a\r\nX: y", "a\n", "\u00E4", "a;b", "a,b"})
    void an_invalid_header_name_is_refused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> Transports.header(name));
    }

    @Test
    void a_cookie_lifetime_out_of_range_is_refused() {
        for (Duration bad : List.of(
                Duration.ZERO,
                Duration.ofMillis(999),
                Duration.ofSeconds(-1),
                Duration.ofSeconds(Long.MIN_VALUE),
                Duration.ofSeconds(Long.MAX_VALUE),
                Duration.ofDays(400).plusSeconds(1))) {
            assertThatIllegalArgumentException().isThrownBy(() -> CookieLifetime.of(bad));
        }
        assertThat(CookieLifetime.of(Duration.ofDays(400)).maxAge()).isEqualTo(Duration.ofDays(400));
    }

    @Test
    void no_value_that_a_handler_sets_reaches_a_header() {
        try (Site site = new Site()) {
            String evil = "x\r\nSet-Cookie: evil=1\r\nX-Evil: 1";
            site.addPage("/evil", (session, exchange) -> {
                session.set(evil, evil);
                assertThatIllegalArgumentException().isThrownBy(() -> session.login(evil));
                session.login("evil; Domain=evil.example; Set-Cookie: evil=1");
                return "ok";
            });
            RawResponse response = site.get("/evil");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.cookies()).hasSize(1);
            assertThat(response.lines()).noneMatch(line -> line.contains("vil"));
        }
    }

    // ---- accepted configurations

    private static final List<String> PIECES = List.of(
            "a",
            "Z",
            "0",
            "-",
            "_",
            ".",
            "/",
            "id",
            "__Host-",
            "__Secure-",
            "com",
            "example",
            " ",
            "\t",
            ";",
            "=",
            ",",
            "\"",
            "\\",
            "\r",
            "\n",
            "\0",
            "%3B",
            "Secure",
            "Path",
            "\u00E4",
            "~",
            "!",
            "$",
            "'",
            "*",
            ":",
            "@",
            "?",
            "#",
            "&",
            "<",
            "[");

    private record Configuration(
            String name,
            String path,
            @Nullable String domain,
            SameSite sameSite,
            boolean partitioned,
            boolean secure,
            @Nullable CookiePriority priority) {
        void applyTo(CookieOptions options) {
            options.name(name).path(path).sameSite(sameSite);
            if (domain != null) {
                options.domain(domain);
            }
            if (partitioned) {
                options.partitioned();
            }
            if (!secure) {
                options.insecureHttp();
            }
            if (priority != null) {
                options.priority(priority);
            }
        }
    }

    private static String pieces(Random random, String start, int most) {
        StringBuilder text = new StringBuilder(start);
        int n = random.nextInt(most + 1);
        for (int i = 0; i < n; i++) {
            // Mostly harmless, so that many are accepted.
            text.append(PIECES.get(random.nextInt(random.nextInt(4) == 0 ? PIECES.size() : 8)));
        }
        return text.toString();
    }

    private static Configuration configuration(Random random) {
        String prefix = List.of("", "", "id", "__Host-", "__Secure-").get(random.nextInt(5));
        SameSite[] rules = SameSite.values();
        CookiePriority[] priorities = CookiePriority.values();
        return new Configuration(
                pieces(random, prefix, 3),
                random.nextInt(3) == 0 ? "/" : pieces(random, "/", 4),
                random.nextInt(3) > 0 ? null : pieces(random, "", 2) + ".example.com",
                rules[random.nextInt(rules.length)],
                random.nextInt(4) == 0,
                random.nextInt(4) > 0,
                random.nextBoolean() ? null : priorities[random.nextInt(priorities.length)]);
    }

    @Test
    void a_browser_reads_exactly_the_configured_cookie_for_every_accepted_configuration() {
        Random random = new Random(12);
        List<Configuration> accepted = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            Configuration configuration = configuration(random);
            TokenTransport transport;
            try {
                transport = Transports.cookie(configuration::applyTo);
            } catch (IllegalArgumentException refused) {
                continue;
            }
            accepted.add(configuration);
            assertReadByBrowser(configuration, transport);
        }
        assertThat(accepted).hasSizeGreaterThan(2_000);
        assertThat(accepted).anyMatch(configuration -> configuration.domain() != null);
        assertThat(accepted).anyMatch(configuration -> configuration.partitioned());
    }

    private static void assertReadByBrowser(Configuration configuration, TokenTransport transport) {
        TestExchange exchange = new TestExchange("/");
        transport.write(exchange, "token", new Terms(Duration.ofSeconds(77), null));
        List<String> lines = exchange.responseHeaders("Set-Cookie");
        assertThat(lines).hasSize(1);
        CookieJar.Cookie cookie = CookieJar.parse(lines.get(0)).orElseThrow();
        assertThat(cookie.name()).isEqualTo(configuration.name());
        assertThat(cookie.value()).isEqualTo("token");
        assertThat(cookie.attribute("path")).isEqualTo(configuration.path());
        assertThat(cookie.attribute("domain")).isEqualTo(configuration.domain());
        assertThat(cookie.attribute("samesite"))
                .isEqualTo(configuration.sameSite().attribute());
        assertThat(cookie.attribute("max-age")).isEqualTo("77");
        assertThat(cookie.has("secure")).isEqualTo(configuration.secure());
        assertThat(cookie.has("httponly")).isTrue();
        assertThat(cookie.has("partitioned")).isEqualTo(configuration.partitioned());
        assertThat(cookie.attribute("priority"))
                .isEqualTo(
                        configuration.priority() == null
                                ? null
                                : Objects.requireNonNull(configuration.priority())
                                        .attribute());
        List<String> known =
                List.of("path", "domain", "samesite", "max-age", "secure", "httponly", "partitioned", "priority");
        assertThat(known).containsAll(cookie.attributes().keySet());
        CookieJar jar = new CookieJar();
        jar.receive("www.example.com", "/", "https://example.com", lines);
        if (configuration.domain() == null) {
            assertThat(jar.size())
                    .as("stored by the browser: %s", configuration)
                    .isEqualTo(1);
        }
    }

    @Test
    void a_name_chosen_by_a_client_cannot_break_lines_of_logs_and_messages() {
        String name = "a\r\nSEVERE: forged\u2028\u202e\u0000";
        try (LogCapture logged = new LogCapture();
                Site site = new Site()) {
            site.addPage("/name", (session, exchange) -> {
                session.set(name, "x");
                return "ok";
            });
            site.addPage("/wrong", (session, exchange) -> String.valueOf(session.get(name, Integer.class)));
            site.addPage("/refused", (session, exchange) -> {
                try {
                    session.set(name, "x".repeat(70_000));
                    return "kept";
                } catch (SessionTooLargeException e) {
                    return String.valueOf(e.getMessage());
                }
            });
            String token = site.get("/name").token();

            assertThat(site.getAs(token, "/refused").body())
                    .contains("'a\\u000d\\u000aSEVERE: forged\\u2028\\u202e\\u0000'");
            site.getAs(token, "/wrong");

            assertThat(logged.sojournMessages())
                    .anyMatch(line -> line.contains("'a\\u000d\\u000aSEVERE: forged\\u2028\\u202e\\u0000'"));
            assertThat(logged.sojournMessages())
                    .noneMatch(line -> line.chars().anyMatch(c -> c < ' ' || c == 0x2028 || c == 0x202e));
        }
    }
}
