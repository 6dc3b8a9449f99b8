package dev.sojourn.express.cases;

import static dev.sojourn.express.cases.Site.EXPRESS_DEFAULTS;
import static dev.sojourn.express.cases.Site.MINUTE;
import static dev.sojourn.express.cases.Site.PLAIN;
import static dev.sojourn.express.cases.Site.TOUCHING;
import static dev.sojourn.express.cases.Site.USUAL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.CookieLifetime;
import dev.sojourn.Session;
import dev.sojourn.SessionUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Tests of the listed cases about store calls and sent cookies: Sojourn does what their rows describe. */
final class ListedSavingCases {
    private ListedSavingCases() {}

    static void add(Cases cases) {
        afterTheHead(cases);
        destroying(cases);
        newIds(cases);
        saving(cases);
        unchanged(cases);
        reloading(cases);
        races(cases);
    }

    static String one(Session session) {
        session.set("a", 1);
        return "ok";
    }

    static String show(Session session) {
        return String.valueOf(session.get("a", Integer.class));
    }

    private static void afterTheHead(Cases cases) {
        cases.on("P005", () -> {
            try (Site site = new Site(PLAIN, USUAL)) {
                Response response = site.get((session, exchange) -> {
                    session.isNew();
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write('x');
                    try {
                        session.set("a", 1);
                    } catch (IllegalStateException e) {
                        exchange.getResponseBody().write('y');
                    }
                    exchange.close();
                    return null;
                });
                assertThat(response.body()).as("the set has thrown").isEqualTo("xy");
                assertThat(response.setCookies()).isEmpty();
                assertThat(response.calls()).isEmpty();
            }
        });
        cases.on("P006", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response response = site.get((session, exchange) -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write('x');
                    exchange.getResponseBody().flush();
                    session.set("a", 1);
                    exchange.getResponseBody().write('y');
                    exchange.close();
                    return null;
                });
                assertThat(response.body()).isEqualTo("xy");
                assertThat(response.calls()).containsExactly("set", "set");
                assertThat(response.overtook()).as("the head had left").isTrue();
                assertThat(site.as(response.cookie(), ListedSavingCases::show).body())
                        .isEqualTo("1");
            }
        });
        cases.on("P007", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response first = site.get(ListedSavingCases::one);
                Response second = site.as(first.cookie(), (session, exchange) -> {
                    exchange.sendResponseHeaders(200, 0);
                    try {
                        session.regenerate();
                    } catch (IllegalStateException e) {
                        exchange.getResponseBody().write('x');
                    }
                    exchange.close();
                    return null;
                });
                assertThat(second.body()).as("regenerate has thrown").isEqualTo("x");
                assertThat(second.setCookies()).isEmpty();
                assertThat(site.store.size()).isEqualTo(1);
                assertThat(site.as(first.cookie(), ListedSavingCases::show).body())
                        .isEqualTo("1");
            }
        });
        cases.on("P018", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response first = site.get(ListedSavingCases::one);
                Response second = site.as(first.cookie(), (session, exchange) -> {
                    exchange.sendResponseHeaders(200, 2);
                    session.set("a", 2);
                    exchange.getResponseBody().write('o');
                    exchange.getResponseBody().write('k');
                    exchange.close();
                    return null;
                });
                assertThat(second.body()).isEqualTo("ok");
                assertThat(site.as(first.cookie(), ListedSavingCases::show).body())
                        .isEqualTo("2");
            }
        });
    }

    private static void destroying(Cases cases) {
        cases.on("S096", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                site.store.fail("destroy");
                Response response = site.get(session -> {
                    session.destroy();
                    return "session destroyed";
                });
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("session destroyed");
                assertThat(response.calls()).isEmpty();
            }
        });
        cases.on("P008", () -> {
            try (Site site = new Site(PLAIN, USUAL)) {
                Response first = site.get(ListedSavingCases::one);
                Response second = site.as(first.cookie(), ListedSavingCases::destroyed);
                assertThat(second.calls()).containsExactly("get", "destroy");
                assertThat(site.store.size()).isZero();
                assertThat(second.line()).startsWith("connect.sid=;");
                assertThat(second.attribute("Max-Age")).contains("0");
                Response third = site.as(first.cookie(), ListedSavingCases::one);
                assertThat(third.calls()).containsExactly("get", "set");
                assertThat(third.id()).isNotEqualTo(first.id());
            }
        });
        cases.on("P009", () -> {
            try (Site site = new Site(PLAIN, USUAL)) {
                Response first = site.get(ListedSavingCases::one);
                Response second = site.as(first.cookie(), session -> {
                    session.destroy();
                    session.destroy();
                    return "";
                });
                assertThat(second.calls()).containsExactly("get", "destroy");
            }
        });
        cases.on("P010", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response response = site.get(ListedSavingCases::destroyed);
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.setCookies()).isEmpty();
                assertThat(response.calls()).isEmpty();
            }
        });
        cases.on("P011", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                String cookie = site.get(ListedSavingCases::one).cookie();
                site.store.fail("destroy");
                Response left = site.as(cookie, ListedSavingCases::destroyed);
                ListedCases.isUnavailable(left);
                Response asked = site.as(cookie, session -> {
                    session.destroy();
                    try {
                        session.save();
                        return "destroyed";
                    } catch (SessionUnavailableException e) {
                        session.discard();
                        return "still signed in";
                    }
                });
                assertThat(asked.status()).isEqualTo(200);
                assertThat(asked.body()).isEqualTo("still signed in");
                assertThat(asked.calls()).containsExactly("get", "destroy");
                assertThat(asked.setCookies()).isEmpty();
                assertThat(site.store.size()).isEqualTo(1);
                site.store.mend();
                assertThat(site.as(cookie, ListedSavingCases::destroyed).status())
                        .isEqualTo(200);
                assertThat(site.store.size()).isZero();
            }
        });
    }

    private static String destroyed(Session session) {
        session.destroy();
        return "";
    }

    private static String regenerated(Session session) {
        session.regenerate();
        return "";
    }

    private static void newIds(Cases cases) {
        cases.on("P012", () -> {
            try (Site site = new Site(PLAIN, USUAL)) {
                Response first = site.get(ListedSavingCases::one);
                Response second = site.as(first.cookie(), ListedSavingCases::regenerated);
                assertThat(second.calls()).containsExactly("get", "set", "destroy");
                assertThat(second.id()).isNotEqualTo(first.id());
                assertThat(site.store.size()).isEqualTo(1);
                Response third = site.get(ListedSavingCases::regenerated);
                assertThat(third.calls()).containsExactly("set");
                assertThat(third.line()).isNotEmpty();
            }
        });
        cases.on("P013", () -> {
            try (Site site = new Site(PLAIN, USUAL)) {
                Response response = site.get(session -> {
                    session.regenerate();
                    session.set("v", 1);
                    session.save();
                    return "";
                });
                assertThat(response.calls()).containsExactly("set");
            }
        });
        cases.on("P014", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response first = site.get(ListedSavingCases::one);
                site.store.fail("destroy");
                ListedCases.isUnavailable(site.as(first.cookie(), ListedSavingCases::regenerated));
                assertThat(site.as(first.cookie(), ListedSavingCases::show).body())
                        .as("the old session is whole")
                        .isEqualTo("1");
            }
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response first = site.get(ListedSavingCases::one);
                site.store.failOnce("destroy");
                Response second = site.as(first.cookie(), ListedSavingCases::regenerated);
                ListedCases.isUnavailable(second);
                assertThat(second.calls()).startsWith("get", "set", "destroy", "destroy");
                assertThat(site.store.records()).isEqualTo(1);
            }
        });
    }

    private static void saving(Cases cases) {
        cases.on("P015", () -> {
            try (Site site = new Site(PLAIN, TOUCHING)) {
                Site.Page page = session -> {
                    session.set("v", Site.number(session, "v") + 1);
                    session.save();
                    return "";
                };
                Response first = site.get(page);
                assertThat(first.calls()).containsExactly("set");
                assertThat(site.as(first.cookie(), page).calls()).containsExactly("get", "set");
            }
        });
        cases.on("P016", () -> {
            try (Site site = new Site(MINUTE, TOUCHING)) {
                Response first = site.get(session -> "");
                Instant stored = SessionCases.storedExpires(site, first.id());
                site.clock.advance(Duration.ofMillis(45));
                Response third = site.as(first.cookie(), session -> {
                    session.set("v", 1);
                    session.save();
                    return SessionCases.storedExpires(site, first.id()).toString();
                });
                assertThat(Instant.parse(third.body())).isEqualTo(stored.plusMillis(50));
                assertThat(third.calls()).containsExactly("get", "set", "touch");
                assertThat(third.attribute("Max-Age")).contains("60");
            }
        });
        cases.on("P024", () -> {
            try (Site site = new Site(MINUTE, USUAL)) {
                Response first = site.get(ListedSavingCases::one);
                Response second = site.as(first.cookie(), session -> {
                    session.cookie().lifetime(CookieLifetime.of(Duration.ofSeconds(5)));
                    session.idleTimeout(Duration.ofSeconds(5));
                    return "";
                });
                assertThat(second.calls()).containsExactly("get", "set");
                assertThat(second.attribute("Max-Age")).contains("5");
                assertThat(SessionCases.storedExpires(site, first.id()))
                        .isEqualTo(second.at().truncatedTo(ChronoUnit.MILLIS).plusSeconds(5));
            }
        });
        cases.on("P057", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                for (long length : new long[] {5, 0, -1}) {
                    Response response = site.get((session, exchange) -> {
                        exchange.sendResponseHeaders(200, length);
                        if (length >= 0) {
                            exchange.getResponseBody().write("hello".getBytes(UTF_8));
                        }
                        exchange.close();
                        return null;
                    });
                    assertThat(response.status()).isEqualTo(200);
                    assertThat(response.calls()).containsExactly("set");
                    assertThat(response.overtook()).isFalse();
                }
            }
        });
    }

    private static void unchanged(Cases cases) {
        cases.on("P022", () -> {
            Site.Page page = session -> {
                Integer was = Site.number(session, "a");
                session.set("a", 99);
                session.set("a", was);
                return "";
            };
            try (Site site = new Site(MINUTE, TOUCHING)) {
                Response first = site.get(ListedSavingCases::one);
                Response second = site.as(first.cookie(), page);
                assertThat(second.calls()).containsExactly("get", "touch");
                assertThat(second.attribute("Max-Age")).contains("60");
            }
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Response second = site.as(site.get(ListedSavingCases::one).cookie(), page);
                assertThat(second.calls()).containsExactly("get");
                assertThat(second.setCookies()).isEmpty();
            }
        });
        cases.on("P023", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response first = site.get(session -> {
                    session.set("b", 2);
                    return one(session);
                });
                Response second = site.as(first.cookie(), session -> {
                    session.remove("a");
                    return one(session);
                });
                assertThat(second.calls()).containsExactly("get");
            }
        });
        cases.on("P051", () -> {
            try (Site site =
                    new Site(PLAIN, c -> c.saveUninitialized().rolling().resave())) {
                Response first = site.get(ListedSavingCases::one);
                Response second = site.as(first.cookie(), session -> {
                    session.set("a", 2);
                    session.discard();
                    return "";
                });
                assertThat(second.calls()).containsExactly("get", "set");
                assertThat(second.line()).isNotEmpty();
                assertThat(site.as(first.cookie(), ListedSavingCases::show).body())
                        .isEqualTo("1");
            }
        });
    }

    private static void reloading(Cases cases) {
        cases.on("P053", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response response = site.get(session -> {
                    session.reload();
                    return "no error";
                });
                assertThat(response.body()).isEqualTo("no error");
                assertThat(response.calls()).containsExactly("set");
                assertThat(response.line()).isNotEmpty();
            }
        });
        cases.on("P059", () -> {
            try (Site site = new Site(MINUTE, USUAL)) {
                Response first = site.get(ListedSavingCases::one);
                Response second = site.as(first.cookie(), session -> {
                    session.isNew();
                    site.store.edit(first.id(), text -> text.replace("\"a\":1", "\"a\":1,\"z\":9"));
                    session.reload();
                    return String.valueOf(session.get("z", Integer.class));
                });
                assertThat(second.body()).isEqualTo("9");
                assertThat(second.calls()).containsExactly("get", "get");
                assertThat(second.setCookies()).isEmpty();
            }
        });
    }

    private static void races(Cases cases) {
        cases.on("P054", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response first = site.get(ListedSavingCases::one);
                Response slow = site.as(first.cookie(), session -> {
                    session.names();
                    assertThat(site.as(first.cookie(), ListedSavingCases::destroyed)
                                    .status())
                            .isEqualTo(200);
                    session.set("b", 1);
                    return "";
                });
                assertThat(slow.status()).isEqualTo(200);
                assertThat(site.store.size()).isZero();
                assertThat(site.as(first.cookie(), ListedSavingCases::show).body())
                        .isEqualTo("null");
            }
        });
        cases.on("P056", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response first = site.get(ListedSavingCases::one);
                Response slow = site.as(first.cookie(), session -> {
                    session.names();
                    assertThat(site.as(first.cookie(), other -> {
                                        other.set("y", 1);
                                        return "";
                                    })
                                    .status())
                            .isEqualTo(200);
                    session.set("x", 1);
                    return "";
                });
                assertThat(slow.status()).isEqualTo(200);
                assertThat(site.store.text(first.id())).contains("\"a\":1", "\"x\":1", "\"y\":1");
            }
        });
    }
}
