package dev.sojourn.express.cases;

import static dev.sojourn.express.cases.Site.BEHIND_A_PROXY;
import static dev.sojourn.express.cases.Site.END;
import static dev.sojourn.express.cases.Site.EXPRESS_DEFAULTS;
import static dev.sojourn.express.cases.Site.MINUTE;
import static dev.sojourn.express.cases.Site.PLAIN;
import static dev.sojourn.express.cases.Site.SECURE;
import static dev.sojourn.express.cases.Site.USUAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.CookieLifetime;
import dev.sojourn.CookiePriority;
import dev.sojourn.Key;
import dev.sojourn.MemoryStore;
import dev.sojourn.SameSite;
import dev.sojourn.Sessions;
import dev.sojourn.StoreUnavailablePolicy;
import dev.sojourn.express.Express;
import dev.sojourn.express.ExpressOptions;
import dev.sojourn.jdkhttp.SojournFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Tests of the listed cases about requests and refusals: Sojourn does what their rows describe. */
final class ListedCases {
    private ListedCases() {}

    static void add(Cases cases) {
        starts(cases);
        ids(cases);
        schemes(cases);
        paths(cases);
        tokens(cases);
        cookies(cases);
        records(cases);
        stores(cases);
    }

    private static void refused(Consumer<ExpressOptions> express, Consumer<Sessions.Config> options, String why) {
        assertThatThrownBy(() -> Sessions.create(Express.compatible(
                                new MemoryStore(),
                                ((Consumer<ExpressOptions>) e -> e.existingWeakSecret("keyboard cat")).andThen(express))
                        .andThen(options)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    private static void starts(Cases cases) {
        cases.on("S002", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                site.filter(1, new SojournFilter(site.sessions));
                Response response = site.get(ListedSavingCases::one);
                assertThat(response.calls()).containsExactly("set");
                assertThat(response.setCookies()).hasSize(1);
                assertThat(site.as(response.cookie(), ListedSavingCases::show).body())
                        .isEqualTo("1");
            }
        });
        cases.on(
                "S003",
                () -> assertThatThrownBy(() -> Express.compatible(new MemoryStore(), e -> {}))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("no secret"));
        cases.on(
                "P042",
                () -> assertThatThrownBy(() -> Sessions.create(c -> c.secret("k7Jq2vXw9RzB4mTn8sYc1dLf6gHp3aEu")
                                .genid(() -> {
                                    throw new IllegalStateException("g");
                                })))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("g"));
        cases.on("P047", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS);
                    SecondSessions other = new SecondSessions()) {
                site.filter(1, new SojournFilter(other.sessions()));
                Response response = site.get(ListedSavingCases::one);
                assertThat(response.line("connect.sid")).isPresent();
                assertThat(site.store.text(response.id())).doesNotContain("\"a\":1");
                assertThat(site.as(response.cookie("other"), ListedSavingCases::show)
                                .body())
                        .isEqualTo("1");
            }
        });
    }

    private static void ids(Cases cases) {
        cases.on("S062", () -> {
            refused(PLAIN, c -> c.genid(() -> "apple"), "22 to 128 characters");
            AtomicInteger count = new AtomicInteger();
            try (Site site = new Site(
                    PLAIN,
                    EXPRESS_DEFAULTS.andThen(
                            c -> c.genid(() -> "an-id-of-the-application-" + count.incrementAndGet())))) {
                assertThat(site.get(END).id()).isEqualTo("an-id-of-the-application-" + count);
            }
        });
        cases.on("S063", () -> refused(PLAIN, c -> c.genid(() -> "%"), "22 to 128 characters"));
        cases.on("S064", () -> refused(PLAIN, c -> c.genid(() -> "always-the-same-for-this-url"), "the same id twice"));
        cases.on("S014", () -> names("test1", "test2"));
        cases.on("S102", () -> names("bar", "foo"));
    }

    private static void names(String... names) throws Exception {
        try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
            Response response = site.get(session -> {
                for (String name : names) {
                    session.set(name, 1);
                }
                return String.join(",", session.names().stream().sorted().toList());
            });
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).isEqualTo(String.join(",", names));
            assertThat(site.as(
                                    response.cookie(),
                                    session -> String.join(
                                            ",",
                                            session.names().stream().sorted().toList()))
                            .body())
                    .isEqualTo(response.body());
        }
    }

    private static void schemes(Cases cases) {
        cases.on(
                "S031",
                () -> assertThat(RequestCases.from(BEHIND_A_PROXY, "https,http").setCookies())
                        .isEmpty());
        cases.on("S034", () -> {
            try (Site site = new Site(SECURE, EXPRESS_DEFAULTS).filter(0, new RewritingFilter())) {
                assertThat(site.get(END).has("Secure")).isTrue();
            }
        });
        cases.on("P029", () -> {
            Map<String, Integer> forms =
                    Map.of("HTTPS", 1, " https , http", 0, "http, https", 1, "https,http", 0, "wss", 1);
            for (Map.Entry<String, Integer> form : forms.entrySet()) {
                assertThat(RequestCases.from(BEHIND_A_PROXY, form.getKey()).setCookies())
                        .as(form.getKey())
                        .hasSize(form.getValue());
            }
        });
        cases.on("P025", () -> {
            try (Site site = new Site(SECURE, EXPRESS_DEFAULTS)) {
                for (int i = 0; i < 2; i++) {
                    Response untouched = site.get(END);
                    assertThat(untouched.status()).isEqualTo(200);
                    assertThat(untouched.setCookies()).isEmpty();
                    assertThat(untouched.calls()).isEmpty();
                }
                Response changed = site.get(ListedSavingCases::one);
                assertThat(changed.status()).isEqualTo(500);
                assertThat(changed.setCookies()).isEmpty();
                assertThat(site.store.size()).isZero();
            }
        });
        cases.on("S056", () -> refused(e -> e.insecureHttp().sameSite(SameSite.NONE), USUAL, "SameSite=None"));
    }

    private static void paths(Cases cases) {
        cases.on("P028", () -> {
            try (Site site = new Site(PLAIN.andThen(e -> e.path("/admin")), EXPRESS_DEFAULTS)) {
                for (String path : List.of("/administrator", "/x", "/Admin", "/%61dmin")) {
                    Response response = site.request("GET", path, "", END);
                    assertThat(response.status()).isEqualTo(200);
                    assertThat(response.setCookies()).as(path).isEmpty();
                    assertThat(response.calls()).isEmpty();
                }
                assertThat(site.request("GET", "/admin/x", "", END).setCookies())
                        .hasSize(1);
            }
        });
    }

    private static void tokens(Cases cases) {
        cases.on("P043", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                String valid = site.get(ListedSavingCases::one).cookie();
                String bad = "connect.sid=s%3Abad.bad";
                String other = site.get(ListedSavingCases::one).cookie();
                for (String both : List.of(valid + "; " + bad, bad + "; " + valid)) {
                    Response response = site.as(both, ListedSavingCases::show);
                    assertThat(response.body()).isEqualTo("1");
                    assertThat(response.setCookies()).isEmpty();
                    assertThat(response.calls()).containsExactly("get");
                }
                Response two = site.as(valid + "; " + other, ListedSavingCases::show);
                assertThat(two.body()).isEqualTo("null");
                // Each is checked: if one has ended, the other determines the session.
                assertThat(two.count("get")).isEqualTo(2);
            }
        });
        cases.on("P046", () -> {
            try (Site site = new Site(MINUTE.andThen(e -> e.existingWeakSecret("new", "old")), EXPRESS_DEFAULTS)) {
                Response first = site.get(END);
                String old = "connect.sid="
                        + Express.tokenFormat(e -> e.existingWeakSecret("old")).write(first.id());
                Response second = site.as(old, END);
                assertThat(second.cookie()).isEqualTo(first.cookie()).isNotEqualTo(old);
                assertThat(second.calls()).containsExactly("get", "touch");
                assertThat(site.as(second.cookie(), END).setCookies()).isEmpty();
            }
        });
    }

    private static void cookies(Cases cases) {
        cases.on("S115", () -> {
            try (Site site = new Site(MINUTE, BEHIND_A_PROXY)) {
                Response response = site.request("GET", "/", "", END, "X-Forwarded-Proto: https");
                assertThat(response.has("HttpOnly")).isTrue();
                assertThat(response.has("Secure")).isFalse();
            }
        });
        cases.on("S118", () -> {
            Consumer<ExpressOptions> admin = e -> e.insecureHttp()
                    .maxAge(Duration.ofSeconds(5))
                    .path("/admin")
                    .priority(CookiePriority.HIGH);
            try (Site site = new Site(admin, EXPRESS_DEFAULTS)) {
                Response response = site.request("GET", "/admin", "", END);
                assertThat(response.attribute("Max-Age")).contains("5");
                assertThat(response.attribute("Path")).contains("/admin");
                assertThat(response.attribute("Priority")).contains("High");
                assertThat(response.has("HttpOnly")).isTrue();
            }
        });
        cases.on(
                "S130",
                () -> assertThatThrownBy(() -> CookieLifetime.of(Duration.ofDays(-1)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("destroy the session"));
        cases.on("P030", () -> {
            try (Site site = new Site(PLAIN, Sessions.Config::rolling)) {
                Response first = site.get(session -> {
                    session.absoluteTimeout(Duration.ofSeconds(10));
                    session.cookie().lifetime(CookieLifetime.session());
                    return ListedSavingCases.one(session);
                });
                site.clock.advance(Duration.ofSeconds(4));
                Response third = site.as(first.cookie(), ListedSavingCases::show);
                assertThat(third.body()).isEqualTo("1");
                assertThat(first.attribute("Max-Age")).contains("10");
                assertThat(third.attribute("Max-Age")).as("what is left").contains("5");
                site.clock.advance(Duration.ofSeconds(6));
                assertThat(site.as(first.cookie(), ListedSavingCases::show).body())
                        .isEqualTo("null");
            }
        });
        cases.on("P031", () -> refused(PLAIN.andThen(e -> e.maxAge(Duration.ZERO)), USUAL, "between 1 second"));
        cases.on("P034", () -> {
            Consumer<ExpressOptions> all = e -> e.maxAge(Duration.ofMinutes(1))
                    .domain("example.com")
                    .partitioned()
                    .priority(CookiePriority.HIGH)
                    .sameSite(SameSite.NONE);
            try (Site site = new Site(all, BEHIND_A_PROXY)) {
                Response response = site.request("GET", "/", "", END, "X-Forwarded-Proto: https");
                assertThat(List.of(response.line().split("; ", -1)).stream().skip(1))
                        .containsExactlyInAnyOrder(
                                "Domain=example.com",
                                "Path=/",
                                "Max-Age=60",
                                "HttpOnly",
                                "Secure",
                                "Partitioned",
                                "Priority=High",
                                "SameSite=None");
            }
        });
    }

    private static void records(Cases cases) {
        cases.on("S028", () -> {
            try (Site site = new Site(PLAIN.andThen(e -> e.maxAge(Duration.ofSeconds(5))), EXPRESS_DEFAULTS)) {
                site.get(END);
                site.clock.advance(Duration.ofSeconds(20));
                assertThat(site.store.records()).isEqualTo(1);
                assertThat(site.store.size()).isZero();
            }
        });
        cases.on("S029", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Site.Page page = RequestCases.numbered(new AtomicInteger());
                Response first = site.get(page);
                site.store.edit(first.id(), text -> "{\"foo\":\"bar\"}");
                Response third = site.as(first.cookie(), page);
                assertThat(third.status()).isEqualTo(200);
                assertThat(third.body()).isEqualTo("session 2");
                assertThat(third.id()).isNotEqualTo(first.id());
                assertThat(site.unreadable.tryAcquire(20, TimeUnit.SECONDS))
                        .as("the listener gets an event")
                        .isTrue();
                assertThat(site.as(third.cookie(), page).body()).isEqualTo("session 2");
            }
        });
        cases.on("P035", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response response = site.get(session -> {
                    session.set(Key.mapOf("u", String.class, Instant.class), Map.of("d", Instant.EPOCH));
                    return "";
                });
                assertThat(site.store.text(response.id()))
                        .startsWith(
                                "{\"cookie\":{\"originalMaxAge\":null,\"expires\":null,\"httpOnly\":true,\"path\":\"/\","
                                        + "\"sameSite\":\"lax\"},\"u\":{\"d\":\"1970-01-01T00:00:00Z\"},\"sojourn\":{");
            }
        });
        cases.on("P036", () -> {
            try (Site site = new Site(PLAIN, USUAL)) {
                Response set = site.get(session -> {
                    session.set("circle", circle());
                    return "ok";
                });
                assertThat(set.status()).isEqualTo(500);
                assertThat(site.store.size()).isZero();
                Response later = site.get(session -> {
                    List<Object> list = new ArrayList<>();
                    session.set("circle", list);
                    list.add(list);
                    return "ok";
                });
                assertThat(later.status()).isEqualTo(500);
                assertThat(later.setCookies()).isEmpty();
                assertThat(site.store.size()).isZero();
            }
        });
        cases.on("P048", () -> {
            try (Site site = new Site(PLAIN.andThen(e -> e.maxAge(Duration.ofSeconds(5))), EXPRESS_DEFAULTS)) {
                Response first = site.get(ListedSavingCases::one);
                site.clock.advance(Duration.ofSeconds(20));
                Response third = site.as(first.cookie(), ListedSavingCases::show);
                assertThat(third.body()).isEqualTo("null");
                assertThat(third.id()).isNotEqualTo(first.id());
            }
        });
        cases.on("P058", () -> {
            try (Site a = new Site(PLAIN.andThen(e -> e.name("a")), EXPRESS_DEFAULTS);
                    Site b = new Site(MINUTE.andThen(e -> e.name("b")), EXPRESS_DEFAULTS, a.store, "/")) {
                Response response = a.get(END);
                assertThat(response.line("a")).isPresent();
                assertThat(response.line("a").orElseThrow()).doesNotContain("Max-Age");
                assertThat(b.get(END).line("b").orElseThrow()).contains("Max-Age=60");
            }
        });
    }

    private static Map<String, Object> circle() {
        Map<String, Object> circle = new HashMap<>();
        circle.put("self", circle);
        return circle;
    }

    private static void stores(Cases cases) {
        cases.on("S007", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                site.store.fail("get");
                Response first = site.get((session, exchange) -> session.isNew() ? "hello, world" : "");
                Response second = site.as(first.cookie(), session -> session.isNew() ? "hello, world" : "");
                assertThat(first.status()).isEqualTo(200);
                assertThat(first.body()).isEqualTo("hello, world");
                isUnavailable(second);
            }
        });
        cases.on("S084", () -> unstored(session -> "session saved", site -> site.store.fail("set")));
        cases.on("P039", () -> unstored(session -> "hello", site -> site.store.fail("set")));
        cases.on("P037", () -> unstored(session -> "hello", site -> site.store.breakRules("set")));
        cases.on("S103", () -> away(false));
        cases.on("S104", () -> away(true));
        cases.on("P049", () -> {
            try (Site site = new Site(PLAIN, USUAL)) {
                Response first = site.get(session -> {
                    site.store.fail("set");
                    session.set("a", 1);
                    return "";
                });
                isUnavailable(first);
                assertThat(site.get(END).status()).isEqualTo(200);
            }
        });
    }

    private static void unstored(Site.Page page, Consumer<Site> trouble) throws Exception {
        try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
            trouble.accept(site);
            isUnavailable(site.get(page));
            assertThat(site.store.size()).isZero();
        }
    }

    static void isUnavailable(Response response) {
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.all("Retry-After")).hasSize(1);
        assertThat(response.setCookies()).isEmpty();
        assertThat(response.body()).isNotEmpty().doesNotContain("boom!");
    }

    private static void away(boolean comesBack) throws Exception {
        Consumer<Sessions.Config> anonymous = c -> c.whenStoreUnavailable(StoreUnavailablePolicy.READ_AS_ANONYMOUS);
        Iterator<Consumer<Sessions.Config>> options =
                Stream.of(USUAL, anonymous).iterator();
        while (options.hasNext()) {
            Consumer<Sessions.Config> chosen = options.next();
            try (Site site = new Site(PLAIN, chosen)) {
                String cookie = site.get(ListedSavingCases::one).cookie();
                Stream.of("get", "set", "touch", "destroy").forEach(site.store::fail);
                Response away = site.as(cookie, ListedSavingCases::show);
                if (chosen == anonymous) {
                    assertThat(away.status()).isEqualTo(200);
                    assertThat(away.body()).isEqualTo("null");
                    assertThat(away.setCookies()).isEmpty();
                } else {
                    isUnavailable(away);
                }
                assertThat(site.as(cookie, END).status()).as("needs no session").isEqualTo(200);
                if (comesBack) {
                    site.store.mend();
                    assertThat(site.as(cookie, ListedSavingCases::show).body()).isEqualTo("1");
                }
            }
        }
    }
}
