package dev.sojourn.express.cases;

import static dev.sojourn.express.cases.Site.EXPRESS_DEFAULTS;
import static dev.sojourn.express.cases.Site.MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Session;
import dev.sojourn.SessionEndedException;
import dev.sojourn.Sessions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;

/** Cases about the methods of the session. */
final class SessionCases {
    private SessionCases() {}

    static void addTo(Cases cases) {
        addAttributes(cases);
        addMethods(cases);
        addReload(cases);
        addSave(cases);
        addExpiry(cases);
    }

    private static void enableResave(Sessions.Config config) {
        config.saveUninitialized().resave();
    }

    private static String countHits(Session session) {
        return "hits: " + session.update("count", Integer.class, n -> n == null ? 1 : n + 1);
    }

    private static void addAttributes(Cases cases) {
        cases.add("S013", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Site.Page page = session -> {
                    session.set("num", Site.number(session, "num") + 1);
                    return "session saved";
                };
                Response first = site.get(page);
                site.store.edit(first.id(), text -> text.replaceFirst("\\{", "{\"save\":\"nope\","));
                Response third = site.get(first.cookie(), session -> {
                    session.save();
                    return page.response(session);
                });
                assertThat(third.status()).isEqualTo(200);
                assertThat(third.body()).isEqualTo("session saved");
                assertThat(site.store.text(first.id())).contains("\"num\":2");
            }
        });
        cases.add("S100", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Response first = site.get(SessionCases::countHits);
                assertThat(site.store.text(first.id())).contains("\"count\":1");
                assertThat(site.get(first.cookie(), SessionCases::countHits).body())
                        .isEqualTo("hits: 2");
            }
        });
        cases.add("S101", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Response first = site.get(SessionCases::countHits);
                Response second = site.get(first.cookie(), SessionCases::countHits);
                Response third = site.get(second.cookie(), session -> "" + session.get("count", Integer.class));
                Response fourth = site.get(second.cookie(), SessionCases::countHits);
                assertThat(second.setCookies()).hasSize(1);
                assertThat(third.setCookies()).isEmpty();
                assertThat(third.body()).isEqualTo("2");
                assertThat(fourth.setCookies()).hasSize(1);
                assertThat(fourth.body()).isEqualTo("hits: 3");
            }
        });
        cases.add("S137", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                assertThat(site.get(SessionCases::countHits).body()).isEqualTo("hits: 1");
            }
        });
    }

    private static void addMethods(Cases cases) {
        cases.add("S105", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Response response = site.get(session -> {
                    session.set("gone", true);
                    session.destroy();
                    return session.isNew() && session.names().isEmpty() ? "undefined" : "there";
                });
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.setCookies()).isEmpty();
                assertThat(response.body()).isEqualTo("undefined");
                assertThat(site.store.size()).isZero();
            }
        });
        cases.add("S106", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Site.Page page = session -> {
                    String before = session.publicId();
                    session.regenerate();
                    return String.valueOf(session.publicId().equals(before));
                };
                Response first = site.get(page);
                Response second = site.get(first.cookie(), page);
                assertThat(second.body()).isEqualTo("false");
                assertThat(second.id()).isNotEqualTo(first.id());
            }
        });
    }

    private static String createSession(Session session) {
        session.set("active", true);
        return "session created";
    }

    private static void addReload(Cases cases) {
        cases.add("S107", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Response first = site.get(SessionCases::createSession);
                Response second = site.get(first.cookie(), session -> {
                    session.set("url", "/foo");
                    Response inner = site.get(first.cookie(), other -> {
                        other.set("url", "/bar");
                        return "read /bar";
                    });
                    assertThat(inner.body()).isEqualTo("read /bar");
                    session.reload();
                    return "read " + session.get("url", String.class);
                });
                assertThat(second.status()).isEqualTo(200);
                assertThat(second.body()).isEqualTo("read /bar");
            }
        });
        cases.add("S108", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Response first = site.get(SessionCases::createSession);
                Response second = site.get(first.cookie(), (session, exchange) -> {
                    session.isNew();
                    site.store.clear();
                    try {
                        session.reload();
                        return "reloaded";
                    } catch (SessionEndedException e) {
                        Site.send(exchange, 500, "failed to load session");
                        return null;
                    }
                });
                assertThat(second.status()).isEqualTo(500);
                assertThat(second.body()).isEqualTo("failed to load session");
            }
        });
        cases.add("S109", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Response first = site.get(SessionCases::createSession);
                Response second = site.get(first.cookie(), session -> {
                    session.isNew();
                    site.store.clear();
                    int failed = 0;
                    for (int i = 0; i < 19; i++) {
                        try {
                            session.reload();
                        } catch (SessionEndedException e) {
                            failed++;
                        }
                    }
                    return failed == 19 ? "ok" : "reloaded";
                });
                assertThat(second.status()).isEqualTo(200);
                assertThat(second.body()).isEqualTo("ok");
            }
        });
    }

    private static void addSave(Cases cases) {
        cases.add("S110", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                assertThat(site.get(session -> {
                                    session.set("hit", true);
                                    session.save();
                                    return site.store.size() == 1 ? "stored" : "empty";
                                })
                                .body())
                        .isEqualTo("stored");
            }
        });
        cases.add("S111", () -> assertSavedOncePerRequest(SessionCases::enableResave, session -> {}));
        cases.add("S112", () -> assertSavedOncePerRequest(SessionCases::enableResave, Session::reload));
        cases.add("S113", () -> assertSavedOncePerRequest(c -> c.resave(), session -> {}));
    }

    /**
     * Asserts one save per request: the first request starts the session, the second saves it unchanged, the third changes it.
     */
    private static void assertSavedOncePerRequest(Consumer<Sessions.Config> options, Consumer<Session> before)
            throws Exception {
        try (Site site = new Site(MINUTE, options)) {
            Site.Page page = session -> {
                session.set("hit", true);
                before.accept(session);
                session.save();
                return "saved";
            };
            Response first = site.get(page);
            Response second = site.get(first.cookie(), page);
            Response third = site.get(first.cookie(), session -> {
                before.accept(session);
                session.set("hit", false);
                session.save();
                return "saved";
            });
            for (Response each : List.of(first, second, third)) {
                assertThat(each.sets()).isEqualTo(1);
                assertThat(each.status()).isEqualTo(200);
                assertThat(each.body()).isEqualTo("saved");
            }
        }
    }

    private static void addExpiry(Cases cases) {
        cases.add("S021", () -> {
            try (Site site = new Site(MINUTE, SessionCases::enableResave)) {
                Site.Page page = session -> {
                    session.set("user", "bob");
                    return session.publicId();
                };
                Response first = site.get(page);
                Instant stored = storedExpires(site, first.id());
                assertThat(first.expires().orElseThrow()).isCloseTo(stored, within(1_000));
                site.clock.advance(Duration.ofSeconds(1));
                Response third = site.get(first.cookie(), page);
                assertThat(third.body()).isEqualTo(first.body());
                assertThat(storedExpires(site, first.id())).isAfterOrEqualTo(stored.plusSeconds(1));
            }
        });
        cases.add("S114", () -> {
            try (Site site = new Site(MINUTE, EXPRESS_DEFAULTS)) {
                Site.Page page = session -> {
                    session.set("hit", true);
                    session.touch();
                    return "";
                };
                Response first = site.get(page);
                Instant stored = site.store.record(first.id()).expiresAt();
                site.clock.advance(Duration.ofMillis(100));
                site.get(first.cookie(), page);
                assertThat(site.store.record(first.id()).expiresAt()).isAfter(stored);
            }
        });
    }

    private static org.assertj.core.data.TemporalUnitOffset within(long millis) {
        return org.assertj.core.api.Assertions.within(millis, ChronoUnit.MILLIS);
    }

    static Instant storedExpires(Site site, String id) {
        String text = site.store.text(id);
        int at = text.indexOf("\"expires\":\"") + 11;
        return Instant.parse(text.substring(at, text.indexOf('"', at)));
    }
}
