package dev.sojourn.express.cases;

import static dev.sojourn.express.cases.Site.EXPRESS_DEFAULTS;
import static dev.sojourn.express.cases.Site.MINUTE;
import static dev.sojourn.express.cases.Site.PLAIN;
import static dev.sojourn.express.cases.Site.SOJOURN_DEFAULTS;
import static dev.sojourn.express.cases.Site.TOUCH_ON_EVERY_READ;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.CookieLifetime;
import dev.sojourn.Session;
import dev.sojourn.SessionUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Tests of the differences about store calls and sent cookies: Sojourn behaves as their rows describe. */
final class SavingDifferences {
    private SavingDifferences() {}

    static void addTo(Cases cases) {
        addAfterTheHead(cases);
        addDestroying(cases);
        addNewIds(cases);
        addSaving(cases);
        addUnchanged(cases);
        addReloading(cases);
        addRaces(cases);
    }

    static String setAttribute(Session session) {
        session.set("a", 1);
        return "ok";
    }

    static String readAttribute(Session session) {
        return String.valueOf(session.get("a", Integer.class));
    }

    private static void addAfterTheHead(Cases cases) {
        cases.add("P005", () -> {
            try (Site site = new Site(PLAIN, SOJOURN_DEFAULTS)) {
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
                assertThat(response.body()).as("set has thrown").isEqualTo("xy");
                assertThat(response.setCookies()).isEmpty();
                assertThat(response.calls()).isEmpty();
            }
        });
        cases.add("P006", () -> {
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
                assertThat(response.sentBeforeSave())
                        .as("the head was sent before the save")
                        .isTrue();
                assertThat(site.get(response.cookie(), SavingDifferences::readAttribute)
                                .body())
                        .isEqualTo("1");
            }
        });
        cases.add("P007", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response first = site.get(SavingDifferences::setAttribute);
                Response second = site.get(first.cookie(), (session, exchange) -> {
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
                assertThat(site.get(first.cookie(), SavingDifferences::readAttribute)
                                .body())
                        .isEqualTo("1");
            }
        });
        cases.add("P018", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response first = site.get(SavingDifferences::setAttribute);
                Response second = site.get(first.cookie(), (session, exchange) -> {
                    exchange.sendResponseHeaders(200, 2);
                    session.set("a", 2);
                    exchange.getResponseBody().write('o');
                    exchange.getResponseBody().write('k');
                    exchange.close();
                    return null;
                });
                assertThat(second.body()).isEqualTo("ok");
                assertThat(site.get(first.cookie(), SavingDifferences::readAttribute)
                                .body())
                        .isEqualTo("2");
            }
        });
    }

    private static void addDestroying(Cases cases) {
        cases.add("S096", () -> {
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
        cases.add("P008", () -> {
            try (Site site = new Site(PLAIN, SOJOURN_DEFAULTS)) {
                Response first = site.get(SavingDifferences::setAttribute);
                Response second = site.get(first.cookie(), SavingDifferences::destroy);
                assertThat(second.calls()).containsExactly("get", "destroy");
                assertThat(site.store.size()).isZero();
                assertThat(second.line()).startsWith("connect.sid=;");
                assertThat(second.attribute("Max-Age")).contains("0");
                Response third = site.get(first.cookie(), SavingDifferences::setAttribute);
                assertThat(third.calls()).containsExactly("get", "set");
                assertThat(third.id()).isNotEqualTo(first.id());
            }
        });
        cases.add("P009", () -> {
            try (Site site = new Site(PLAIN, SOJOURN_DEFAULTS)) {
                Response first = site.get(SavingDifferences::setAttribute);
                Response second = site.get(first.cookie(), session -> {
                    session.destroy();
                    session.destroy();
                    return "";
                });
                assertThat(second.calls()).containsExactly("get", "destroy");
            }
        });
        cases.add("P010", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response response = site.get(SavingDifferences::destroy);
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.setCookies()).isEmpty();
                assertThat(response.calls()).isEmpty();
            }
        });
        cases.add("P011", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                String cookie = site.get(SavingDifferences::setAttribute).cookie();
                site.store.fail("destroy");
                Response failed = site.get(cookie, SavingDifferences::destroy);
                RequestDifferences.assertUnavailable(failed);
                Response handled = site.get(cookie, session -> {
                    session.destroy();
                    try {
                        session.save();
                        return "destroyed";
                    } catch (SessionUnavailableException e) {
                        session.discard();
                        return "still signed in";
                    }
                });
                assertThat(handled.status()).isEqualTo(200);
                assertThat(handled.body()).isEqualTo("still signed in");
                assertThat(handled.calls()).containsExactly("get", "destroy");
                assertThat(handled.setCookies()).isEmpty();
                assertThat(site.store.size()).isEqualTo(1);
                site.store.repair();
                assertThat(site.get(cookie, SavingDifferences::destroy).status())
                        .isEqualTo(200);
                assertThat(site.store.size()).isZero();
            }
        });
    }

    private static String destroy(Session session) {
        session.destroy();
        return "";
    }

    private static String regenerate(Session session) {
        session.regenerate();
        return "";
    }

    private static void addNewIds(Cases cases) {
        cases.add("P012", () -> {
            try (Site site = new Site(PLAIN, SOJOURN_DEFAULTS)) {
                Response first = site.get(SavingDifferences::setAttribute);
                Response second = site.get(first.cookie(), SavingDifferences::regenerate);
                assertThat(second.calls()).containsExactly("get", "set", "destroy");
                assertThat(second.id()).isNotEqualTo(first.id());
                assertThat(site.store.size()).isEqualTo(1);
                Response third = site.get(SavingDifferences::regenerate);
                assertThat(third.calls()).containsExactly("set");
                assertThat(third.line()).isNotEmpty();
            }
        });
        cases.add("P013", () -> {
            try (Site site = new Site(PLAIN, SOJOURN_DEFAULTS)) {
                Response response = site.get(session -> {
                    session.regenerate();
                    session.set("v", 1);
                    session.save();
                    return "";
                });
                assertThat(response.calls()).containsExactly("set");
            }
        });
        cases.add("P014", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response first = site.get(SavingDifferences::setAttribute);
                site.store.fail("destroy");
                RequestDifferences.assertUnavailable(site.get(first.cookie(), SavingDifferences::regenerate));
                assertThat(site.get(first.cookie(), SavingDifferences::readAttribute)
                                .body())
                        .as("the old session is intact")
                        .isEqualTo("1");
            }
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response first = site.get(SavingDifferences::setAttribute);
                site.store.failOnce("destroy");
                Response second = site.get(first.cookie(), SavingDifferences::regenerate);
                RequestDifferences.assertUnavailable(second);
                assertThat(second.calls()).startsWith("get", "set", "destroy", "destroy");
                assertThat(site.store.records()).isEqualTo(1);
            }
        });
    }

    private static void addSaving(Cases cases) {
        cases.add("P015", () -> {
            try (Site site = new Site(PLAIN, TOUCH_ON_EVERY_READ)) {
                Site.Page page = session -> {
                    session.set("v", Site.number(session, "v") + 1);
                    session.save();
                    return "";
                };
                Response first = site.get(page);
                assertThat(first.calls()).containsExactly("set");
                assertThat(site.get(first.cookie(), page).calls()).containsExactly("get", "set");
            }
        });
        cases.add("P016", () -> {
            try (Site site = new Site(MINUTE, TOUCH_ON_EVERY_READ)) {
                Response first = site.get(session -> "");
                Instant stored = SessionCases.storedExpires(site, first.id());
                site.clock.advance(Duration.ofMillis(45));
                Response third = site.get(first.cookie(), session -> {
                    session.set("v", 1);
                    session.save();
                    return SessionCases.storedExpires(site, first.id()).toString();
                });
                assertThat(Instant.parse(third.body())).isEqualTo(stored.plusMillis(50));
                assertThat(third.calls()).containsExactly("get", "set", "touch");
                assertThat(third.attribute("Max-Age")).contains("60");
            }
        });
        cases.add("P024", () -> {
            try (Site site = new Site(MINUTE, SOJOURN_DEFAULTS)) {
                Response first = site.get(SavingDifferences::setAttribute);
                Response second = site.get(first.cookie(), session -> {
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
        cases.add("P057", () -> {
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
                    assertThat(response.sentBeforeSave()).isFalse();
                }
            }
        });
    }

    private static void addUnchanged(Cases cases) {
        cases.add("P022", () -> {
            Site.Page page = session -> {
                Integer before = Site.number(session, "a");
                session.set("a", 99);
                session.set("a", before);
                return "";
            };
            try (Site site = new Site(MINUTE, TOUCH_ON_EVERY_READ)) {
                Response first = site.get(SavingDifferences::setAttribute);
                Response second = site.get(first.cookie(), page);
                assertThat(second.calls()).containsExactly("get", "touch");
                assertThat(second.attribute("Max-Age")).contains("60");
            }
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Response second =
                        site.get(site.get(SavingDifferences::setAttribute).cookie(), page);
                assertThat(second.calls()).containsExactly("get");
                assertThat(second.setCookies()).isEmpty();
            }
        });
        cases.add("P023", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response first = site.get(session -> {
                    session.set("b", 2);
                    return setAttribute(session);
                });
                Response second = site.get(first.cookie(), session -> {
                    session.remove("a");
                    return setAttribute(session);
                });
                assertThat(second.calls()).containsExactly("get");
            }
        });
        cases.add("P051", () -> {
            try (Site site =
                    new Site(PLAIN, c -> c.saveUninitialized().rolling().resave())) {
                Response first = site.get(SavingDifferences::setAttribute);
                Response second = site.get(first.cookie(), session -> {
                    session.set("a", 2);
                    session.discard();
                    return "";
                });
                assertThat(second.calls()).containsExactly("get", "set");
                assertThat(second.line()).isNotEmpty();
                assertThat(site.get(first.cookie(), SavingDifferences::readAttribute)
                                .body())
                        .isEqualTo("1");
            }
        });
    }

    private static void addReloading(Cases cases) {
        cases.add("P053", () -> {
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
        cases.add("P059", () -> {
            try (Site site = new Site(MINUTE, SOJOURN_DEFAULTS)) {
                Response first = site.get(SavingDifferences::setAttribute);
                Response second = site.get(first.cookie(), session -> {
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

    private static void addRaces(Cases cases) {
        cases.add("P054", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response first = site.get(SavingDifferences::setAttribute);
                Response slow = site.get(first.cookie(), session -> {
                    session.names();
                    assertThat(site.get(first.cookie(), SavingDifferences::destroy)
                                    .status())
                            .isEqualTo(200);
                    session.set("b", 1);
                    return "";
                });
                assertThat(slow.status()).isEqualTo(200);
                assertThat(site.store.size()).isZero();
                assertThat(site.get(first.cookie(), SavingDifferences::readAttribute)
                                .body())
                        .isEqualTo("null");
            }
        });
        cases.add("P056", () -> {
            try (Site site = new Site(PLAIN, EXPRESS_DEFAULTS)) {
                Response first = site.get(SavingDifferences::setAttribute);
                Response slow = site.get(first.cookie(), session -> {
                    session.names();
                    assertThat(site.get(first.cookie(), other -> {
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
