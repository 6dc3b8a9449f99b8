package dev.sojourn.express.cases;

import static dev.sojourn.express.cases.Site.BEHIND_A_PROXY;
import static dev.sojourn.express.cases.Site.EMPTY_RESPONSE;
import static dev.sojourn.express.cases.Site.EXPRESS_DEFAULTS;
import static dev.sojourn.express.cases.Site.MINUTE;
import static dev.sojourn.express.cases.Site.PLAIN;
import static dev.sojourn.express.cases.Site.SECURE;
import static dev.sojourn.express.cases.Site.SOJOURN_DEFAULTS;
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

/** Tests of the differences about requests and refusals: Sojourn behaves as their rows describe. */
final class RequestDifferences {
    private RequestDifferences() {}

    static void addTo(Cases cases) {
        addStartups(cases);
        addIds(cases);
        addSchemes(cases);
        addPaths(cases);
        addTokens(cases);
        addCookies(cases);
        addRecords(cases);
        addStores(cases);
    }

    private static void assertRefused(Consumer<ExpressOptions> express, Consumer<Sessions.Config> options, String why) {
        assertThatThrownBy(() -> Sessions.create(Express.compatible(
                                new MemoryStore(),
                                ((Consumer<ExpressOptions>) e -> e.existingWeakSecret("keyboard cat")).andThen(express))
                        .andThen(options)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    private static void addStartups(Cases cases) {
        cases.add("S002", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                site.filter(1, new SojournFilter(site.sessions));
                Response response = site.get(SavingDifferences::setAttribute);
                assertThat(response.calls()).containsExactly("set");
                assertThat(response.setCookies()).hasSize(1);
                assertThat(site.get(response.cookie(), SavingDifferences::readAttribute)
                                .body())
                        .isEqualTo("1");
            }
        });
        cases.add(
                "S003",
                () -> assertThatThrownBy(() -> Express.compatible(new MemoryStore(), e -> {}))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("no secret"));
        cases.add(
                "P042",
                () -> assertThatThrownBy(() -> Sessions.create(c -> c.secret("k7Jq2vXw9RzB4mTn8sYc1dLf6gHp3aEu")
                                .genid(() -> {
                                    throw new IllegalStateException("g");
                                })))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("g"));
        cases.add("P047", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS);
                    SecondSessions other = new SecondSessions()) {
                site.filter(1, new SojournFilter(other.sessions()));
                Response response = site.get(SavingDifferences::setAttribute);
                assertThat(response.line("connect.sid")).isPresent();
                assertThat(site.store.text(response.id())).doesNotContain("\"a\":1");
                assertThat(site.get(response.cookie("other"), SavingDifferences::readAttribute)
                                .body())
                        .isEqualTo("1");
            }
        });
    }

    private static void addIds(Cases cases) {
        cases.add("S062", () -> {
            assertRefused(PLAIN, c -> c.genid(() -> "apple"), "22 to 128 characters");
            AtomicInteger count = new AtomicInteger();
            try (Site site = new Site(
                    PLAIN,
                    EXPRESS_DEFAULTS.andThen(
                            c -> c.genid(() -> "an-id-of-the-application-" + count.incrementAndGet())))) {
                assertThat(site.get(EMPTY_RESPONSE).id()).isEqualTo("an-id-of-the-application-" + count);
            }
        });
        cases.add("S063", () -> assertRefused(PLAIN, c -> c.genid(() -> "%"), "22 to 128 characters"));
        cases.add(
                "S064",
                () -> assertRefused(PLAIN, c -> c.genid(() -> "always-the-same-for-this-url"), "the same id twice"));
        cases.add("S014", () -> assertNames("test1", "test2"));
        cases.add("S102", () -> assertNames("bar", "foo"));
    }

    private static void assertNames(String... names) throws Exception {
        try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
            Response response = site.get(session -> {
                for (String name : names) {
                    session.set(name, 1);
                }
                return String.join(",", session.names().stream().sorted().toList());
            });
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).isEqualTo(String.join(",", names));
            assertThat(site.get(
                                    response.cookie(),
                                    session -> String.join(
                                            ",",
                                            session.names().stream().sorted().toList()))
                            .body())
                    .isEqualTo(response.body());
        }
    }

    private static void addSchemes(Cases cases) {
        cases.add(
                "S031",
                () -> assertThat(RequestCases.requestWithScheme(BEHIND_A_PROXY, "https,http")
                                .setCookies())
                        .isEmpty());
        cases.add("S034", () -> {
            try (Site site = new Site(SECURE, EXPRESS_DEFAULTS).filter(0, new RewritingFilter())) {
                assertThat(site.get(EMPTY_RESPONSE).has("Secure")).isTrue();
            }
        });
        cases.add("P029", () -> {
            Map<String, Integer> forms =
                    Map.of("HTTPS", 1, " https , http", 0, "http, https", 1, "https,http", 0, "wss", 1);
            for (Map.Entry<String, Integer> form : forms.entrySet()) {
                assertThat(RequestCases.requestWithScheme(BEHIND_A_PROXY, form.getKey())
                                .setCookies())
                        .as(form.getKey())
                        .hasSize(form.getValue());
            }
        });
        cases.add("P025", () -> {
            try (Site site = new Site(SECURE, EXPRESS_DEFAULTS)) {
                for (int i = 0; i < 2; i++) {
                    Response untouched = site.get(EMPTY_RESPONSE);
                    assertThat(untouched.status()).isEqualTo(200);
                    assertThat(untouched.setCookies()).isEmpty();
                    assertThat(untouched.calls()).isEmpty();
                }
                Response changed = site.get(SavingDifferences::setAttribute);
                assertThat(changed.status()).isEqualTo(500);
                assertThat(changed.setCookies()).isEmpty();
                assertThat(site.store.size()).isZero();
            }
        });
        cases.add(
                "S056",
                () -> assertRefused(e -> e.insecureHttp().sameSite(SameSite.NONE), SOJOURN_DEFAULTS, "SameSite=None"));
    }

    private static void addPaths(Cases cases) {
        cases.add("P028", () -> {
            try (Site site = new Site(PLAIN.andThen(e -> e.path("/admin")), EXPRESS_DEFAULTS)) {
                for (String path : List.of("/administrator", "/x", "/Admin", "/%61dmin")) {
                    Response response = site.request("GET", path, "", EMPTY_RESPONSE);
                    assertThat(response.status()).isEqualTo(200);
                    assertThat(response.setCookies()).as(path).isEmpty();
                    assertThat(response.calls()).isEmpty();
                }
                assertThat(site.request("GET", "/admin/x", "", EMPTY_RESPONSE).setCookies())
                        .hasSize(1);
            }
        });
    }

    private static void addTokens(Cases cases) {
        cases.add("P043", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                String valid = site.get(SavingDifferences::setAttribute).cookie();
                String bad = "connect.sid=s%3Abad.bad";
                String other = site.get(SavingDifferences::setAttribute).cookie();
                for (String both : List.of(valid + "; " + bad, bad + "; " + valid)) {
                    Response response = site.get(both, SavingDifferences::readAttribute);
                    assertThat(response.body()).isEqualTo("1");
                    assertThat(response.setCookies()).isEmpty();
                    assertThat(response.calls()).containsExactly("get");
                }
                Response two = site.get(valid + "; " + other, SavingDifferences::readAttribute);
                assertThat(two.body()).isEqualTo("null");
                // Both are loaded: if one session has ended, the other one is used.
                assertThat(two.count("get")).isEqualTo(2);
            }
        });
        cases.add("P046", () -> {
            try (Site site = new Site(MINUTE.andThen(e -> e.existingWeakSecret("new", "old")), EXPRESS_DEFAULTS)) {
                Response first = site.get(EMPTY_RESPONSE);
                String old = "connect.sid="
                        + Express.tokenFormat(e -> e.existingWeakSecret("old")).write(first.id());
                Response second = site.get(old, EMPTY_RESPONSE);
                assertThat(second.cookie()).isEqualTo(first.cookie()).isNotEqualTo(old);
                assertThat(second.calls()).containsExactly("get", "touch");
                assertThat(site.get(second.cookie(), EMPTY_RESPONSE).setCookies())
                        .isEmpty();
            }
        });
    }

    private static void addCookies(Cases cases) {
        cases.add("S115", () -> {
            try (Site site = new Site(MINUTE, BEHIND_A_PROXY)) {
                Response response = site.request("GET", "/", "", EMPTY_RESPONSE, "X-Forwarded-Proto: https");
                assertThat(response.has("HttpOnly")).isTrue();
                assertThat(response.has("Secure")).isFalse();
            }
        });
        cases.add("S118", () -> {
            Consumer<ExpressOptions> admin = e -> e.insecureHttp()
                    .maxAge(Duration.ofSeconds(5))
                    .path("/admin")
                    .priority(CookiePriority.HIGH);
            try (Site site = new Site(admin, EXPRESS_DEFAULTS)) {
                Response response = site.request("GET", "/admin", "", EMPTY_RESPONSE);
                assertThat(response.attribute("Max-Age")).contains("5");
                assertThat(response.attribute("Path")).contains("/admin");
                assertThat(response.attribute("Priority")).contains("High");
                assertThat(response.has("HttpOnly")).isTrue();
            }
        });
        cases.add(
                "S130",
                () -> assertThatThrownBy(() -> CookieLifetime.of(Duration.ofDays(-1)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("destroy the session"));
        cases.add("P030", () -> {
            try (Site site = new Site(PLAIN, Sessions.Config::rolling)) {
                Response first = site.get(session -> {
                    session.absoluteTimeout(Duration.ofSeconds(10));
                    session.cookie().lifetime(CookieLifetime.session());
                    return SavingDifferences.setAttribute(session);
                });
                site.clock.advance(Duration.ofSeconds(4));
                Response third = site.get(first.cookie(), SavingDifferences::readAttribute);
                assertThat(third.body()).isEqualTo("1");
                assertThat(first.attribute("Max-Age")).contains("10");
                assertThat(third.attribute("Max-Age"))
                        .as("the rest of the lifetime")
                        .contains("5");
                site.clock.advance(Duration.ofSeconds(6));
                assertThat(site.get(first.cookie(), SavingDifferences::readAttribute)
                                .body())
                        .isEqualTo("null");
            }
        });
        cases.add(
                "P031",
                () -> assertRefused(PLAIN.andThen(e -> e.maxAge(Duration.ZERO)), SOJOURN_DEFAULTS, "between 1 second"));
        cases.add("P034", () -> {
            Consumer<ExpressOptions> all = e -> e.maxAge(Duration.ofMinutes(1))
                    .domain("example.com")
                    .partitioned()
                    .priority(CookiePriority.HIGH)
                    .sameSite(SameSite.NONE);
            try (Site site = new Site(all, BEHIND_A_PROXY)) {
                Response response = site.request("GET", "/", "", EMPTY_RESPONSE, "X-Forwarded-Proto: https");
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

    private static void addRecords(Cases cases) {
        cases.add("S028", () -> {
            try (Site site = new Site(PLAIN.andThen(e -> e.maxAge(Duration.ofSeconds(5))), EXPRESS_DEFAULTS)) {
                site.get(EMPTY_RESPONSE);
                site.clock.advance(Duration.ofSeconds(20));
                assertThat(site.store.records()).isEqualTo(1);
                assertThat(site.store.size()).isZero();
            }
        });
        cases.add("S029", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Site.Page page = RequestCases.numbering(new AtomicInteger());
                Response first = site.get(page);
                site.store.edit(first.id(), text -> "{\"foo\":\"bar\"}");
                Response third = site.get(first.cookie(), page);
                assertThat(third.status()).isEqualTo(200);
                assertThat(third.body()).isEqualTo("session 2");
                assertThat(third.id()).isNotEqualTo(first.id());
                assertThat(site.unreadableRecords.tryAcquire(20, TimeUnit.SECONDS))
                        .as("the listener gets an event")
                        .isTrue();
                assertThat(site.get(third.cookie(), page).body()).isEqualTo("session 2");
            }
        });
        cases.add("P035", () -> {
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
        cases.add("P036", () -> {
            try (Site site = new Site(PLAIN, SOJOURN_DEFAULTS)) {
                Response set = site.get(session -> {
                    session.set("circle", cyclicMap());
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
        cases.add("P048", () -> {
            try (Site site = new Site(PLAIN.andThen(e -> e.maxAge(Duration.ofSeconds(5))), EXPRESS_DEFAULTS)) {
                Response first = site.get(SavingDifferences::setAttribute);
                site.clock.advance(Duration.ofSeconds(20));
                Response third = site.get(first.cookie(), SavingDifferences::readAttribute);
                assertThat(third.body()).isEqualTo("null");
                assertThat(third.id()).isNotEqualTo(first.id());
            }
        });
        cases.add("P058", () -> {
            try (Site a = new Site(PLAIN.andThen(e -> e.name("a")), EXPRESS_DEFAULTS);
                    Site b = new Site(MINUTE.andThen(e -> e.name("b")), EXPRESS_DEFAULTS, a.store, "/")) {
                Response response = a.get(EMPTY_RESPONSE);
                assertThat(response.line("a")).isPresent();
                assertThat(response.line("a").orElseThrow()).doesNotContain("Max-Age");
                assertThat(b.get(EMPTY_RESPONSE).line("b").orElseThrow()).contains("Max-Age=60");
            }
        });
    }

    private static Map<String, Object> cyclicMap() {
        Map<String, Object> map = new HashMap<>();
        map.put("self", map);
        return map;
    }

    private static void addStores(Cases cases) {
        cases.add("S007", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                site.store.fail("get");
                Response first = site.get((session, exchange) -> session.isNew() ? "hello, world" : "");
                Response second = site.get(first.cookie(), session -> session.isNew() ? "hello, world" : "");
                assertThat(first.status()).isEqualTo(200);
                assertThat(first.body()).isEqualTo("hello, world");
                assertUnavailable(second);
            }
        });
        cases.add("S084", () -> assertNotStored(session -> "session saved", site -> site.store.fail("set")));
        cases.add("P039", () -> assertNotStored(session -> "hello", site -> site.store.fail("set")));
        cases.add(
                "P037",
                () -> assertNotStored(session -> "hello", site -> site.store.failWithForbiddenException("set")));
        cases.add("S103", () -> assertServedWithoutStore((site, cookie) -> {}));
        cases.add(
                "S104",
                () -> assertServedWithoutStore((site, cookie) -> {
                    site.store.repair();
                    assertThat(site.get(cookie, SavingDifferences::readAttribute)
                                    .body())
                            .isEqualTo("1");
                }));
        cases.add("P049", () -> {
            try (Site site = new Site(PLAIN, SOJOURN_DEFAULTS)) {
                Response first = site.get(session -> {
                    site.store.fail("set");
                    session.set("a", 1);
                    return "";
                });
                assertUnavailable(first);
                assertThat(site.get(EMPTY_RESPONSE).status()).isEqualTo(200);
            }
        });
    }

    private static void assertNotStored(Site.Page page, Consumer<Site> fault) throws Exception {
        try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
            fault.accept(site);
            assertUnavailable(site.get(page));
            assertThat(site.store.size()).isZero();
        }
    }

    static void assertUnavailable(Response response) {
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.all("Retry-After")).hasSize(1);
        assertThat(response.setCookies()).isEmpty();
        assertThat(response.body()).isNotEmpty().doesNotContain("boom!");
    }

    private interface Afterwards {
        void run(Site site, String cookie) throws Exception;
    }

    private static void assertServedWithoutStore(Afterwards afterwards) throws Exception {
        Consumer<Sessions.Config> anonymous = c -> c.whenStoreUnavailable(StoreUnavailablePolicy.READ_AS_ANONYMOUS);
        Iterator<Consumer<Sessions.Config>> options =
                Stream.of(SOJOURN_DEFAULTS, anonymous).iterator();
        while (options.hasNext()) {
            Consumer<Sessions.Config> chosen = options.next();
            try (Site site = new Site(PLAIN, chosen)) {
                String cookie = site.get(SavingDifferences::setAttribute).cookie();
                Stream.of("get", "set", "touch", "destroy").forEach(site.store::fail);
                Response response = site.get(cookie, SavingDifferences::readAttribute);
                if (chosen == anonymous) {
                    assertThat(response.status()).isEqualTo(200);
                    assertThat(response.body()).isEqualTo("null");
                    assertThat(response.setCookies()).isEmpty();
                } else {
                    assertUnavailable(response);
                }
                assertThat(site.get(cookie, EMPTY_RESPONSE).status())
                        .as("a request that needs no session")
                        .isEqualTo(200);
                afterwards.run(site, cookie);
            }
        }
    }
}
